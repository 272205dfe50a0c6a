import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../preload/contract/events.js';
import type { IterationResult, QuestionResult, RunResult } from '../store/study-results.js';
import { columnsOf } from './columns.js';
import { figuresOf, type FigureInput } from './figures.js';
import type { RowDesign } from './study.js';

const estimate = (value: number) => ({ value, low: 0, high: 1, n: 4 });
const evaluation = (benchmark: string, greedy: number, mean: number | null = null): Evaluation => ({
  benchmark,
  greedy: estimate(greedy),
  mean: mean === null ? null : estimate(mean),
  k: mean === null ? 0 : 2,
  byDifficulty: [],
});
const after = (iteration: number, greedy: number, more: Partial<IterationResult> = {}): IterationResult => ({
  iteration,
  complete: true,
  evaluations: [evaluation('test', greedy), evaluation('tune', 0.9)],
  labels: null,
  keptQuestions: null,
  seconds: 10,
  tokens: 1000,
  ...more,
});
const result = (run: string, seed: number, iterations: IterationResult[]): RunResult => ({
  ...{ run, name: run, seed, backend: 'tensorflow', iterations, zeroData: true, fineTuned: false, alarms: 0 },
  ...{ guard: 'tune', benchmark: 'test' },
});
const row = (key: string, arm: string, iteration: number, against: string[] = []): RowDesign => ({
  ...{ key, title: key, arm, iteration, against },
});
const figures = (input: Partial<FigureInput> & Pick<FigureInput, 'rows' | 'runs'>) =>
  figuresOf({
    columns: columnsOf(
      ['benchmarks', 'labels', 'cost'],
      input.runs.map((r) => r.result),
      'test',
    ),
    questions: () => [],
    ...input,
  });

const A = [0.5, 0.54, 0.61];
const B = [0.45, 0.52, 0.5];
const runs = [0, 1, 2].flatMap((seed) => [
  { arm: 'a', seed, result: result(`a${seed}`, seed, [after(0, 0.4), after(1, A[seed] ?? 0)]) },
  { arm: 'b', seed, result: result(`b${seed}`, seed, [after(0, 0.4), after(1, B[seed] ?? 0)]) },
]);

describe('columns of a study', () => {
  const cell = (of: RunResult, iteration: number, key: string): number | null | undefined =>
    columnsOf(['benchmarks', 'cost'], [of], 'test')
      .find((column) => column.key === key)
      ?.of(of, iteration);

  // Would catch: fine-tuning that costs nothing, or the measurement of a base model taken for a cost of learning.
  it('count the time of fine-tuning, which lies before the first iteration', () => {
    const plain = result('r', 0, [after(0, 0.4), after(1, 0.5)]);
    const tuned = {
      ...result('r', 0, [after(-1, 0.3), after(0, 0.4, { seconds: 70 }), after(1, 0.5)]),
      fineTuned: true,
    };
    expect([0, 1].map((iteration) => cell(plain, iteration, 'seconds'))).toEqual([0, 10]);
    expect([0, 1].map((iteration) => cell(tuned, iteration, 'seconds'))).toEqual([80, 90]);
  });

  // Would catch: a run none of whose answers could be decided in a mean over seeds as one that has all wrong.
  it('have no share where no answer was decided', () => {
    const none = { value: 0, low: 0, high: 1, n: 0 };
    const evaluations = [{ ...evaluation('test', 0, 0), greedy: none, mean: none }];
    const undecided = result('r', 0, [after(1, 0, { evaluations })]);
    expect([cell(undecided, 1, 'greedy test'), cell(undecided, 1, 'mean test')]).toEqual([null, null]);
  });
});

describe('figures of a study', () => {
  // Would catch: a normal interval in place of Student's, a population deviation, and differences that are not taken seed by seed.
  // scipy 1.17: stats.t.interval(0.95, 2, loc=mean, scale=sem), and ttest_rel(a, b).confidence_interval(0.95).
  it('are those of scipy', () => {
    const { rows, comparisons } = figures({ rows: [row('b', 'b', 1), row('a', 'a', 1, ['b'])], runs });
    const cell = rows[1]?.cells.find((c) => c.column === 'greedy test');
    expect(cell?.value).toBeCloseTo(0.55, 12);
    expect(cell?.low).toBeCloseTo(0.4116890657615439, 10);
    expect(cell?.high).toBeCloseTo(0.6883109342384559, 10);
    expect(cell?.of.map(({ run, seed }) => [run, seed])).toEqual([
      ['a0', 0],
      ['a1', 1],
      ['a2', 2],
    ]);
    const difference = comparisons.find((c) => c.column === 'greedy test');
    expect(difference).toMatchObject({ row: 'a', against: 'b', n: 3, questions: null });
    expect(difference?.value).toBeCloseTo(0.06, 12);
    expect(difference?.low).toBeCloseTo(-0.05383749100790275, 10);
    expect(difference?.high).toBeCloseTo(0.17383749100790274, 10);
  });

  // Would catch: a missing arm counted as zero, a difference between different seeds, an interval made of one seed.
  it('leave out what is missing, and say how much there is', () => {
    const some = [runs[0], runs[3]].flatMap((run) => run ?? []);
    const { rows, comparisons } = figures({
      rows: [row('b', 'b', 1), row('a', 'a', 1, ['b']), row('c', 'c', 1)],
      runs: some,
    });
    const greedy = (key: string) => rows.find((r) => r.key === key)?.cells.find((c) => c.column === 'greedy test');
    expect(greedy('a')).toMatchObject({ value: 0.5, low: null, high: null, n: 1 });
    expect(greedy('c')).toEqual({ column: 'greedy test', value: null, low: null, high: null, n: 0, of: [] });
    // Seed 0 has no b, and seed 1 no a.
    expect(comparisons).toEqual([]);
  });

  // Would catch: the guard's benchmark reported as a result, and one of several benchmarks left out.
  it('have a column for each benchmark that is reported', () => {
    const both = after(1, 0.5, { evaluations: [evaluation('other', 0.2, 0.3), evaluation('test', 0.5)] });
    const { columns } = figures({ rows: [], runs: [{ arm: 'a', seed: 0, result: result('a', 0, [both]) }] });
    expect(columns.filter((c) => c.key.includes(' ')).map((c) => c.key)).toEqual([
      ...['greedy test', 'greedy other', 'mean other', 'labels kept', 'labels all'],
    ]);
  });

  // Would catch: accuracy over the wrong questions, and costs that leave earlier iterations out or count the baseline.
  it('count labels of one iteration, and costs of all up to it', () => {
    const labels = { labelled: 8, labelledRight: 6, kept: 4, keptRight: 1 };
    const all = [after(0, 0.4), after(1, 0.5), after(2, 0.5, { labels, keptQuestions: 4, seconds: 7, tokens: 500 })];
    const { rows } = figures({
      rows: [row('base', 'a', 0), row('two', 'a', 2)],
      runs: [{ arm: 'a', seed: 0, result: result('a', 0, all) }],
    });
    const values = rows.map((r) => Object.fromEntries(r.cells.map((c) => [c.column, c.value])));
    expect(values[0]).toMatchObject({ seconds: 0, tokens: 0, 'labels kept': null, kept: null });
    expect(values[1]).toMatchObject({ seconds: 17, tokens: 1500, 'labels kept': 0.25, 'labels all': 0.75, kept: 4 });
  });

  // Would catch: a bootstrap over questions that are not the same on both sides.
  it('bootstrap over seeds and questions only where both sides have the same questions', () => {
    const asked = (items: number[]): QuestionResult[] =>
      items.map((item) => ({ item, greedy: item % 2, right: 0, k: 0 }));
    const compare = (questions: FigureInput['questions']) =>
      figures({ rows: [row('b', 'b', 1), row('a', 'a', 1, ['b'])], runs, questions }).comparisons.find(
        (c) => c.column === 'greedy test',
      )?.questions;
    expect(compare(() => asked([1, 2, 3, 4]))).toEqual({ low: 0, high: 0, n: 4 });
    // An answer that could not be decided is neither right nor wrong.
    const undecided = asked([1, 2, 3, 4]).map((q) => (q.item === 3 ? { ...q, greedy: null } : q));
    expect(compare((run) => (run === 'a1' ? undecided : asked([1, 2, 3, 4])))).toEqual({ low: 0, high: 0, n: 3 });
    expect(compare((run) => asked(run === 'b1' ? [1, 2, 3, 5] : [1, 2, 3, 4]))).toBeNull();
    expect(compare((run) => asked(run.endsWith('2') ? [1, 2, 3] : [1, 2, 3, 4]))).toBeNull();
  });
});
