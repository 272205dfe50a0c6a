/** What corrected the data of a Solver phase: rows the loop writes, and what they say about the run. */
import type { AppliedReview, reviewQueries } from '../../preload/contract/reviews.js';
import type { z } from 'zod';
import type { Database, Row } from './database.js';
import { mapper } from './mapper.js';
import { runNumber } from './queries/run-number.js';
import { reviewSwitches } from './review-use.js';

/** The source whose word is a person's. Others may judge labels without bringing in data from outside. */
const PEOPLE = 'reviews';

export interface CorrectionRow {
  /** `questionKey()` of the question. */
  readonly key: number;
  readonly source: string;
  readonly effect: 'removed' | 'relabelled';
  readonly verdict: string | null;
  readonly oldLabel: string;
  readonly newLabel: string | null;
  readonly author: string;
  readonly entry: number | null;
}

export interface CorrectionRound {
  readonly iteration: number;
  readonly source: string;
  readonly removed: number;
  readonly relabelled: number;
  readonly remaining: number;
}

const correction = mapper<CorrectionRow>({
  key: 'question',
  source: 'source',
  effect: 'effect',
  verdict: 'verdict',
  oldLabel: 'old_label',
  newLabel: 'new_label',
  author: 'author',
  entry: 'entry',
});
const round = mapper<CorrectionRound>({
  iteration: 'iteration',
  source: 'source',
  removed: 'removed',
  relabelled: 'relabelled',
  remaining: 'remaining',
});

export function insertCorrections(db: Database, run: number, seq: number, rows: readonly CorrectionRow[]): void {
  db.insertMany(
    'corrections',
    ['run', 'seq', ...correction.columns],
    rows.map((row) => [run, seq, ...correction.values(row)]),
  );
}

export function insertCorrectionRounds(db: Database, run: number, seq: number, rows: readonly CorrectionRound[]): void {
  db.insertMany(
    'correction_rounds',
    ['run', 'seq', ...round.columns],
    rows.map((row) => [run, seq, ...round.values(row)]),
  );
}

/**
 * Whether nothing from outside has changed what the Solver of this run learnt from: no review, no data it was fine-tuned on,
 * itself or the run whose weights it began with. In SQL over a run's number.
 */
/** That nobody's reviews changed what a run learnt from. */
export const UNREVIEWED_SQL = (run: string): string =>
  `NOT EXISTS (SELECT 1 FROM corrections WHERE corrections.run = ${run} AND corrections.source = '${PEOPLE}')`;

export const ZERO_DATA_SQL = (run: string): string =>
  `${UNREVIEWED_SQL(run)}
   AND NOT EXISTS (SELECT 1 FROM runs AS tuned WHERE tuned.number = ${run} AND json_extract(tuned.recipe, '$.sft') IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM run_origins AS origin WHERE origin.run = ${run} AND origin.zero_data = 0)`;

export function isZeroData(db: Database, run: number): boolean {
  return db.get<{ zero: number }>(`SELECT ${ZERO_DATA_SQL('?1')} AS zero`, run)?.zero === 1;
}

type Applied = (typeof reviewQueries)['applied'];

/** Which reviews took effect, when and in which iteration. */
export function appliedReviews(db: Database, input: z.output<Applied['input']>): z.output<Applied['output']> {
  const run = runNumber(db, input.run);
  const { iteration } = input;
  const when = (of: string): string =>
    `(SELECT t.ended_at FROM timings t WHERE t.run = ${of}.run AND t.seq = ${of}.seq AND t.name = 'unit')`;
  return db.snapshot(() => ({
    iterations: db
      .all(
        `SELECT iteration, removed, relabelled, remaining, ${when('r')} AS time FROM correction_rounds r
         WHERE run = ? AND source = '${PEOPLE}' AND (? IS NULL OR iteration = ?) ORDER BY iteration`,
        ...[run, iteration, iteration],
      )
      .map((row) => ({
        iteration: Number(row.iteration),
        removed: Number(row.removed),
        relabelled: Number(row.relabelled),
        left: Number(row.remaining),
        time: row.time as number | null,
      })),
    reviews: db
      .all(
        `SELECT c.*, q.iteration, q.text, ${when('c')} AS time FROM corrections c
         JOIN questions q ON q.run = c.run AND q.question = c.question
         WHERE c.run = ? AND c.source = '${PEOPLE}' AND (? IS NULL OR q.iteration = ?) ORDER BY c.question`,
        ...[run, iteration, iteration],
      )
      .map(appliedOf),
    switches: reviewSwitches(db, run),
  }));
}

function appliedOf(row: Row): AppliedReview {
  const { key, effect, verdict, oldLabel, newLabel, author, entry } = correction.read(row);
  return {
    iteration: Number(row.iteration),
    question: key,
    text: String(row.text),
    effect,
    verdict: verdict as AppliedReview['verdict'],
    oldLabel,
    newLabel,
    reviewer: author,
    entry,
    time: row.time as number | null,
  };
}
