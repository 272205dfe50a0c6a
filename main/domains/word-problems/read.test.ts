/** The reader of word problems against plans that it never sees, and against texts that it must not pretend to understand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWordProblems } from '../../../scripts/make-word-problems.js';
import { HELD_OUT, TRAINING } from '../../../scripts/word-problems/vocabulary.js';
import { filterOf } from '../../benchmarks/held-out.js';
import { loadShipped } from '../../benchmarks/benchmark.js';
import { domainNamed } from '../../coevolution/named-domain.js';
import { resourcesDir } from '../../lib/paths.js';
import { readWordProblem } from './read.js';

interface Row {
  readonly question?: string;
  readonly answer?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
}

const rowsOf = (text: string): Row[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const files = makeWordProblems();
const benchmark = rowsOf(
  `${files.get('benchmarks/word-problems-tune.jsonl')}${files.get('benchmarks/word-problems-test.jsonl')}`,
);
const chats = rowsOf(files.get('data/word-problems-sft.jsonl') as string).map(({ messages = [] }) => ({
  asked: messages.at(-2)?.content as string,
  written: messages.at(-1)?.content as string,
}));
const solved = chats.filter(({ written }) => written.includes('\\boxed'));
const written = chats
  .filter((chat) => !solved.includes(chat))
  .map((chat) => ({ ...chat, parsed: domainNamed('word-problems').parseQuestion(chat.written, 'stop') }));

describe('the data of word-problems', () => {
  it('is what the script makes', () => {
    for (const [path, text] of files) expect(readFileSync(join(resourcesDir(), path), 'utf8')).toBe(text);
  });

  // Would catch: a plan whose sentences say something else than its equations, and a reader that misreads one of them.
  it('has the answers that its sentences say', () => {
    expect(benchmark).toHaveLength(500);
    for (const { question, answer } of benchmark)
      expect([question, readWordProblem(question as string)]).toEqual([question, answer]);
    expect(solved).toHaveLength(480);
    for (const { asked, written } of solved) expect(written).toContain(`\\boxed{${String(readWordProblem(asked))}}`);
  });

  // Would catch: fine-tuning on a form of question that the domain calls malformed.
  it('shows the Challenger well-formed questions with an answer', () => {
    expect(written).toHaveLength(240);
    for (const { parsed } of written) expect(parsed.valid && readWordProblem(parsed.question)).toMatch(/^\d+$/);
  });

  // Would catch: equations that do not hold.
  it('works every step out', () => {
    const signs: Record<string, (a: number, b: number) => number> = {
      '+': (a, b) => a + b,
      '-': (a, b) => a - b,
      '×': (a, b) => a * b,
      '÷': (a, b) => a / b,
    };
    for (const { written: text } of solved)
      for (const [, a, sign, b, c] of text.matchAll(/^(\d+) (.) (\d+) = (\d+)$/gm))
        expect(signs[sign as string]?.(Number(a), Number(b))).toBe(Number(c));
  });

  // Would catch: a benchmark whose names, things or sentences were learnt by heart.
  it('holds nothing of the benchmarks in the data for fine-tuning', () => {
    for (const part of ['names', 'things', 'places', 'starts', 'groups', 'gains', 'losses', 'questions'] as const)
      expect(TRAINING[part].filter((word) => HELD_OUT[part].includes(word))).toEqual([]);
    const isHeldOut = filterOf(
      domainNamed('word-problems'),
      ['word-problems-test', 'word-problems-tune'].map(loadShipped),
    );
    const learnt = [
      ...solved.map(({ asked }) => asked),
      ...written.map(({ parsed }) => (parsed.valid ? parsed.question : '')),
    ];
    expect(learnt.filter(isHeldOut)).toEqual([]);
    const tune = new Set(loadShipped('word-problems-tune').questions.map((q) => q.question));
    expect(loadShipped('word-problems-test').questions.filter((q) => tune.has(q.question))).toEqual([]);
  });
});

describe('readWordProblem', () => {
  it.each([
    ['Mia has 12 apples. She buys 5 more. How many apples does Mia have now?', '17'],
    ['Mia had 12 apples. She eats 5 of them. How many apples does she have left?', '7'],
    ['There were 40 birds on a roof. 12 birds leave. How many birds are left on the roof?', '28'],
    ['Leo has 3 bags of 4 coins. Leo gives away 2 coins. How many coins does Leo have?', '10'],
  ])('reads %s', (text, answer) => expect(readWordProblem(text)).toBe(answer));

  // Would catch: a guess where a sentence speaks of somebody or something else, or cannot be.
  it.each([
    'Mia has 12 apples. Tom buys 5 more apples. How many apples does Mia have now?',
    'Mia has 12 apples. Mia buys 5 pears. How many apples does Mia have now?',
    'Mia has 12 apples. Mia buys 5 more apples. How many apples does Tom have now?',
    'Mia has 12 apples. Mia loses 15 apples. How many apples does Mia have now?',
    'Mia has 12 apples. Mia shares the apples equally among 5 friends. How many apples does each friend get?',
    'Mia has 12 apples. Mia shares the apples equally among 4 friends. How many apples does Mia have now?',
    'Mia has 12 apples. It is a sunny day. How many apples does Mia have now?',
    'Mia has 12 apples. Mia has 3 apples. How many apples does Mia have now?',
    'How many apples does Mia have now?',
    'What is 3 + 4?',
    '',
  ])('has no answer for %s', (text) => expect(readWordProblem(text)).toBeNull());
});
