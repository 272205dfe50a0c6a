/**
 * How well two oracles agree on the questions that both have a verdict on: right, or not right (wrong, ambiguous,
 * unsolvable). The raw share with Wilson's interval, Cohen's κ with its large-sample interval (lib/agreement.ts), and a
 * note where κ says less than it seems: an oracle that says the same of everything agrees with nobody beyond chance.
 */
import type { OraclePair } from '../../../preload/contract/oracles.js';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import { cohensKappa } from '../../lib/agreement.js';
import { wilson } from '../../lib/statistics.js';
import type { Database } from '../database.js';
import { FACTS } from '../queries/question-filter.js';
import type { Voice } from './voices.js';

/** Below, the large-sample interval is not to be trusted. */
const FEW = 20;

const DRAWN = `EXISTS (SELECT 1 FROM review_audit_items i JOIN review_audits w ON w.id = i.audit
  WHERE w.run = k.run AND i.question = k.question)`;

interface Between {
  readonly db: Database;
  readonly run: number;
  readonly range: { readonly from: number; readonly to: number };
  /** What every list of questions is limited to. */
  readonly place: QuestionFilter;
}

export function agreementOf(of: Between, voices: readonly Voice[]): OraclePair[] {
  return voices.flatMap((a, i) => voices.slice(i + 1).flatMap((b) => pairOf(of, a, b) ?? []));
}

function pairOf({ db, run, range, place }: Between, a: Voice, b: Voice): OraclePair | null {
  const [left, right] = [a.says(run, range), b.says(run, range)];
  const byPeople = a.kind === 'human' || b.kind === 'human';
  const rows = db.all<{ a: number; b: number; n: number; drawn: number }>(
    `SELECT a.says AS a, b.says AS b, count(*) AS n,
       total(${byPeople ? DRAWN : 'false'}) AS drawn
     FROM (${left.text}) a JOIN (${right.text}) b ON b.question = a.question
     JOIN (SELECT run, question FROM ${FACTS} WHERE run = ? AND question >= ? AND question < ? AND kept = 1) k ON k.question = a.question
     GROUP BY 1, 2`,
    ...[...left.values, ...right.values, run, range.from, range.to],
  );
  const count = (x: number, y: number): number => rows.find((row) => row.a === x && row.b === y)?.n ?? 0;
  const table = [
    [count(1, 1), count(1, 0)],
    [count(0, 1), count(0, 0)],
  ];
  const n = table.flat().reduce((sum, cell) => sum + cell, 0);
  if (n === 0) return null;
  const drawn = rows.reduce((sum, row) => sum + row.drawn, 0);
  const note = noteOf(table, a.kind === 'vote');
  const { expected, kappa: exact } = cohensKappa(table);
  // 0 by its definition where one of them is constant, and not what rounding makes of it.
  const kappa = exact && (note === 'vote' || note === 'constant') ? { value: 0, low: 0, high: 0, n } : exact;
  return {
    ...{ a: a.key, b: b.key, n, table, expected, kappa },
    chosen: byPeople ? n - drawn : 0,
    observed: wilson(count(1, 1) + count(0, 0), n),
    note,
    aOnly: { ...place, ...a.right, ...b.notRight },
    bOnly: { ...place, ...b.right, ...a.notRight },
  };
}

function noteOf(table: readonly (readonly number[])[], vote: boolean): OraclePair['note'] {
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  const n = at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1);
  if (vote) return 'vote';
  if (at(0, 0) === n || at(1, 1) === n) return 'one-category';
  const constant = [at(0, 0) + at(0, 1), at(0, 0) + at(1, 0)].some((sum) => sum === 0 || sum === n);
  if (constant) return 'constant';
  if (at(0, 1) + at(1, 0) === 0) return 'all-agree';
  return n < FEW ? 'few' : null;
}
