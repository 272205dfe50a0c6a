import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../preload/contract/answers.js';
import { evaluationQueries } from '../../../preload/contract/evaluations.js';
import { testRecipe } from '../../../test/support/store-fixtures.js';
import { mcnemarExact, pairedShares } from '../../lib/paired.js';
import { Database } from '../database.js';
import { insertEvaluationAnswers, insertEvaluationQuestions, insertEvaluationSummary } from '../evaluations.js';
import { createRun } from '../runs.js';
import { changedQuestions, compareEvaluations } from './comparison.js';

let folder: string;
let db: Database;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-compare-'));
  db = Database.open(folder);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** One letter an answer, the greedy one first: r right, w wrong, u undecided. */
const VERDICTS: Readonly<Record<string, Verdict>> = { r: 'equal', w: 'different', u: 'undecided' };

interface Measured {
  readonly benchmark: string;
  readonly iterations: readonly (readonly string[])[];
  readonly truth?: string;
}

function runWith(name: string, measured: readonly Measured[]): string {
  const run = createRun(db, { recipe: testRecipe(), name });
  let seq = 0;
  for (const { benchmark, iterations, truth = '1' } of measured) {
    iterations.forEach((answers, iteration) => {
      seq += 1;
      const questions = answers.map((_, item) => ({ item, text: `q${item}`, truth, difficulty: item }));
      insertEvaluationQuestions(db, run.number, seq, { benchmark, questions });
      const rows = answers.flatMap((letters, item) =>
        [...letters].map((letter, sample) => ({
          ...{ item, sample, text: 't', extracted: `${letter}${sample}`, tokens: 1, finish: 'stop' as const },
          verdict: VERDICTS[letter] as Verdict,
          reason: letter === 'u' ? 'hard' : null,
        })),
      );
      insertEvaluationAnswers(db, run.number, seq, { iteration, benchmark, answers: rows });
      const estimate = { value: 0, low: 0, high: 0, n: 1 };
      const evaluation = { benchmark, greedy: estimate, mean: null, k: 0, byDifficulty: [] };
      insertEvaluationSummary(db, run.number, seq, { iteration, evaluation });
    });
  }
  return run.id;
}

const compare = (a: object, b: object, benchmarks: string[] = []) =>
  evaluationQueries.compare.output.parse(
    compareEvaluations(db, evaluationQueries.compare.input.parse({ a, b, benchmarks })),
  );

describe('two measurements', () => {
  // q0 won, q1 lost, q2 and q3 the same, q4 not decided before, q5 not after.
  const before = ['wrw', 'rrr', 'rrw', 'www', 'uru', 'wuu'];
  const after = ['rrr', 'wrw', 'rrr', 'www', 'rrr', 'uww'];

  // Would catch: pairs of different questions, undecided answers taken for wrong ones, A and B exchanged.
  it('are compared question by question, what was not decided left out', () => {
    const run = runWith('pair', [{ benchmark: 'held', iterations: [before, after] }]);
    const { a, b, benchmarks, refused } = compare({ run, iteration: 0 }, { run });
    expect([a, b].map((side) => [side.run, side.name, side.iteration, side.zeroData])).toEqual([
      [run, 'pair', 0, true],
      [run, 'pair', 1, true],
    ]);
    expect(refused).toEqual([]);
    const [held] = benchmarks;
    expect(held).toMatchObject({ benchmark: 'held', questions: 6, k: 2, undecided: { a: 4, b: 1 } });
    expect(held?.greedy).toEqual({
      a: expect.objectContaining({ value: 2 / 5, n: 5 }) as unknown,
      b: expect.objectContaining({ value: 3 / 5, n: 5 }) as unknown,
      difference: pairedShares({ won: 1, lost: 1 }, 4),
      ...{ won: 1, lost: 1, p: mcnemarExact({ won: 1, lost: 1 }) },
    });
    // Samples: q0 ½→1, q1 1→½, q2 ½→1, q3 0→0, q4 1→1 (one of two decided), q5 none decided before.
    expect(held?.mean?.difference).toMatchObject({ value: (0.5 - 0.5 + 0.5) / 5, n: 5 });
    expect(held?.mean?.a).toMatchObject({ value: 5 / 9, n: 5 });
  });

  it('tell which questions were won and lost, with what was answered', () => {
    const run = runWith('changed', [{ benchmark: 'held', iterations: [before, after] }]);
    const input = { a: { run, iteration: 0 }, b: { run }, benchmark: 'held' };
    const { won, lost } = evaluationQueries.changed.output.parse(
      changedQuestions(db, evaluationQueries.changed.input.parse(input)),
    );
    expect(won).toEqual([
      {
        ...{ item: 0, question: 'q0', truth: '1', difficulty: 0 },
        a: { verdict: 'different', extracted: 'w0', right: 1, decided: 2 },
        b: { verdict: 'equal', extracted: 'r0', right: 2, decided: 2 },
      },
    ]);
    expect(lost.map(({ question }) => question)).toEqual(['q1']);
  });

  // Would catch: scores of different questions held against each other because the benchmark has the same name.
  it('are refused where the benchmark or its questions are not the same', () => {
    const one = runWith('one', [
      { benchmark: 'held', iterations: [['r', 'w']] },
      { benchmark: 'other', iterations: [['r']] },
    ]);
    const two = runWith('two', [
      { benchmark: 'held', iterations: [['r', 'w']], truth: '2' },
      { benchmark: 'other', iterations: [['w']] },
    ]);
    const longer = runWith('longer', [{ benchmark: 'held', iterations: [['r', 'w', 'w']] }]);
    const alien = runWith('alien', [{ benchmark: 'alien', iterations: [['r']] }]);
    const both = compare({ run: one }, { run: two });
    expect(both.benchmarks.map(({ benchmark, k, mean }) => [benchmark, k, mean])).toEqual([['other', 0, null]]);
    expect(both.refused).toEqual([{ benchmark: 'held', reason: expect.stringContaining('2 of its 2') as string }]);
    expect(() => compare({ run: one }, { run: two }, ['held'])).toThrow(/"held" does not compare: 2 of its 2/);
    expect(() => compare({ run: one }, { run: longer })).toThrow(/2 questions in A, 3 in B/);
    expect(() => compare({ run: one }, { run: alien })).toThrow(
      /no benchmark in common.*A has held, other; B has alien/,
    );
    expect(() => compare({ run: one }, { run: two }, ['gsm8k'])).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('"gsm8k" was not measured in both') as string,
        // A way out: what no run has measured can be measured now, or by runs to come.
        remedy: expect.stringMatching(
          /rzero eval MODEL --benchmark gsm8k --out .*evaluation\.others=\[\{benchmark: gsm8k/,
        ) as string,
      }),
    );
    expect(() => compare({ run: one, iteration: 4 }, { run: two })).toThrow(/no measurement of iteration 4/);
    expect(() => compare({ run: one }, { run: 'nobody' })).toThrow(/no run "nobody"/);
    expect(() => compare({ run: runWith('empty', []) }, { run: two })).toThrow(/was never measured/);
  });
});
