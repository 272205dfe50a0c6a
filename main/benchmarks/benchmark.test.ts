import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBenchmarks } from '../../scripts/make-benchmarks.js';
import { isChain, rewriteQuestion, sampleQuestion, termsOf } from '../domains/chains/question.js';
import { domainNamed } from '../coevolution/named-domain.js';
import { resourcesDir } from '../lib/paths.js';
import { RandomKey } from '../lib/random.js';
import { loadBenchmark, loadShipped } from './benchmark.js';
import { shippedBenchmarks, unknownBenchmark } from './find.js';
import { filterOf } from './held-out.js';

const chains = domainNamed('chains');
const key = RandomKey.of(2, 'benchmarks');

describe('the benchmarks that ship', () => {
  const tune = loadShipped('chains-tune');
  const test = loadShipped('chains-test');
  const oneWay = loadShipped('chains-oneway');

  it('hold 80 questions of each of 3 to 12 terms, with the true answers', () => {
    expect(shippedBenchmarks()).toEqual([
      ...['chains-oneway', 'chains-test', 'chains-tune', 'reasoning-gym-arithmetic', 'reasoning-gym-chains'],
      ...['word-problems-test', 'word-problems-tune'],
    ]);
    for (const { questions } of [tune, test]) {
      expect(questions).toHaveLength(800);
      for (let level = 3; level <= 12; level++)
        expect(questions.filter((q) => q.difficulty === level)).toHaveLength(80);
    }
    for (const { questions } of [tune, test, oneWay]) {
      for (const { question, answer, difficulty } of questions) {
        expect(isChain(question)).toBe(true);
        expect(chains.difficulty(question)).toBe(difficulty);
        let value = 0;
        for (const [, sign, number] of question.matchAll(/([+-]?)([0-9]+)/g))
          value += (sign === '-' ? -1 : 1) * Number(number);
        expect(answer).toBe(String(value));
      }
    }
  });

  // Would catch: a second kind that is the first again, or that cannot show a difference between adding and subtracting.
  it('hold 35 chains that go one way of each of 5 to 10 terms, about as many up as down', () => {
    expect(oneWay.questions).toHaveLength(210);
    for (let level = 5; level <= 10; level++)
      expect(oneWay.questions.filter((q) => q.difficulty === level)).toHaveLength(35);
    for (const { question } of oneWay.questions) expect(question).toMatch(/^[0-9]([+][0-9])+$|^[0-9](-[0-9])+$/);
    const up = oneWay.questions.filter(({ question }) => question.includes('+')).length;
    expect(Math.abs(up - 105)).toBeLessThan(25);
  });

  it('share no question, in whatever order of its terms (tuning would leak into claims)', () => {
    const sorted = (question: string): string => termsOf(question).sort().join();
    const forms = [tune, test, oneWay].flatMap(({ questions }) => questions.map((q) => sorted(q.question)));
    expect(new Set(forms).size).toBe(1810);
  });

  it('are what the script makes', () => {
    for (const [name, text] of makeBenchmarks()) {
      expect(readFileSync(join(resourcesDir(), 'benchmarks', `${name}.jsonl`), 'utf8')).toBe(text);
    }
  });
});

describe('held-out questions', () => {
  it('are recognised in every order of their terms, and others are not', () => {
    const isHeldOut = filterOf(chains, shippedBenchmarks().map(loadShipped));
    for (const name of shippedBenchmarks()) {
      loadShipped(name).questions.forEach(({ question }, i) => {
        expect(isHeldOut(question)).toBe(true);
        if (!isChain(question)) return;
        expect(isHeldOut(rewriteQuestion(question, key.child(name, i)))).toBe(true);
      });
    }
    // Numbers within words are no chain: `Solve the following multiplication: 4 * 3.` keeps 4+3 out of nothing.
    expect(isHeldOut('4+3')).toBe(false);
    let free = 0;
    for (let i = 0; i < 500; i++) {
      const question = sampleQuestion(key.child('free', i), 8);
      if (!isHeldOut(question)) free++;
    }
    expect(free).toBeGreaterThan(490);
  });

  it('include those of a run’s own file', () => {
    const questions = [{ question: 'What is 6 × 7?', answer: '42', difficulty: null }];
    const own = { name: 'own', answers: null, samples: null, questions };
    const math = domainNamed('math');
    expect(filterOf(math, [])('what is 6 ×  7')).toBe(false);
    expect(filterOf(math, [own])('what is 6 ×  7')).toBe(true);
  });
});

describe('loading', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a file with numbers as answers, extra keys, blank lines and a byte-order mark', async () => {
    const file = join(folder, 'mine.jsonl');
    writeFileSync(
      file,
      '\uFEFF{"question": "1+1?", "answer": 2, "source": "x"}\r\n\n{"question":"a","answer":"b","difficulty":3}\n',
    );
    expect(await loadBenchmark(file)).toEqual({
      name: 'mine',
      answers: null,
      samples: null,
      questions: [
        { question: '1+1?', answer: '2', difficulty: null },
        { question: 'a', answer: 'b', difficulty: 3 },
      ],
    });
  });

  it('suggests the name that was meant', async () => {
    await expect(loadBenchmark('chains-tset')).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('Did you mean chains-test?') as string,
    });
    await expect(loadBenchmark(folder)).rejects.toMatchObject({ code: 'usage' });
  });
});

// Would catch: "no benchmark or file called zebra=FILE" for a file that is there, without a word on which sets there are.
it('names the sets where a file is said to be of one that is none', () => {
  const error = unknownBenchmark(`gsm9k=${import.meta.filename}`);
  expect(error.message).toBe('There is no public set "gsm9k".');
  expect(error.remedy).toContain('Did you mean gsm8k?');
});
