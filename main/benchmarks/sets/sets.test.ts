import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graderOf } from '../../grading/grader.js';
import { readTable } from '../../tables/read-table.js';
import { loadBenchmark } from '../benchmark.js';
import { readSet } from './read-set.js';
import { BENCHMARK_SETS, setNamed, setOfHubId } from './sets.js';

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'benchmarks');
const PARQUET = ['gsm8k', 'amc-23', 'olympiadbench', 'aime-2024', 'mmlu-pro', 'bbeh'];
const fixture = (name: string): string => join(FIXTURES, `${name}.${PARQUET.includes(name) ? 'parquet' : 'jsonl'}`);

/** What must be read from each fixture: kind, k, and gold, difficulty and subject of each row. */
const EXPECTED: Readonly<
  Record<string, readonly [string, number | null, ...(readonly [string, number | null, string?])[]]>
> = {
  gsm8k: ['math', null, ['10', null], ['2125', null], ['-3', null]],
  'math-500': ['math', null, ['\\frac12', 1, 'Prealgebra'], ['2,-2', 3, 'Algebra']],
  'amc-23': ['math', 32, ['27', null], ['-1', null]],
  'minerva-math': [
    'math',
    null,
    ['4.0', null, 'An Invented Course of Rods (1.01 Fall 2000)'],
    ['\\frac{1}{2} m v^{2}', null, 'An Invented Course of Rods (1.01 Fall 2000)'],
  ],
  olympiadbench: ['math', null, ['-1,0,1', null, 'Number Theory'], ['(0,4]', null, 'Algebra']],
  'aime-2024': ['math', 32, ['25', null], ['600', null]],
  'aime-2025': ['math', 32, ['70', null], ['336', null]],
  'mmlu-pro': ['choice', null, ['B', null, 'physics'], ['D', null, 'history']],
  supergpqa: ['choice', null, ['C', 1, 'Agronomy'], ['B', 3, 'Science']],
  bbeh: [
    'text',
    null,
    ['fig, pear', null, 'word_sorting'],
    ['unknown', null, 'boardgame_qa'],
    ['404.0', null, 'multistep_arithmetic'],
  ],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes rows as JSON Lines and reads them as a benchmark. */
function read(rows: readonly object[], name = 'file.jsonl'): ReturnType<typeof loadBenchmark> {
  const file = join(folder, name);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return loadBenchmark(file);
}

describe('the public sets', () => {
  it.each(BENCHMARK_SETS.map(({ name }) => name))('%s is known by its columns and read whole', async (name) => {
    const { read: known, benchmark } = await loaded(name);
    const [kind, samples, ...rows] = EXPECTED[name] ?? [];
    expect(known.set?.name).toBe(name);
    expect(benchmark).toMatchObject({ answers: kind, samples });
    expect(benchmark.rule).toBe(name === 'bbeh' ? 'bbeh' : undefined);
    expect(benchmark.questions.map((q) => [q.answer, q.difficulty, q.subject])).toEqual(
      rows.map((row) => (Array.isArray(row) ? [row[0], row[1], row[2]] : [])),
    );
    for (const { question } of benchmark.questions) expect(question.length).toBeGreaterThan(10);
  });

  // Would catch: letters that move when a placeholder is left out, or a true option told by a space before it.
  it('write options as lettered lines, without the placeholders that pad them', async () => {
    const { benchmark } = await loaded('mmlu-pro');
    expect(benchmark.questions[0]?.question).toBe('Which of these floats on water?\n\nA) iron\nB) cork\nC) lead');
    expect(benchmark.questions[1]?.question).toMatch(/\nJ\) the letter j$/);
  });

  it('give golds that the grader of their kind can read', async () => {
    for (const { name, answers } of BENCHMARK_SETS) {
      const { benchmark } = await loaded(name);
      for (const { answer } of benchmark.questions) expect(graderOf(answers).canonical(answer)).not.toBe('');
    }
    const { benchmark } = await loaded('mmlu-pro');
    expect(graderOf('choice').canonical('(b)')).not.toBe(
      graderOf('choice').canonical(benchmark.questions[1]?.answer ?? ''),
    );
  });

  it('are found by name in any spelling, and by the ids of the hub that hold them', () => {
    expect(setNamed('MATH500')?.name).toBe('math-500');
    expect(setNamed('AIME_2024')?.name).toBe('aime-2024');
    expect(setNamed('math')).toBeNull();
    expect(setOfHubId('OpenAI/gsm8k')?.set.name).toBe('gsm8k');
    expect(setOfHubId('opencompass/AIME2025')?.set.name).toBe('aime-2025');
    for (const set of BENCHMARK_SETS) for (const { id } of set.sources) expect(setOfHubId(id)?.set).toBe(set);
  });
});

async function loaded(name: string) {
  return { read: readSet(await readTable(fixture(name))), benchmark: await loadBenchmark(fixture(name)) };
}

describe('other public schemas of the sets', () => {
  it.each([
    ['aime-2024', { ID: '2024-II-4', Problem: 'x?', Solution: 's', Answer: 33 }, '33'],
    ['aime-2024', { id: 1, problem: 'x?', solution: '\\boxed{204}', url: 'u' }, '204'],
    ['aime-2025', { id: '1', problem: 'x?', answer: '082', solution: 's', year: '2025', url: 'u' }, '82'],
    ['bbeh', { task: 'sportqa', question: 'x?', answer: 'A, A, A' }, 'A, A, A'],
    ['supergpqa', { question: 'x?', options: ['1', '2'], answer: ' 2', answer_letter: 'b' }, 'B'],
    ['minerva-math', { problem: 'x?', solution: 's', type: 't', idx: 1, answer: '1e-5' }, '1e-5'],
    ['amc-23', { id: 1, problem: 'x?', question: 'x?', answer: 5.0, url: '/wiki/2023_AMC_12B' }, '5'],
  ])('%s: %j', async (set, row, answer) => {
    const file = join(folder, 'other.jsonl');
    writeFileSync(file, JSON.stringify(row));
    const read = readSet(await readTable(file));
    expect([read.set?.name, read.questions[0]?.answer]).toEqual([set, answer]);
  });

  it('reads the files of BBEH’s authors, the GitHub form of OlympiadBench, and lists that CSV made texts', async () => {
    const authors = join(folder, 'bbeh_sportqa.json');
    writeFileSync(authors, JSON.stringify({ canary: 'c', examples: [{ input: 'x?', target: '(A)' }] }));
    expect(await loadBenchmark(authors)).toMatchObject({ rule: 'bbeh', questions: [{ answer: '(A)' }] });
    const csv = join(folder, 'choices.csv');
    const options = `"['it''s 1', ""two"", 'N/A']"`.replace("''", "\\'");
    writeFileSync(csv, `question,options,answer,answer_index\n"a, or b?",${options},B,1\n`);
    expect((await loadBenchmark(csv)).questions).toEqual([
      { question: "a, or b?\n\nA) it's 1\nB) two", answer: 'B', difficulty: null },
    ]);
    const github = join(folder, 'OE_TO_maths_en_COMP.csv');
    writeFileSync(github, `id,question,final_answer,answer_type\n1,x?,"['$2$']",Numerical\n`);
    expect((await loadBenchmark(github)).questions[0]?.answer).toBe('2');
  });

  it('is read as the set it is said to be', async () => {
    const row = { question: 'x?', answer: '336^\\circ' };
    expect(await read([row])).toMatchObject({ answers: null, samples: null });
    const file = join(folder, 'file.jsonl');
    await expect(loadBenchmark(`aime-2025=${file}`)).resolves.toMatchObject({
      ...{ name: 'file', answers: 'math', samples: 32 },
      questions: [{ answer: '336' }],
    });
    await expect(loadBenchmark(`supergpqa=${file}`)).rejects.toThrow(/row|line 1: "options" is missing/);
  });
});

describe('a file of one’s own', () => {
  it('may have options, and says its kind where it is another than the run’s', async () => {
    const own = { question: 'x?', options: ['one', 'two'], difficulty: 2, subject: 's' };
    const choices = await read([
      { ...own, answer: 'B' },
      { ...own, answer: 0 },
      { ...own, answer: 'two' },
    ]);
    expect(choices.answers).toBe('choice');
    expect(choices.questions.map(({ answer }) => answer)).toEqual(['B', 'A', 'B']);
    expect(choices.questions[0]).toMatchObject({ question: 'x?\n\nA) one\nB) two', difficulty: 2, subject: 's' });
    const text = await read([{ question: 'x?', answer: 'Oslo', answer_kind: 'text' }]);
    expect(text).toMatchObject({ answers: 'text', samples: null });
  });

  it('is not taken for a public set because of a column', async () => {
    for (const more of [
      { task: 'mine' },
      { id: 1, url: 'u' },
      { category: 'c' },
      { level: 3 },
      { input: 'i', target: 't' },
    ]) {
      expect((await read([{ question: 'x?', answer: '1', ...more }])).answers).toBeNull();
    }
  });

  it('may use other common names, unless two of them could be meant', async () => {
    expect((await read([{ Problem: 'x?', expected_answer: 3.5 }])).questions[0]).toMatchObject({ answer: '3.5' });
    await expect(read([{ problem: 'x?', prompt: 'y', answer: '1' }])).rejects.toThrow(
      /"problem" and "prompt" could both be the question/,
    );
    await expect(read([{ question: 'x?', Question: 'y', answer: '1' }])).rejects.toThrow(
      /"question" and "Question", which are one name/,
    );
    // Would catch: a column called like something that every object has, taken for a second one of that name.
    const odd = Object.fromEntries([
      ...Object.entries({ question: 'x?', answer: '1', constructor: 'y' }),
      ['__proto__', 'z'],
    ]);
    expect((await read([odd])).questions).toHaveLength(1);
  });
});

describe('rows that cannot be used are named, never left out', () => {
  const choice = { question: 'x?', options: ['a', 'b'], answer: 'A', answer_index: 0 };
  const gpqa = { question: 'x?', options: ['a', 'b'], answer: 'a', answer_letter: 'A' };
  const aime = { id: 1, problem: 'x?', answer: '25', url: '2024_AIME_I', solution: 's' };
  const olympiad = { question: 'x?', final_answer: ['1'], answer_type: 'Numerical' };
  const good = { question: 'x?', answer: '1' };
  it.each<[string, object, object, RegExp]>([
    ['no answer', good, { question: 'y?' }, /line 2: "answer" is missing/],
    ['an empty answer', good, { ...good, answer: ' ' }, /line 2: "answer" is empty/],
    ['a wrong type', good, { ...good, answer: ['1'] }, /line 2: "answer" is a list, not text/],
    ['a question that is a number', good, { ...good, question: 5 }, /line 2: "question" is a number, not text/],
    ['a difficulty in words', good, { ...good, difficulty: 'hard' }, /line 2: "difficulty" is "hard", not a number/],
    [
      'an answer without its mark',
      { question: 'x?', answer: 'so\n#### 1' },
      good,
      /line 2: "answer" has no answer after "####"/,
    ],
    [
      'a letter without option',
      choice,
      { ...choice, answer: 'C', answer_index: 2 },
      /line 2: "answer" is "C", not the letter of an option \(AB\)/,
    ],
    [
      'the letter of a placeholder',
      choice,
      { ...choice, options: ['a', 'b', 'N/A'], answer: 'C' },
      /line 2: "answer" is "C"/,
    ],
    ['another index', choice, { ...choice, answer_index: 1 }, /line 2: "answer_index" is 1, but the answer is A/],
    [
      'options that are no list',
      choice,
      { ...choice, options: "['a' 'b']" },
      /line 2: "options" is text that is no list/,
    ],
    ['too many options', choice, { ...choice, options: [...'abcdefghijk'] }, /line 2: "options" holds 11 options/],
    ['one option', choice, { ...choice, options: ['a', 'N/A'] }, /line 2: "options" holds 1 options/],
    [
      'the text of another option',
      gpqa,
      { ...gpqa, answer: 'b' },
      /line 2: "answer" is the text of another option than A/,
    ],
    [
      'an answer beyond 999',
      aime,
      { ...aime, answer: 1000 },
      /line 2: "answer" is "1000", not a whole number from 0 to 999/,
    ],
    ['an answer with a fraction', aime, { ...aime, answer: '2.5' }, /line 2: "answer" is "2.5"/],
    ['a proof', olympiad, { ...olympiad, final_answer: null }, /line 2: "final_answer" is missing/],
    ['a picture', olympiad, { ...olympiad, image_1: { bytes: 'x' } }, /line 2: "image_1" is a picture/],
    [
      'a kind that changes',
      { ...good, answer_kind: 'text' },
      { ...good, answer_kind: 'math' },
      /line 2: "answer_kind" is not text, as in the first row/,
    ],
    ['a kind that is none', good, { ...good, answer_kind: 'number' }, /line 1: "answer_kind" is null/],
  ])('%s', async (_, first, second, message) => {
    await expect(read([first, second])).rejects.toThrow(message);
    await expect(read([first, second])).rejects.toMatchObject({ code: 'usage', remedy: expect.any(String) as string });
  });

  it('a file without the columns of anything', async () => {
    await expect(read([{ text: 'x' }])).rejects.toThrow(/"question" is missing; the columns are "text"/);
  });
});
