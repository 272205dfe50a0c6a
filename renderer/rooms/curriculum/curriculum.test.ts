import { describe, expect, it } from 'vitest';
import type { IterationCurriculum } from '../../../preload/contract/curriculum.js';
import { LIGHT } from '../../charts/palette.js';
import { REWARD_PARTS, stepDraw, stepFilter, stepsOf } from './challenger.js';
import { iterationChart, spreadLine, valueLine } from './drift.js';
import { bandColumns, difficultyEdge, edgeDraw, placeOf, shareEdge } from './edge.js';
import { funnelFilter, funnelStages } from './funnel.js';
import { labelDraw, labelFilter } from './labels.js';
import { fates, topics } from './stacks.js';

const VIEW = { palette: LIGHT, font: 14, zoom: null, width: 600 };
const place = (iteration: number) => ({ iteration, phase: 'curriculum' as const });

function curriculum(iteration: number, more: Partial<IterationCurriculum> = {}): IterationCurriculum {
  const at = place(iteration);
  const counted = (count: number, filter: object = {}) => ({ count, filter: { ...at, ...filter } });
  const reason = (name: string, stage: 'invalid' | 'dropped', count: number) => ({
    ...{ reason: name, stage, count },
    filter: { ...at, valid: stage === 'dropped', reason: name },
  });
  return {
    iteration,
    finished: true,
    funnel: {
      generated: counted(100),
      valid: counted(90, { valid: true }),
      distinct: counted(60, { labelled: true }),
      labelled: counted(60, { labelled: true }),
      kept: counted(20, { kept: true }),
      used: counted(20, { used: true }),
    },
    overlaps: [],
    reasons: [
      ...[reason('too easy', 'dropped', 40), reason('exact duplicate', 'dropped', 28), reason('no tag', 'invalid', 10)],
      reason('held-out', 'dropped', 2),
    ],
    shares: [0, 0.5, 1].map((share, i) => ({
      ...{ votes: 2, agreeing: i, share, count: 10 * (i + 1), kept: 5, right: 4, wrong: 3 },
      filter: { ...at, pHat: { min: share, max: share } },
    })),
    pHat: { n: 60, mean: 0.75, deviation: 0.1 },
    difficulty: { n: 60, mean: 4, deviation: 2 },
    keptDifficulty: null,
    levels: [],
    topics: [],
    challenger: [],
    clusterSizes: [],
    diversity: { distinctShare: 0.6, challengerDistinctShare: null, meanClusterSize: null },
    labelAccuracy: { oracle: null, audit: null, reviewed: 0 },
    ...more,
  };
}

describe('the edge', () => {
  it('would catch rows that do not line up where iterations took different numbers of votes', () => {
    const three = [0, 1 / 3, 2 / 3, 1].map((share, i) => ({
      ...{ votes: 3, agreeing: i, share, count: 1, kept: 0, right: 0, wrong: 0 },
      filter: { ...place(2), pHat: { min: share } },
    }));
    const edge = shareEdge([curriculum(1), curriculum(2, { shares: three })]);
    expect(edge.columns.map((share) => Math.round(share * 100))).toEqual([0, 33, 50, 67, 100]);
    expect(edge.rows.map(({ values }) => values)).toEqual([
      [10, 0, 20, 0, 30],
      [1, 1, 0, 1, 1],
    ]);
    expect(edge.filter({ index: 4, series: '2' })).toEqual({ ...place(2), pHat: { min: 1 } });
    expect(edge.filter({ index: 1, series: '1' })).toBeNull();
    expect(edge.filter({ index: 2, series: null })).toMatchObject({ iteration: undefined, pHat: { min: 0.5 } });
  });

  it('would catch a band that cuts off the shares at its ends, and a mean beside its column', () => {
    const columns = [0, 0.25, 0.5, 0.75, 1];
    expect(bandColumns(columns, { low: 0.25, high: 0.75 })).toEqual({ from: 1, to: 4 });
    expect(bandColumns(columns, { low: 0.9, high: 0.95 })).toBeNull();
    expect([0, 0.25, 0.375, 1].map((value) => placeOf(columns, value))).toEqual([0.5, 1.5, 2, 4.5]);
  });

  it('would catch a height that opens the row above or below, and a table without the counts', () => {
    const edge = shareEdge([curriculum(1), curriculum(2)]);
    const figure = edgeDraw(edge, { xName: 'p̂', hue: 'challenger' }, 'share')(VIEW);
    expect([1.5, 0.5, 7].map((y) => figure.seriesAt?.(0, y))).toEqual(['1', '2', null]);
    expect(figure.table.row(2)).toEqual(['100 %', 30, 30]);
    expect(figure.empty).toBe(false);
    expect(edgeDraw(difficultyEdge([curriculum(1)]), { xName: 'd', hue: 'label' }, 'number')(VIEW).empty).toBe(true);
  });
});

describe('marks and the questions behind them', () => {
  it('would catch labels that are counted twice, and a part of a bar that opens the whole of it', () => {
    const bars = curriculum(1).shares.map((bar) => ({ ...bar, label: String(bar.share) }));
    const figure = labelDraw(bars, { xName: 'p̂' })(VIEW);
    expect(figure.table.columns).toEqual(['p̂', 'label right', 'label wrong', 'not known', 'all']);
    expect(figure.table.row(2)).toEqual(['1', 4, 3, 23, 30]);
    expect(labelFilter(bars, { index: 1, series: 'wrong' })).toMatchObject({ pHat: { min: 0.5 }, label: 'wrong' });
    expect(labelFilter(bars, { index: 1, series: null })).not.toHaveProperty('label');
    expect(labelFilter(bars, { index: 9, series: null })).toBeNull();
  });

  it('would catch losses told at the wrong stage of the funnel', () => {
    const one = curriculum(3);
    const lost = funnelStages(one).map(({ key, lost: before }) => [key, (before ?? []).map(({ name }) => name)]);
    expect(lost).toEqual([
      ['generated', []],
      ['valid', ['no tag']],
      ['distinct', ['exact duplicate', 'held-out']],
      ['kept', ['too easy']],
      ['used', []],
    ]);
    expect(funnelFilter(one, { stage: 'kept', lost: null })).toEqual({ ...place(3), kept: true });
    expect(funnelFilter(one, { stage: 'kept', lost: 'too easy' })).toMatchObject({ reason: 'too easy', valid: true });
    expect(funnelFilter(one, { stage: 'kept', lost: 'no tag' })).toBeNull();
  });

  it('would catch rare reasons that vanish, and fates that do not open their own questions', () => {
    const many = Array.from({ length: 8 }, (_, i) => ({
      ...{ reason: `reason ${i}`, stage: 'dropped' as const, count: 10 - i },
      filter: { ...place(1), reason: `reason ${i}` },
    }));
    const chart = fates([curriculum(1, { reasons: many }), curriculum(2)]);
    const { table } = chart.draw(VIEW);
    expect(table.columns).toContain('other reasons');
    // 20 kept and 10 + 9 + … + 3 for all reasons: nothing is left out of the sum.
    expect(table.row(0).at(-1)).toBe(72);
    expect(chart.filter({ index: 0, series: 'part reason 1' })).toMatchObject({ reason: 'reason 1' });
    expect(chart.filter({ index: 1, series: 'first' })).toEqual({ ...place(2), kept: true });
    expect(chart.filter({ index: 0, series: 'rest' })).toEqual(place(1));
  });

  it('would catch topics that open those of another iteration, and one that an iteration does not have', () => {
    const topic = (iteration: number, name: string, count: number) => ({
      ...{ topic: name, count, kept: 1, meanPHat: 0.5, right: 1, wrong: 0 },
      filter: { ...place(iteration), topic: name },
    });
    const chart = topics([
      curriculum(1, { topics: [topic(1, 'sums', 9), topic(1, 'differences', 3)] }),
      curriculum(2, { topics: [topic(2, 'differences', 8)] }),
    ]);
    const { table } = chart.draw(VIEW);
    expect([table.columns, table.row(0), table.row(1)]).toEqual([
      ['iteration', 'differences', 'sums', 'all'],
      ['1', 3, 9, 12],
      ['2', 8, 0, 8],
    ]);
    expect(chart.filter({ index: 1, series: 'part differences' })).toEqual({ ...place(2), topic: 'differences' });
    expect(chart.filter({ index: 1, series: 'part sums' })).toEqual(place(2));
  });

  it('would catch a gap in the iterations that shifts the marks behind it', () => {
    const all = [curriculum(1), curriculum(3), curriculum(4, { pHat: null })];
    const mean = spreadLine(all, { key: 'p', name: 'p', hue: 'label' }, (one) => one.pHat);
    expect(mean).toMatchObject({ steps: [1, 3], low: [0.65, 0.65], high: [0.85, 0.85] });
    const share = valueLine(all, { key: 's', name: 's', hue: 'label' }, (one) => one.diversity.challengerDistinctShare);
    const chart = iterationChart([mean, share], {}, { labelled: true });
    expect(chart.filter({ index: 1, series: null })).toEqual({ ...place(3), labelled: true });
    expect(chart.filter({ index: 2, series: null })).toBeNull();
  });

  it('would catch steps of the second iteration that open those of the first', () => {
    const step = (iteration: number, n: number) => ({
      ...{ step: n, count: 8, valid: 6, distinct: 5, clusters: 4, reward: 0.3, uncertainty: 0.5, repetition: 0.2 },
      ...{ pHat: 0.6, difficulty: 3, filter: { iteration, phase: 'challenger' as const, step: n } },
    });
    const steps = stepsOf([1, 2].map((i) => curriculum(i, { challenger: [step(i, 0), step(i, 1)] })));
    expect(stepFilter(steps, { index: 2, series: null })).toEqual({ iteration: 2, phase: 'challenger', step: 0 });
    const { table } = stepDraw(steps, REWARD_PARTS, {})(VIEW);
    expect(table.columns).toEqual(['Challenger step', 'iteration', 'reward', 'uncertainty', 'repetition (−)']);
    expect(table.row(2)).toEqual([3, 2, 0.3, 0.5, 0.2]);
  });
});
