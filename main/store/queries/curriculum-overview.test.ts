import { describe, expect, it } from 'vitest';
import { curriculumQueries } from '../../../preload/contract/curriculum.js';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import { finishCurriculum, writeQuestions, writeUse } from '../../../test/support/question-fixtures.js';
import { makeLargeStore } from '../../../test/support/large-store.js';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { testRecipe } from '../../../test/support/store-fixtures.js';
import { wilson } from '../../lib/statistics.js';
import type { Database } from '../database.js';
import { createRun } from '../runs.js';
import { curriculumOverview } from './curriculum-overview.js';
import { countQuestions } from './questions-page.js';
import { runNumber } from './run-number.js';

let db: Database;
databasePerTest((opened) => {
  db = opened;
});

const overview = (run: string) => curriculumQueries.overview.output.parse(curriculumOverview(db, { run }));

describe('a curriculum in figures', () => {
  // Ten questions counted by hand. Would catch: shares over the wrong whole, duplicates counted as distinct, the
  // difficulty of what was dropped before voting, an accuracy over questions that were not kept.
  it('agrees with a count by hand', () => {
    const run = createRun(db, { recipe: testRecipe() });
    const keys = writeQuestions(db, run.number, 5, [
      { item: 0, pHat: 0.5, right: true, kept: true, difficulty: 2, topic: 'sums' },
      { item: 1, pHat: 0.5, right: false, kept: true, difficulty: 4, topic: 'sums' },
      { item: 2, pHat: 0.75, right: true, kept: true, difficulty: 6, topic: 'differences' },
      { item: 3, pHat: 1, right: true, drop: 'too easy', difficulty: 2, topic: 'sums' },
      { item: 4, pHat: 0.25, right: false, drop: 'too hard', difficulty: 6 },
      { item: 5, drop: 'exact duplicate', difficulty: 100, topic: 'sums' },
      { item: 6, drop: 'exact duplicate', difficulty: 100 },
      { item: 7, drop: 'held-out' },
      { item: 8, invalid: 'cut off' },
      { item: 9, invalid: 'cut off' },
    ]);
    writeUse(db, run.number, { seq: 6, iteration: 1, step: 0, key: keys[0] ?? 0 });
    writeUse(db, run.number, { seq: 7, iteration: 1, step: 1, key: keys[0] ?? 0 });
    const asked = { phase: 'challenger', step: 0 } as const;
    writeQuestions(db, run.number, 1, [
      { ...asked, item: 0, pHat: 0.5, cluster: [0, 2], reward: [0.5, 1, 0.5], difficulty: 3 },
      { ...asked, item: 1, pHat: 0.5, sameAs: 0, cluster: [0, 2], reward: [0.5, 1, 0.5], difficulty: 3 },
      { ...asked, item: 2, pHat: 1, cluster: [1, 1], reward: [0, 0, 0.25], difficulty: 6 },
      { ...asked, item: 3, invalid: 'cut off', reward: [-1, 0, 0] },
    ]);
    const { band, iterations } = overview(run.id);
    expect(band).toEqual({ low: 0.25, high: 0.75, filtered: true });
    const [only] = iterations;
    expect(iterations).toHaveLength(1);
    expect(only?.finished).toBe(false);
    const funnel = Object.fromEntries(Object.entries(only?.funnel ?? {}).map(([name, { count }]) => [name, count]));
    expect(funnel).toEqual({ generated: 10, valid: 8, distinct: 5, labelled: 5, kept: 3, used: 1 });
    expect(only?.reasons.map(({ reason, stage, count }) => [reason, stage, count])).toEqual([
      ['cut off', 'invalid', 2],
      ['exact duplicate', 'dropped', 2],
      ['held-out', 'dropped', 1],
      ['too easy', 'dropped', 1],
      ['too hard', 'dropped', 1],
    ]);
    expect(only?.shares.map(({ share, count, kept, right, wrong }) => [share, count, kept, right, wrong])).toEqual([
      [0, 0, 0, 0, 0],
      [0.25, 1, 0, 0, 1],
      [0.5, 2, 2, 1, 1],
      [0.75, 1, 1, 1, 0],
      [1, 1, 0, 1, 0],
    ]);
    expect(only?.pHat?.mean).toBeCloseTo(0.6, 12);
    expect(only?.difficulty).toMatchObject({ n: 5, mean: 4 });
    expect(only?.difficulty?.deviation).toBeCloseTo(Math.sqrt(16 / 5), 12);
    expect(only?.keptDifficulty?.deviation).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(only?.levels.map(({ difficulty, count, meanPHat }) => [difficulty, count, meanPHat])).toEqual([
      [2, 2, 0.75],
      [4, 1, 0.5],
      [6, 2, 0.5],
    ]);
    expect(only?.topics).toMatchObject([
      { topic: 'sums', count: 3, kept: 2, meanPHat: 2 / 3, right: 2, wrong: 1 },
      { topic: 'differences', count: 1, kept: 1, meanPHat: 0.75, filter: { iteration: 1, topic: 'differences' } },
    ]);
    expect(only?.challenger).toMatchObject([
      {
        step: 0,
        count: 4,
        valid: 3,
        distinct: 2,
        clusters: 2,
        reward: 0,
        uncertainty: 0.5,
        repetition: 0.3125,
        difficulty: 4,
      },
    ]);
    expect(only?.clusterSizes.map(({ size, clusters, questions }) => [size, clusters, questions])).toEqual([
      [1, 1, 1],
      [2, 1, 2],
    ]);
    expect(only?.diversity).toEqual({ distinctShare: 5 / 8, challengerDistinctShare: 2 / 3, meanClusterSize: 1.5 });
    expect(only?.labelAccuracy).toMatchObject({ oracle: { estimate: wilson(2, 3) }, audit: null, reviewed: 0 });
    finishCurriculum(db, run.number, 7);
    expect(overview(run.id).iterations[0]?.finished).toBe(true);
  });

  // Would catch: overlaps that are seen only where they were left out, or only where they were kept; a figure that opens
  // other questions; a record from before overlaps were kept, whose reasons alone know them.
  it('tells overlaps with a benchmark, left out or only counted', () => {
    const run = createRun(db, { recipe: testRecipe() });
    writeQuestions(db, run.number, 5, [
      { item: 0, drop: 'held-out', heldOut: 'exact' },
      { item: 1, drop: 'held-out' },
      { item: 2, drop: 'held-out, near', heldOut: 'near' },
      { item: 3, pHat: 0.5, kept: true, heldOut: 'near' },
      { item: 4, pHat: 0.5, kept: true },
      { item: 5, invalid: 'cut off' },
    ]);
    const overlaps = overview(run.id).iterations[0]?.overlaps ?? [];
    expect(overlaps.map(({ kind, count, kept }) => [kind, count, kept.count])).toEqual([
      ['exact', 2, 0],
      ['near', 2, 1],
    ]);
    for (const { count, filter, kept } of overlaps) {
      expect(countQuestions(db, run.number, filter)).toBe(count);
      expect(countQuestions(db, run.number, kept.filter)).toBe(kept.count);
    }
    expect(countQuestions(db, run.number, { heldOut: 'any' })).toBe(4);
    expect(countQuestions(db, run.number, { heldOut: 'none' })).toBe(2);
  });

  // Would catch: a mark in a chart that opens other questions than it counts.
  it('counts what its filters find, everywhere', () => {
    const store = makeLargeStore(db.dataDir, {
      questions: 900,
      metricPoints: 100,
      iterations: 3,
      votes: 0,
      smallRuns: 0,
    });
    const id = store.runs[0]?.id ?? '';
    const run = runNumber(db, id);
    let checked = 0;
    const check = (count: number, filter: QuestionFilter): void => {
      expect(countQuestions(db, run, filter), JSON.stringify(filter)).toBe(count);
      checked++;
    };
    for (const { funnel, reasons, shares, levels, challenger, clusterSizes, labelAccuracy } of overview(id)
      .iterations) {
      for (const { count, filter } of [...Object.values(funnel), ...reasons, ...shares, ...levels, ...challenger])
        check(count, filter);
      for (const { questions, filter } of clusterSizes) check(questions, filter);
      const { oracle } = labelAccuracy;
      check(Math.round((oracle?.estimate.value ?? 0) * (oracle?.estimate.n ?? 0)), oracle?.right ?? {});
      check(Math.round((1 - (oracle?.estimate.value ?? 0)) * (oracle?.estimate.n ?? 0)), oracle?.wrong ?? {});
    }
    expect(checked).toBeGreaterThan(90);
    store.db.close();
  });
});
