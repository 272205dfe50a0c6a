import { describe, expect, it } from 'vitest';
import type { ComparedBenchmark } from '../../preload/contract/evaluations.js';
import type { Evaluation, IterationSummary } from '../../preload/contract/events.js';
import { signedPoints, transferRows } from './transfer.js';

const estimate = (value: number) => ({ value, low: value - 0.1, high: value + 0.1, n: 90 });
const measured = (benchmark: string, value: number, mean: number | null): Evaluation => ({
  ...{ benchmark, greedy: estimate(value), mean: mean === null ? null : estimate(mean), k: mean === null ? 0 : 8 },
  byDifficulty: [],
});
const summary = (iteration: number, own: Evaluation, others?: Evaluation[]): IterationSummary => ({
  ...{ iteration, evaluation: own, guard: null, funnel: null, seconds: 1 },
  ...(others && { others }),
});

describe('what carries over', () => {
  // Would catch: a gain of another benchmark or measure, and one against an iteration that is not the base.
  it('has each benchmark by iteration, the run’s own first, with its own gain', () => {
    const undecided = { greedy: 10, sampled: 4 };
    const rows = transferRows(
      [
        summary(0, measured('own', 0.5, 0.4), [{ ...measured('far', 0.3, null), undecided }]),
        summary(1, measured('own', 0.6, 0.6), [measured('far', 0.2, null)]),
        summary(2, measured('own', 0.7, 0.65), [measured('far', 0.25, null)]),
      ],
      [
        {
          ...{ benchmark: 'far', questions: 100, k: 0, undecided: { a: 10, b: 0 }, mean: null },
          greedy: {
            ...{ a: estimate(0.3), b: estimate(0.25), won: 1, lost: 6, p: 0.1 },
            difference: { value: -0.06, low: -0.2, high: 0.1, n: 90 },
          },
        } satisfies ComparedBenchmark,
      ],
    );
    expect(rows.map(({ benchmark, measure, questions }) => [benchmark, measure, questions])).toEqual([
      ['own', 'mean@8', 90],
      ['far', 'greedy', 100],
    ]);
    expect(rows[0]?.scores.map((score) => score?.estimate.value)).toEqual([0.4, 0.6, 0.65]);
    expect(rows[0]?.gain).toEqual({ value: expect.closeTo(0.25, 12) as number, low: null, high: null });
    expect(rows[1]?.scores.map((score) => score?.undecided)).toEqual([10, 0, 0]);
    expect(rows[1]?.gain).toEqual({ value: expect.closeTo(-0.05, 12) as number, low: -0.2, high: 0.1 });
    expect(transferRows([summary(0, measured('own', 0.5, null))], []).map(({ gain }) => gain)).toEqual([null]);
    expect([signedPoints(-0.05), signedPoints(0.1284), signedPoints(-0.00001)]).toEqual(['−5.0', '+12.8', '+0.0']);
  });
});
