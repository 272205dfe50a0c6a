import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as wordTables from '../../preload/contract/domain-words.js';
import { exampleFaults } from '../cli/view/domain-examples.js';
import { packageRoot } from '../lib/package-root.js';
import { copyDomain } from './domain-copy.js';
import { checkFolder, faultText, findDomain, readDomain, shippedDomains } from './domain-folder.js';
import { checkRecipe, loadRecipe, shippedText } from './recipe.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'rzero-domain-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const GOOD = `version: 1
name: mine
description: Questions about lighthouses.
answers: { kind: text }
topics: topics.txt
prompts:
  challenger:
    system: { file: who.txt }
    text: 'About {{topic}}.'
  solver: { text: '{{question}}' }
question: { form: tags }
examples:
  well_formed: <question>Why?</question> \\boxed{so}
  malformed: Why?
`;
const TOPICS = '# Lights\nlenses\n\nlightships\n';

function write(files: Record<string, string | Buffer>): string {
  const folder = join(root, 'mine');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries({ 'who.txt': 'You ask.\n', 'topics.txt': TOPICS, ...files })) {
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
const faults = (files: Record<string, string | Buffer>): string[] => checkFolder(write(files)).faults.map(faultText);

describe('the domains that ship', () => {
  it.each(shippedDomains())('%s is without fault and reads its own examples as it says', (name) => {
    const { folder, description } = readDomain(name);
    expect(description.name).toBe(name);
    expect(exampleFaults(description, checkFolder(folder).files)).toEqual([]);
  });

  // Would catch: a word that a user can write and cannot look up.
  it('are made of words that docs/domains.md explains', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'domains.md'), 'utf8');
    const tables = Object.values(wordTables).filter((table) => typeof table === 'object');
    const words = tables.flatMap((table) => Object.keys(table));
    expect(words.length).toBeGreaterThan(10);
    expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  });
});

describe('a folder', () => {
  it('is read with the texts that it names', () => {
    const { description } = readDomain(write({ 'domain.yaml': GOOD }));
    expect(description.topics).toEqual(['lenses', 'lightships']);
    expect(description.prompts.challenger).toEqual({ system: 'You ask.', text: 'About {{topic}}.' });
    const list = '- lenses\n- lightships\n';
    const listed = { 'domain.yaml': GOOD.replace('topics.txt', 'topics.yaml'), 'topics.yaml': list };
    expect(readDomain(write(listed)).description.topics).toEqual(['lenses', 'lightships']);
  });

  // Would catch: a domain that counts as changed because an editor ended its lines otherwise.
  it('is the same with other line ends, and another with other words', () => {
    const before = readDomain(write({ 'domain.yaml': GOOD })).digest;
    expect(readDomain(write({ 'domain.yaml': GOOD.replaceAll('\n', '\r\n') })).digest).toBe(before);
    expect(readDomain(write({ 'domain.yaml': GOOD, 'topics.txt': `${TOPICS}fog\n` })).digest).not.toBe(before);
  });

  // Would catch: a slip that is passed over, told without its place, or told of another line.
  it.each([
    [
      'question: { form: tags }',
      'question: { forms: tags }',
      /line 11: unknown key "question\.forms"\. Did you mean "question\.form"\?/,
    ],
    [
      'question: { form: tags }',
      'question: { form: tag }',
      /line 11: question\.form is "tag": must be one of "tags", "choice", "chains"/,
    ],
    ['answers: { kind: text }\n', '', /answers is missing/],
    ['version: 1', 'version: 2', /line 1: version is 2: must be 1/],
    ['kind: text', 'kind: choice', /line 4: answers\.kind.*choice and question\.form: choice need each other/],
    [
      'question: {',
      'oracle: chains\nquestion: {',
      /line 11: oracle.*chains knows the value of questions of question\.form: chains/,
    ],
    [
      'topics: topics.txt\n',
      '',
      /line 8: prompts\.challenger\.text: \{\{topic\}\} is not a placeholder here; the domain draws no topics/,
    ],
    ["'About {{topic}}.'", 'Ask.', /line 9: prompts\.challenger\.text: lacks \{\{topic\}\}/],
    ["'{{question}}'", 'Answer.', /line 10: prompts\.solver\.text: lacks \{\{question\}\}/],
    [
      "'About {{topic}}.'",
      "'About {{tpic}}.'",
      /line 9: .*\{\{tpic\}\} is not a placeholder here; allowed: \{\{topic\}\}/,
    ],
    ['who.txt', 'whom.txt', /line 8: prompts\.challenger\.system\.file is "whom\.txt": no such file/],
    ['who.txt', '../who.txt', /line 8: prompts\.challenger\.system/],
    ['topics.txt', 'topic.txt', /line 5: topics is "topic\.txt": no such file/],
    ['prompts:\n', 'prompts:\n  chat: false\n', /line 9: prompts\.challenger\.system: the domain has no chat/],
    ['description: Questions', 'description: [Questions', /line \d+: is not valid YAML/],
  ])('names what is wrong, and where: %s → %s', (from, to, message) => {
    expect(GOOD).toContain(from);
    const found = faults({ 'domain.yaml': GOOD.replace(from, to) });
    expect(
      found.some((fault) => message.test(fault)),
      found.join('\n'),
    ).toBe(true);
    expect(found.every((fault) => fault.startsWith('domain.yaml'))).toBe(true);
  });

  it.each([
    ['', 'topics.txt: is empty'],
    ['# none\n', 'topics.txt: holds no topic'],
    ['a\nb\nA\n', 'topics.txt, line 3: "A" stands on line 1 already'],
    [`${'x'.repeat(201)}\n`, 'topics.txt, line 1: has 201 characters: a topic has at most 200'],
    [Buffer.from([0x61, 0xff, 0xfe]), 'topics.txt: is not text in UTF-8'],
  ])('has a list of topics that can be drawn from: %j', (text, fault) => {
    expect(faults({ 'domain.yaml': GOOD, 'topics.txt': text })).toEqual([fault]);
  });

  // Would catch: somebody else's file in every record of a run, because a folder from elsewhere links to it; a pipe waited for.
  it('does not read what a link leads to elsewhere, nor what is no file', () => {
    writeFileSync(join(root, 'secret.txt'), 'a secret\n');
    const folder = write({ 'domain.yaml': GOOD });
    const linked = (target: string): string[] => {
      rmSync(join(folder, 'topics.txt'), { recursive: true, force: true });
      symlinkSync(target, join(folder, 'topics.txt'));
      return checkFolder(folder).faults.map(faultText);
    };
    expect(linked(join(root, 'secret.txt'))).toEqual([expect.stringContaining('topics.txt: is a link that leads out')]);
    expect(linked('/dev/zero')).toEqual(['topics.txt: is no file']);
    expect(linked('who.txt')).toEqual([]);
    rmSync(join(folder, 'topics.txt'));
    mkdirSync(join(folder, 'topics.txt'));
    expect(checkFolder(folder).faults.map(faultText)).toEqual(['topics.txt: is no file']);
    // The folder itself may be one.
    rmSync(join(folder, 'topics.txt'), { recursive: true });
    const alias = join(root, 'alias');
    symlinkSync(write({ 'domain.yaml': GOOD }), alias);
    expect(checkFolder(alias).faults).toEqual([]);
  });

  // Would catch: a prompt cut without a word, so that a model is asked something else than what the file says.
  it('refuses a prompt that is too long instead of cutting it', () => {
    expect(faults({ 'domain.yaml': GOOD, 'who.txt': 'x'.repeat(50_001) })).toEqual([
      'who.txt: has 50001 characters: a prompt has 50000 at most',
    ]);
    expect(faults({ 'domain.yaml': GOOD, 'who.txt': `${'x'.repeat(50_000)}\n` })).toEqual([]);
  });

  it('tells all faults at once', () => {
    const broken = GOOD.replace('version: 1', 'version: one').replace('name: mine', 'name: My Domain').replace('form: tags', 'form: x'); // prettier-ignore
    expect(faults({ 'domain.yaml': broken })).toHaveLength(3);
    expect(faults({ 'domain.yaml': '- a list' })).toEqual(['domain.yaml, line 1: must be a mapping of keys to values']);
    expect(faults({ 'domain.yaml': '' })).toEqual(['domain.yaml, line 1: must be a mapping of keys to values']);
  });

  it('is known by its examples', () => {
    const broken = GOOD.replace('malformed: Why?', 'malformed: <question>Why?</question> \\boxed{so}');
    const { description, files } = checkFolder(write({ 'domain.yaml': broken }));
    expect(description && exampleFaults(description, files).map(faultText)).toEqual([
      'domain.yaml, line 14: examples.malformed: holds a question that this domain reads',
    ]);
  });
});

describe('a copy', () => {
  it('is without fault, under its own name, and replaces nothing', () => {
    for (const name of shippedDomains()) {
      const folder = join(root, `My ${name}`);
      expect(copyDomain(name, folder).name).toBe(`my-${name}`);
      const [before, after] = [readDomain(name).description, readDomain(folder).description];
      expect(after).toEqual({ ...before, name: `my-${name}` });
      expect(() => copyDomain(name, folder)).toThrow(/already there/);
    }
  });
});

describe('a recipe', () => {
  it('names a domain that ships, or the path of a folder, which becomes absolute', () => {
    const folder = write({ 'domain.yaml': GOOD });
    const own = shippedText('r-zero-paper').replace('domain: math', 'domain: ./mine');
    writeFileSync(join(root, 'recipe.yaml'), own);
    expect(loadRecipe(join(root, 'recipe.yaml')).domain).toBe(folder);
    expect(loadRecipe('r-zero-paper', { set: [`domain=${folder}`] }).domain).toBe(folder);
    expect(loadRecipe('r-zero-paper', { set: [`domain=${join(folder, 'domain.yaml')}`] }).domain).toBe(folder);
    expect(loadRecipe('nano').domain).toBe('chains');
  });

  it('is refused where there is no such domain, with what was probably meant', () => {
    expect(() => loadRecipe('nano', { set: ['domain=chain'] })).toThrow(/no domain "chain"\. Did you mean "chains"\?/);
    expect(() => findDomain(root)).toThrow(/is no domain: it has no domain\.yaml/);
    const folder = write({ 'domain.yaml': GOOD.replace('form: tags', 'form: tag') });
    expect(() => loadRecipe('r-zero-paper', { set: [`domain=${folder}`] })).toThrow(/domain\.yaml, line 11/);
  });

  // Would catch: hours of a run in which the Challenger never hears the topic that the record names.
  it('may not ask otherwise than its domain can', () => {
    const folder = write({ 'domain.yaml': GOOD });
    const of = (...set: string[]): unknown => checkRecipe(shippedText('r-zero-paper'), { set: [`domain=${folder}`, ...set] }).issues; // prettier-ignore
    expect(of()).toEqual([]);
    expect(of('prompts.challenger=Ask.')).toMatchObject([{ path: ['prompts', 'challenger'] }]);
    expect(of('prompts.challenger=Ask.', "prompts.challenger_system='On {{topic}}.'")).toEqual([]);
    expect(of('curriculum.labelling=pooled')).toMatchObject([{ path: ['curriculum', 'labelling'] }]);
  });
});
