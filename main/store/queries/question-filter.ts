/**
 * A filter of the contract as SQL over `questions q INDEXED BY questions_facts`. Iteration, phase and step are digits of
 * the key, so they become a range of it; everything else is read from that index, without touching a text.
 */
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import { KEY_SQL, questionRange } from '../keys.js';
import { searchCondition } from './question-search.js';
import { all, sql, type Sql } from './sql.js';

/** The questions without their texts. */
export const FACTS = 'questions q INDEXED BY questions_facts';
/** Shares are k/m in floating point: 0.3 must find 3 of 10. */
const TOLERANCE = 1e-9;

type Condition<K extends keyof QuestionFilter> = (value: NonNullable<QuestionFilter[K]>, run: number) => Sql;

function inRange(column: string): (range: { min?: number; max?: number }) => Sql {
  return ({ min, max }) =>
    all([
      sql(`${column} IS NOT NULL`),
      ...(min === undefined ? [] : [sql(`${column} >= ?`, min - TOLERANCE)]),
      ...(max === undefined ? [] : [sql(`${column} <= ?`, max + TOLERANCE)]),
    ]);
}

/**
 * The index of facts has no overlaps, but they have a small one of their own. Records older than version 12 know them by
 * the reason for which a question left.
 */
function overlapping(kinds: readonly ('exact' | 'near')[], run: number): Sql {
  const among = kinds.map(() => '?').join(', ');
  return sql(
    `(question IN (SELECT question FROM questions INDEXED BY questions_held_out
        WHERE run = ? AND held_out IS NOT NULL AND held_out IN (${among}))
      OR ${kinds.includes('exact') ? `coalesce(invalid_reason, drop_reason, '') = 'held-out'` : 'FALSE'})`,
    ...[run, ...kinds],
  );
}

const USED = 'IN (SELECT question FROM question_uses WHERE run = ?)';

const CONDITIONS: {
  readonly [K in Exclude<keyof QuestionFilter, 'iteration' | 'phase' | 'step' | 'search'>]-?: Condition<K>;
} = {
  valid: (valid) => sql('valid = ?', valid),
  labelled: (labelled) => sql(labelled ? 'votes IS NOT NULL' : 'votes IS NULL'),
  kept: (kept) => sql('kept = ?', kept),
  reason: (reason) => sql('(invalid_reason = ? OR drop_reason = ?)', reason, reason),
  heldOut: (which, run) => {
    if (which === 'exact' || which === 'near') return overlapping([which], run);
    const { text, values } = overlapping(['exact', 'near'], run);
    return sql(which === 'any' ? text : `NOT ${text}`, ...values);
  },
  pHat: inRange('p_hat'),
  difficulty: inRange('difficulty'),
  topic: (topic) => sql('topic = ?', topic),
  clusterSize: inRange('cluster_size'),
  label: (label) => sql(label === 'unknown' ? 'label_correct IS NULL' : `label_correct = ${label === 'right' ? 1 : 0}`),
  review: (review, run) => {
    const states = `SELECT question FROM review_states WHERE run = ? AND pass = 'first'`;
    if (review === 'unreviewed') return sql(`question NOT IN (${states} AND status <> 'open')`, run);
    if (review === 'reviewed' || review === 'discarded')
      return sql(`question IN (${states} AND status = ?)`, run, review);
    if (review === 'not-correct')
      return sql(`question IN (${states} AND verdict IN ('wrong-label', 'ambiguous', 'unsolvable'))`, run);
    return sql(`question IN (${states} AND verdict = ?)`, run, review);
  },
  judged: ({ by, as }, run) => {
    const said = 'SELECT question FROM judge_verdicts_standing WHERE run = ? AND (? IS NULL OR judge = ?)';
    const of = [run, by, by] as const;
    if (as === 'not-judged') return sql(`question NOT IN (${said})`, ...of);
    if (as === 'not-correct')
      return sql(`question IN (${said} AND verdict IN ('wrong', 'ambiguous', 'unsolvable'))`, ...of);
    return sql(`question IN (${said} AND verdict = ?)`, ...of, as);
  },
  used: (used, run) => sql(`question ${used ? '' : 'NOT '}${USED}`, run),
  usedIn: ({ iteration, step }, run) =>
    sql(
      `question IN (SELECT question FROM question_uses INDEXED BY question_uses_by_step
         WHERE run = ? AND iteration = ? AND step BETWEEN ? AND ?)`,
      ...[run, iteration, step ?? 0, step ?? Number.MAX_SAFE_INTEGER],
    ),
  cluster: ({ iteration, step, cluster }) => {
    const { from, to } = questionRange(iteration, 'challenger', step);
    return sql('question >= ? AND question < ? AND cluster = ?', from, to, cluster);
  },
};

function place({ iteration, phase, step }: QuestionFilter): Sql[] {
  const inKey = (range: { from: number; to: number }): Sql =>
    sql('question >= ? AND question < ?', range.from, range.to);
  const isPhase = (): Sql => sql(`${KEY_SQL.isCurriculum} = ?`, phase === 'curriculum');
  const isStep = (): Sql => sql(`${KEY_SQL.step} = ?`, step);
  if (iteration === undefined) return [...(phase ? [isPhase()] : []), ...(step === undefined ? [] : [isStep()])];
  if (phase === undefined) return [inKey(questionRange(iteration)), ...(step === undefined ? [] : [isStep()])];
  return [inKey(questionRange(iteration, phase, step))];
}

/** Conditions that a question of the run must meet, on the columns of FACTS. */
export function filterCondition(run: number, filter: QuestionFilter): Sql {
  const parts: Sql[] = [sql('q.run = ?', run), ...place(filter)];
  for (const name of Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]) {
    const value = filter[name];
    if (value !== undefined) parts.push((CONDITIONS[name] as (v: unknown, run: number) => Sql)(value, run));
  }
  const search = filter.search === undefined ? null : searchCondition(run, filter.search);
  return all(search ? [...parts, search] : parts);
}
