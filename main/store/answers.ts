/** Every answer to every question: votes, votes on the rewritten form, and the Solver's rollouts with their reward. */
import type { Database } from './database.js';
import { mapper } from './mapper.js';

export interface Answer {
  /** `questionKey()` of the question. */
  readonly key: number;
  readonly source: 'vote' | 'rewrite' | 'solver';
  /** In which the answer was given. */
  readonly iteration: number;
  /** Of the Solver phase; 0 for votes. */
  readonly step: number;
  readonly sample: number;
  readonly text: string;
  readonly extracted: string | null;
  readonly canonical: string | null;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
  readonly reward?: number | null;
  readonly advantage?: number | null;
}

const answer = mapper<Answer>({
  key: 'question',
  source: 'source',
  iteration: 'iteration',
  step: 'step',
  sample: 'sample',
  text: 'text',
  extracted: 'extracted',
  canonical: 'canonical',
  tokens: 'tokens',
  finish: 'finish',
  reward: 'reward',
  advantage: 'advantage',
});
const COLUMNS = ['run', 'seq', ...answer.columns];

export function insertAnswers(db: Database, run: number, seq: number, rows: readonly Answer[]): void {
  db.insertMany(
    'answers',
    COLUMNS,
    rows.map((row) => [run, seq, ...answer.values(row)]),
  );
}

/** All answers to questions whose keys lie in [from, to), in the order of question, source, step and sample. */
export function readAnswers(
  db: Database,
  run: number,
  range: { readonly from: number; readonly to: number; readonly source?: Answer['source'] },
): Required<Answer>[] {
  const rows = db.all(
    `SELECT ${answer.select} FROM answers WHERE run = ? AND question >= ? AND question < ? AND (? IS NULL OR source = ?)
     ORDER BY question, source, iteration, step, sample`,
    run,
    range.from,
    range.to,
    range.source,
    range.source,
  );
  return rows.map((row) => answer.read(row) as Required<Answer>);
}
