/**
 * The curriculum of each iteration in figures, from the rows themselves, so that a figure and the list behind it cannot
 * differ. Every query reads one range of keys in the index of facts.
 */
import type { z } from 'zod';
import type { curriculumQueries, IterationCurriculum } from '../../../preload/contract/curriculum.js';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { wilson } from '../../lib/statistics.js';
import type { Database } from '../database.js';
import { questionRange } from '../keys.js';
import { finishedCurricula, listAudits, statisticsOf } from '../review-audits.js';
import { challengerFigures } from './curriculum-challenger.js';
import { levelsOf, sharesOf, topicsOf } from './curriculum-histograms.js';
import { FACTS, filterCondition } from './question-filter.js';
import { runNumber } from './run-number.js';
import { storedJson } from '../stored-json.js';

type Input = z.output<typeof curriculumQueries.overview.input>;
type Output = z.output<typeof curriculumQueries.overview.output>;

/** A range of keys of one run, and the filter that says the same. */
export interface Part {
  readonly db: Database;
  readonly run: number;
  readonly from: number;
  readonly to: number;
}

export const OF_PART = `FROM ${FACTS} WHERE run = ? AND question >= ? AND question < ?`;

export function curriculumOverview(db: Database, input: Input): Output {
  return db.snapshot(() => {
    const run = runNumber(db, input.run);
    const { recipe, iterations } = db.get<{ recipe: string; iterations: number }>(
      'SELECT recipe, iterations FROM runs WHERE number = ?',
      run,
    ) ?? { recipe: '{}', iterations: 0 };
    const { band, filter } = storedJson<Recipe>(recipe).curriculum;
    const finished = new Set(finishedCurricula(db, run));
    const asked =
      input.iteration === undefined ? Array.from({ length: iterations }, (_, i) => i + 1) : [input.iteration];
    return {
      band: { ...band, filtered: filter },
      iterations: asked
        .map((iteration) => iterationOf(db, run, { iteration, finished: finished.has(iteration), id: input.run }))
        .filter((i) => i.challenger.length > 0 || i.funnel.generated.count > 0),
    };
  });
}

function iterationOf(
  db: Database,
  run: number,
  { iteration, finished, id }: { readonly iteration: number; readonly finished: boolean; readonly id: string },
): IterationCurriculum {
  const curriculum: Part = { db, run, ...questionRange(iteration, 'curriculum') };
  const challenger: Part = { db, run, ...questionRange(iteration, 'challenger') };
  const place = { iteration, phase: 'curriculum' } as const;
  const counts = countsOf(curriculum);
  const asks = challengerFigures(challenger, iteration);
  return {
    iteration,
    finished,
    funnel: {
      generated: { count: counts.generated, filter: place },
      valid: { count: counts.valid, filter: { ...place, valid: true } },
      distinct: { count: counts.labelled, filter: { ...place, valid: true, labelled: true } },
      labelled: { count: counts.labelled, filter: { ...place, valid: true, labelled: true } },
      kept: { count: counts.kept, filter: { ...place, kept: true } },
      used: { count: usedOf(curriculum), filter: { ...place, used: true } },
    },
    overlaps: overlapsOf(curriculum, place),
    reasons: reasonsOf(curriculum, place),
    shares: sharesOf(curriculum, place),
    pHat: spread(counts.labelled, counts.p, counts.p2),
    difficulty: spread(counts.difficult, counts.d, counts.d2),
    keptDifficulty: spread(counts.kd_n, counts.kd, counts.kd2),
    levels: levelsOf(curriculum, place),
    topics: topicsOf(curriculum, place),
    challenger: asks.steps,
    clusterSizes: asks.clusterSizes,
    diversity: {
      distinctShare: counts.valid > 0 ? counts.labelled / counts.valid : null,
      challengerDistinctShare: asks.distinctShare,
      meanClusterSize: asks.meanClusterSize,
    },
    labelAccuracy: {
      oracle:
        counts.right + counts.wrong > 0
          ? {
              estimate: wilson(counts.right, counts.right + counts.wrong),
              right: { ...place, kept: true, label: 'right' },
              wrong: { ...place, kept: true, label: 'wrong' },
            }
          : null,
      audit: auditOf(db, run, { iteration, id }),
      reviewed: reviewedOf(curriculum),
    },
  };
}

interface Counts {
  readonly generated: number;
  readonly valid: number;
  readonly labelled: number;
  readonly kept: number;
  readonly right: number;
  readonly wrong: number;
  readonly p: number;
  readonly p2: number;
  readonly difficult: number;
  readonly d: number;
  readonly d2: number;
  readonly kd_n: number;
  readonly kd: number;
  readonly kd2: number;
}

/** Difficulties are those of distinct questions, as in the final table. */
function countsOf({ db, run, from, to }: Part): Counts {
  const labelled = 'votes IS NOT NULL';
  return db.get<Counts>(
    `SELECT count(*) AS generated, total(valid) AS valid, count(votes) AS labelled, total(kept) AS kept,
       total(kept AND label_correct = 1) AS right, total(kept AND label_correct = 0) AS wrong,
       total(p_hat) AS p, total(p_hat * p_hat) AS p2,
       count(iif(${labelled}, difficulty, NULL)) AS difficult, total(iif(${labelled}, difficulty, NULL)) AS d,
       total(iif(${labelled}, difficulty * difficulty, NULL)) AS d2,
       count(iif(kept, difficulty, NULL)) AS kd_n, total(iif(kept, difficulty, NULL)) AS kd,
       total(iif(kept, difficulty * difficulty, NULL)) AS kd2
     ${OF_PART}`,
    run,
    from,
    to,
  ) as Counts;
}

/** Mean and population deviation from sums. */
function spread(n: number, sum: number, squares: number): IterationCurriculum['pHat'] {
  if (n === 0) return null;
  const mean = sum / n;
  return { n, mean, deviation: Math.sqrt(Math.max(0, squares / n - mean * mean)) };
}

function usedOf({ db, run, from, to }: Part): number {
  return (
    db.get<{ n: number }>(
      'SELECT count(DISTINCT question) AS n FROM question_uses WHERE run = ? AND question >= ? AND question < ?',
      ...[run, from, to],
    )?.n ?? 0
  );
}

/** Most frequent first. */
function reasonsOf({ db, run, from, to }: Part, place: object): IterationCurriculum['reasons'] {
  return db
    .all<{ reason: string; invalid: number; n: number }>(
      `SELECT coalesce(invalid_reason, drop_reason) AS reason, valid = 0 AS invalid, count(*) AS n ${OF_PART}
         AND (invalid_reason IS NOT NULL OR drop_reason IS NOT NULL)
       GROUP BY 1, 2 ORDER BY n DESC, reason`,
      ...[run, from, to],
    )
    .map(({ reason, invalid, n }) => ({
      reason,
      stage: invalid ? ('invalid' as const) : ('dropped' as const),
      count: n,
      filter: { ...place, valid: invalid === 0, reason },
    }));
}

/** By the filters themselves, so that a figure is what it opens. */
function overlapsOf({ db, run }: Part, place: QuestionFilter): IterationCurriculum['overlaps'] {
  return (['exact', 'near'] as const).flatMap((kind) => {
    const filter = { ...place, heldOut: kind };
    const found = filterCondition(run, filter);
    const { n, kept } = db.get<{ n: number; kept: number }>(
      `SELECT count(*) AS n, total(kept) AS kept FROM ${FACTS} WHERE ${found.text}`,
      ...found.values,
    ) ?? { n: 0, kept: 0 };
    return n === 0 ? [] : [{ kind, count: n, filter, kept: { count: kept, filter: { ...filter, kept: true } } }];
  });
}

function auditOf(
  db: Database,
  run: number,
  { iteration, id }: { readonly iteration: number; readonly id: string },
): IterationCurriculum['labelAccuracy']['audit'] {
  for (const audit of listAudits(db, { run: id })) {
    if (audit.iteration !== iteration) continue;
    const { accuracy } = statisticsOf(db, run, audit.id);
    if (accuracy) return { audit: audit.id, estimate: accuracy };
  }
  return null;
}

function reviewedOf({ db, run, from, to }: Part): number {
  return (
    db.get<{ n: number }>(
      `SELECT count(*) AS n FROM review_states s JOIN questions q ON q.run = s.run AND q.question = s.question
       WHERE s.run = ? AND s.question >= ? AND s.question < ? AND s.pass = 'first' AND s.verdict IS NOT NULL AND q.kept = 1`,
      ...[run, from, to],
    )?.n ?? 0
  );
}
