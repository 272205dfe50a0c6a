import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/support/store-fixtures.js';
import { copyDomain } from '../../coevolution/domain-copy.js';
import { readDomain } from '../../coevolution/domain-folder.js';
import { recipesFor } from '../../coevolution/domain-recipes.js';
import { unchangedSince } from '../../coevolution/domain-unchanged.js';
import { beginText, unchangedText } from './domain-begin.js';

let place: ReturnType<typeof temporaryDirectory>;
beforeEach(() => (place = temporaryDirectory()));
afterEach(() => place.remove());

const begin = (name: string): string => {
  const { reference, description } = readDomain(name);
  return beginText(name, recipesFor(reference, description)).join('\n');
};
function copyOf(name: string, change: (text: string) => string = (text) => text): string {
  const { folder } = copyDomain(name, join(place.path, 'light houses'));
  const file = join(folder, 'domain.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return folder;
}
const unchanged = (folder: string) => unchangedSince(readDomain(folder).reference, readDomain(folder).description);

describe('how one begins with a domain', () => {
  // Would catch: a command that is refused at once, for the recipe's model and benchmark are nowhere.
  it('is a command with what the recipe leaves open', () => {
    expect(begin('chains')).toBe('Recipes that use it: nano, nano-rewrite. To begin:\n  rzero run nano');
    expect(begin('math')).toContain(
      'Recipes that use it: r-zero-paper. To begin:\n  rzero run r-zero-paper --set model=FOLDER --set evaluation.benchmark=FILE.jsonl\n',
    );
  });

  // Would catch: a recipe for numbers offered for letters, or a path that a shell takes for two words.
  it('is by the recipe of a like domain for a folder of your own', () => {
    const folder = copyOf('multiple-choice');
    expect(begin(folder)).toContain('Recipes that fit it: multiple-choice. To begin:\n');
    expect(begin(folder)).toContain(`rzero run multiple-choice --set 'domain=${folder}' --set model=FOLDER`);
  });

  // Would catch: a recipe that refuses the domain, for pooled votes need questions that can be rewritten.
  it('is by no recipe that refuses the domain', () => {
    const folder = copyOf('chains', (yaml) => yaml.replace(/^rewriting:.*$/m, ''));
    expect(begin(folder)).toContain('Recipes that fit it: nano. To begin:');
    expect(beginText('odd', []).join()).toContain('No shipped recipe');
  });
});

describe('what a copied domain still says', () => {
  // Would catch: a domain on lighthouses that goes on asking about bees, and a warning that never ends.
  it('is told until it is changed', () => {
    const folder = copyOf('short-facts');
    expect(unchanged(folder)).toEqual({
      from: 'short-facts',
      keys: ['description', 'prompts.challenger', 'examples', 'topics'],
    });
    writeFileSync(join(folder, 'topics.txt'), 'lightships\n');
    const file = join(folder, 'domain.yaml');
    const text = readFileSync(file, 'utf8').replace(/^description:.*$/m, 'description: On lighthouses.');
    writeFileSync(file, text);
    const left = unchanged(folder);
    expect(left && unchangedText(left)).toBe(
      'prompts.challenger and examples are still as in short-facts: change what speaks of its field.',
    );
    writeFileSync(
      file,
      text.replace('You write', 'You now write').replace('well_formed: |', 'well_formed: |\n    So.'),
    );
    expect(unchanged(folder)).toBeNull();
    expect(unchangedSince('short-facts', readDomain('short-facts').description)).toBeNull();
  });
});
