/**
 * What a judge is asked about: pseudo-labels of kept questions, or greedy evaluation answers that the rules did not call
 * right. A sample is drawn by seed within each iteration (and benchmark), before anything is known of the verdicts; a
 * larger one of the same seed holds the smaller one, so that asking goes on where it ended.
 */
import type { JudgeVerdict } from '../../../preload/contract/oracles.js';
import { LabError } from '../../lib/errors.js';
import { RandomKey } from '../../lib/random.js';
import type { Database } from '../database.js';
import { questionPlace, questionRange } from '../keys.js';
import { FACTS } from '../queries/question-filter.js';
import { finishedCurricula } from '../review-audits.js';

export interface Drawing {
  /** Null: all. */
  readonly iteration: number | null;
  /** Per stratum; null: all. */
  readonly sample: number | null;
  readonly seed: number;
}

export interface LabelItem {
  readonly question: number;
  readonly iteration: number;
  readonly normal: string;
  readonly text: string;
  readonly label: string;
}

export interface AnswerItem {
  readonly iteration: number;
  readonly benchmark: string;
  readonly item: number;
  readonly sample: number;
  readonly question: string;
  readonly truth: string;
  readonly text: string;
  readonly extracted: string | null;
  /** Characters of the text, as SQLite counts them. */
  readonly length: number;
}

export interface Drawn<T> {
  readonly items: readonly T[];
  readonly frame: number;
}

function draw<T>(all: readonly T[], { sample, seed }: Drawing, stratum: readonly (string | number)[]): readonly T[] {
  if (sample === null) return all;
  return RandomKey.of(seed, 'judge', ...stratum)
    .stream()
    .shuffled(all)
    .slice(0, sample);
}

/** One of each in turn, so that what was asked before a stop is of all strata. */
function inTurn<T>(strata: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...strata.map((items) => items.length));
  return Array.from({ length: longest }, (_, i) => i).flatMap((i) => strata.flatMap((items) => items.slice(i, i + 1)));
}

/** @throws LabError('usage') where no finished curriculum has kept anything */
export function labelItems(db: Database, run: number, drawing: Drawing): Drawn<LabelItem> {
  const finished = finishedCurricula(db, run);
  const asked = drawing.iteration === null ? finished : finished.filter((i) => i === drawing.iteration);
  const frames = asked.map((iteration) => ({ iteration, keys: keptLabels(db, run, iteration) }));
  const frame = frames.reduce((sum, { keys }) => sum + keys.length, 0);
  if (frame === 0) throw nothingToJudge(drawing.iteration, 'no finished curriculum with kept questions');
  const keys = inTurn(frames.map(({ iteration, keys: all }) => draw(all, drawing, [iteration])));
  return { items: labelled(db, run, keys), frame };
}

function nothingToJudge(iteration: number | null, what: string): LabError {
  return new LabError('usage', `${iteration === null ? 'The run' : `Iteration ${iteration}`} has ${what}.`, {
    remedy: 'Wait until it has, or name an iteration that does with --iteration.',
  });
}

function keptLabels(db: Database, run: number, iteration: number): number[] {
  const { from, to } = questionRange(iteration, 'curriculum');
  return db
    .all<{ question: number }>(
      `SELECT question FROM ${FACTS} WHERE run = ? AND question >= ? AND question < ? AND kept = 1 ORDER BY question`,
      ...[run, from, to],
    )
    .map((row) => row.question);
}

/** In the order in which the keys stand. */
function labelled(db: Database, run: number, keys: readonly number[]): LabelItem[] {
  const rows = db.all<Omit<LabelItem, 'iteration'>>(
    `SELECT q.question, coalesce(q.normal_form, q.text) AS normal, q.text, q.label
     FROM json_each(?) k CROSS JOIN questions q ON q.run = ? AND q.question = k.value
     WHERE q.text IS NOT NULL AND q.label IS NOT NULL ORDER BY k.key`,
    ...[JSON.stringify(keys), run],
  );
  return rows.map((row) => ({ ...row, iteration: questionPlace(row.question).iteration }));
}

/** @throws LabError('usage') where there is no evaluation with a miss */
export function answerItems(db: Database, run: number, drawing: Drawing): Drawn<AnswerItem> {
  const all = db.all<AnswerItem>(
    `SELECT a.iteration, a.benchmark, a.item, a.sample, q.text AS question, q.truth, a.text, a.extracted, length(a.text) AS length
     FROM evaluation_answers a
     JOIN evaluation_questions q ON q.run = a.run AND q.benchmark = a.benchmark AND q.item = a.item
     WHERE a.run = ?1 AND (?2 IS NULL OR a.iteration = ?2) AND a.sample = 0 AND a.correct IS NOT 1
     ORDER BY a.iteration, a.benchmark, a.item`,
    ...[run, drawing.iteration],
  );
  if (all.length === 0) throw nothingToJudge(drawing.iteration, 'no evaluation answer that the rules called wrong');
  const strata = new Map<string, AnswerItem[]>();
  for (const item of all) {
    const key = `${item.iteration} ${item.benchmark}`;
    const stratum = strata.get(key) ?? [];
    strata.set(key, stratum);
    stratum.push(item);
  }
  const drawn = [...strata.values()].map((items) => {
    const [first] = items;
    return first ? draw(items, drawing, [first.iteration, first.benchmark]) : [];
  });
  return { items: inTurn(drawn), frame: all.length };
}

export interface Decision {
  readonly verdict: JudgeVerdict;
  readonly answered: boolean;
}

/** What stands of a judge, by question. */
export function labelDecisions(db: Database, run: number, judge: number): Map<number, Decision> {
  const rows = db.all<{ question: number; verdict: JudgeVerdict; answered: number }>(
    'SELECT question, verdict, answered FROM judge_verdicts_standing WHERE run = ? AND judge = ?',
    ...[run, judge],
  );
  return new Map(rows.map(({ question, verdict, answered }) => [question, { verdict, answered: answered === 1 }]));
}

export const answerKey = (of: Pick<AnswerItem, 'iteration' | 'benchmark' | 'item' | 'sample'>): string =>
  `${of.iteration} ${of.item} ${of.sample} ${of.benchmark}`;

/** What stands of a judge, by `answerKey`. */
export function answerDecisions(db: Database, run: number, judge: number): Map<string, Decision> {
  const rows = db.all<AnswerItem & { verdict: JudgeVerdict; answered: number }>(
    `SELECT iteration, benchmark, item, sample, verdict, answered FROM judge_answers_standing WHERE run = ? AND judge = ?`,
    ...[run, judge],
  );
  return new Map(rows.map((row) => [answerKey(row), { verdict: row.verdict, answered: row.answered === 1 }]));
}
