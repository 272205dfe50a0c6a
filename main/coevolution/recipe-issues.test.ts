/** What is said of a wrong recipe: in the lab's words, and of where the wrong value came from. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import type { LabError } from '../lib/errors.js';
import { loadRecipe } from './recipe.js';

const said = (...set: string[]): string => {
  try {
    loadRecipe('nano', { set });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing';
};

// Would catch: "Invalid input: expected number, received string", a library's words for a library's user.
it.each([
  ['solver.steps=many', 'solver.steps is "many": must be a number.'],
  ['solver.steps=1.5', 'solver.steps is 1.5: must be a whole number.'],
  ['solver.steps=0', 'solver.steps is 0: must be more than 0.'],
  ['solver.sampling.top_p=2', 'solver.sampling.top_p is 2: must be at most 1.'],
  ['curriculum.filter=maybe', 'curriculum.filter is "maybe": must be true or false.'],
  ['curriculum.labelling=oracle', 'curriculum.labelling is "oracle": must be one of "majority", "pooled".'],
  ['solver.grpo=3', 'solver.grpo is 3: must be a group of keys.'],
  ['checkpoint.every_steps=often', 'checkpoint.every_steps is "often": is none of what is allowed here.'],
])('%s is refused in plain words', (assignment, words) => {
  expect(said(assignment)).toBe(`--set ${assignment}: ${words}`);
});

// Would catch: a shipped file blamed for what an assignment did to the group that a rule is about.
it('blames the assignment within a group, and the file where there is none', () => {
  expect(said('curriculum.band.high=0.01')).toBe(
    '--set curriculum.band.high=0.01: curriculum.band: low must not exceed high.',
  );
  expect(said('solver.steps=0', 'curriculum.votes=3')).toMatch(/^--set solver\.steps=0: /);
});

// Would catch: "--set sft.epochs=2" blamed on the recipe's file, without a word of what is to be learnt from.
it('says what is missing beside what was assigned, and what to give', () => {
  expect(() => loadRecipe('nano', { set: ['sft.epochs=2'] })).toThrow(
    '--set sft.epochs=2: sft.data is missing: name a file, or what ships: sft.data=chains-sft.',
  );
});

// Would catch: "Did you mean "steps"?", which as an assignment is refused too; or a list whose entries nobody can guess.
it('says what to type instead', () => {
  expect(said('solver.stepz=3')).toContain('unknown key "solver.stepz". Did you mean "solver.steps"? Allowed here: ');
  expect(said('evaluation.others=["./big.csv"]')).toMatch(
    /evaluation\.others\.0 is "\.\/big\.csv": must be a group of keys, such as \{benchmark: \.\/big\.csv\}\.$/,
  );
  expect(said('evaluation.others=gsm8k')).toMatch(/must be a list, such as \[\{benchmark: gsm8k\}\]\.$/);
  expect(said('evaluation.others=[{benchmark: 3}]')).toMatch(/others\.0\.benchmark is 3: must be a text\.$/);
});

// Would catch: a short file of one's own refused with what it lacks and no word of how anybody gets that.
it.each([
  ['domain: chains', 'nano.yaml'],
  ['domain: short-facts', 'short-facts.yaml'],
  ['model: /models/big', 'r-zero-paper.yaml'],
])('names the recipe to copy where most is missing: %s', (text, file) => {
  const place = temporaryDirectory();
  const path = join(place.path, 'own.yaml');
  writeFileSync(path, text);
  const error = (() => {
    try {
      loadRecipe(path);
    } catch (thrown) {
      return thrown as LabError;
    }
    throw new Error('it was taken');
  })();
  expect(error.message).toContain('challenger is missing.');
  const [copied = ''] = /\/\S+\.yaml/.exec(error.remedy ?? '') ?? [];
  expect(basename(copied)).toBe(file);
  expect(loadRecipe(copied).name).toBe(basename(file, '.yaml'));
  place.remove();
});
