import { describe, expect, it } from 'vitest';
import type { RecipeTree } from '../../../preload/contract/recipe-diff.js';
import type { RunInfo } from '../../../preload/contract/runs.js';
import type { LineSeries } from '../../charts/line.js';
import { grouped, seedGroups } from './groups.js';
import { finalRow, groupFigures, otherBenchmarks, perIteration } from './held-out.js';
import { chanceText, sidesOf } from './paired.js';

const estimate = (value: number): { value: number; low: number; high: number; n: number } => ({
  ...{ value, low: value - 0.1, high: value + 0.1, n: 10 },
});
const run = (id: string, scores: readonly number[] = []): RunInfo =>
  ({
    ...{ id, name: id, recipe: 'nano' },
    summaries: scores.map((score, iteration) => ({
      iteration,
      evaluation: { benchmark: 'b', greedy: estimate(score), mean: null, k: 0, byDifficulty: [] },
      funnel: iteration === 0 ? null : { labelAccuracy: estimate(score + 0.01) },
    })),
  }) as unknown as RunInfo;
const curve = (key: string, steps: readonly number[], value: (step: number) => number): LineSeries => ({
  ...{ key, name: key, hue: 0, steps, values: steps.map(value), active: steps },
});
const upTo = (count: number, from = 1, by = 1): number[] => Array.from({ length: count }, (_, i) => from + i * by);

describe('seeds of one recipe', () => {
  const recipes = new Map<string, RecipeTree>([
    ['a1', { name: 'nano', seed: 1, solver: { steps: 5 } }],
    ['b1', { name: 'nano', seed: 1, solver: { steps: 9 } }],
    ['a2', { name: 'nano', seed: 2, solver: { steps: 5 } }],
    ['b2', { name: 'nano', seed: 2, solver: { steps: 9 } }],
  ]);

  // Would catch: runs of different recipes in one band, whose mean means nothing.
  it('are found by what their recipes say, and named by what sets them apart', () => {
    const groups = seedGroups(
      ['a1', 'b1', 'a2', 'b2', 'lost'].map((id) => run(id)),
      recipes,
    );
    expect(groups.map(({ name, runs }) => [name, runs.map(({ id }) => id)])).toEqual([
      ['nano, solver.steps 5', ['a1', 'a2']],
      ['nano, solver.steps 9', ['b1', 'b2']],
      ['lost', ['lost']],
    ]);
    expect(seedGroups([run('a1'), run('a2')], recipes)[0]?.name).toBe('nano');
  });

  it('become a mean with a band; a run alone stays as it is', () => {
    const groups = seedGroups([run('a1'), run('a2'), run('b1')], recipes);
    const curves = new Map([
      ['a1', curve('a1', [1, 2, 3], (step) => step)],
      ['a2', curve('a2', [1, 2], (step) => step + 2)],
      ['b1', curve('b1', [1, 2, 3], () => 7)],
    ]);
    const [together, alone] = grouped(groups, curves);
    expect(together).toMatchObject({
      name: 'nano, solver.steps 5 (2 seeds)',
      steps: [1, 2],
      values: [2, 3],
      low: [1, 2],
      high: [3, 4],
    });
    expect(alone).toBe(curves.get('b1'));
  });

  // Would catch: seeds whose thinned points share no step, so that their band is empty.
  it('are brought to common places where their points were thinned', () => {
    const groups = seedGroups([run('a1'), run('a2')], recipes);
    const curves = new Map([
      ['a1', curve('a1', upTo(500, 1, 4), (step) => step)],
      ['a2', curve('a2', upTo(500, 3, 4), (step) => step)],
    ]);
    expect(grouped(groups, curves)[0]?.steps).toEqual([]);
    const [together] = grouped(groups, curves, true);
    expect(together?.steps.length).toBeGreaterThan(150);
    together?.steps.forEach((step, i) => expect(Math.abs((together.values[i] ?? 0) - step)).toBeLessThan(12));
  });
});

describe('what runs have come to', () => {
  // Would catch: another benchmark's score in a row, a base that is the first measurement of any iteration, a run that never
  // measured it among those that did.
  it('on further benchmarks is told where it was measured, by benchmark', () => {
    const other = (benchmark: string, score: number) => ({
      ...{ benchmark, greedy: estimate(score), mean: estimate(score / 2), k: 2, byDifficulty: [] },
    });
    const a = run('a', [0.1, 0.2, 0.3]);
    const measured = {
      ...a,
      summaries: a.summaries.map((s, i) => ({
        ...s,
        ...(i < 2 && { others: [other('y', 0.5 + i / 10), other('x', 0.9)] }),
      })),
    };
    const b = run('b', [0.1, 0.2]);
    const late = {
      ...b,
      summaries: b.summaries.map((s, i) => ({ ...s, ...(i === 1 && { others: [other('x', 0.4)] }) })),
    };
    const found = otherBenchmarks([measured as RunInfo, late as RunInfo, run('c', [0.5])]);
    expect(
      found.map(({ benchmark, rows }) => [
        benchmark,
        ...rows.map(({ run: { id }, base, last, mean }) => [id, base?.value ?? null, last.value, mean?.value ?? null]),
      ]),
    ).toEqual([
      ['x', ['a', 0.9, 0.9, 0.45], ['b', null, 0.4, 0.2]],
      ['y', ['a', 0.5, 0.6, 0.3]],
    ]);
  });

  it('would catch a best that is the last, and an interval of another iteration', () => {
    const row = finalRow(run('a', [0.2, 0.6, 0.5]));
    expect(row).toMatchObject({
      base: { value: 0.2 },
      best: { value: 0.6, iteration: 1 },
      last: { value: 0.5 },
      mean: null,
    });
    expect(row.labels?.value).toBeCloseTo(0.51);
    expect(perIteration(run('a', [0.2, 0.6]), 'greedy', 3)).toMatchObject({
      steps: [0, 1],
      values: [0.2, 0.6],
      hue: 3,
    });
    expect(perIteration(run('a', [0.2]), 'labels', 3)).toBeNull();
    expect(finalRow(run('b'))).toMatchObject({ base: null, best: null, last: null });
  });

  it('would catch a figure of a group that is no group', () => {
    const groups = [
      { name: 'pair', runs: [run('a', [0.4, 0.6]), run('b', [0.4, 0.8])] },
      { name: 'one', runs: [run('c', [0.9])] },
    ];
    const [figure, ...more] = groupFigures(groups);
    expect(more).toEqual([]);
    expect(figure).toMatchObject({ name: 'pair', seeds: 2, low: 0.6, high: 0.8 });
    expect(figure?.mean).toBeCloseTo(0.7);
  });
});

describe('what can be held against each other', () => {
  it('would catch an iteration that was not measured, and a p-value rounded to nothing', () => {
    const unmeasured = { ...run('b', [0.1]), summaries: [{ iteration: 1, evaluation: null }] } as unknown as RunInfo;
    expect(sidesOf([run('a', [0.2, 0.6]), unmeasured]).map(({ key, title }) => [key, title])).toEqual([
      ['a 0', 'a, base model'],
      ['a 1', 'a, iteration 1'],
    ]);
    expect([chanceText(0.00001), chanceText(0.03125)]).toEqual(['p < 0.0001', 'p = 0.0313']);
  });
});
