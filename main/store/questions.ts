/**
 * The fate of every question. A row is written when the question is generated; votes, label and decision may follow in
 * later units of work, each once, and each with its own `seq`, so that resuming takes back exactly what came after. The
 * Challenger phase knows all of it at once and inserts whole rows.
 */
import { LabError } from '../lib/errors.js';
import type { Database } from './database.js';
import { questionKey, type QuestionPhase, type QuestionPlace } from './keys.js';
import { mapper, type Mapper } from './mapper.js';

export interface GeneratedQuestion extends QuestionPlace {
  /** The Challenger's completion. */
  readonly raw: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
  readonly valid: boolean;
  readonly invalidReason?: string | null;
  readonly text?: string | null;
  readonly normalForm?: string | null;
  readonly difficulty?: number | null;
  readonly claimedAnswer?: string | null;
  /** Measures only. */
  readonly oracleAnswer?: string | null;
}

export interface QuestionVotes {
  readonly votes: number;
  readonly pHat: number | null;
  readonly majority: string | null;
}

export interface QuestionLabel {
  readonly rewrite?: string | null;
  readonly label: string | null;
  readonly labelShare: number | null;
  readonly labelMethod: string;
  /** The oracle's verdict; measures only. */
  readonly labelCorrect?: boolean | null;
}

export interface QuestionDecision {
  readonly cluster?: number | null;
  readonly clusterSize?: number | null;
  readonly uncertainty?: number | null;
  readonly repetition?: number | null;
  readonly reward?: number | null;
  readonly advantage?: number | null;
  readonly kept?: boolean | null;
  readonly dropReason?: string | null;
}

/** What is known of a question when its row is first written. */
export interface NewQuestion {
  readonly generated: GeneratedQuestion;
  readonly votes?: QuestionVotes;
  readonly label?: QuestionLabel;
  readonly decision?: QuestionDecision;
}

export interface StoredQuestion {
  readonly key: number;
  readonly seq: number;
  readonly generated: Required<GeneratedQuestion>;
  readonly votes: QuestionVotes | null;
  readonly label: Required<QuestionLabel> | null;
  readonly decision: Required<QuestionDecision> | null;
}

const generated = mapper<GeneratedQuestion>({
  iteration: 'iteration',
  phase: 'phase',
  step: 'step',
  item: 'item',
  raw: 'raw',
  tokens: 'tokens',
  finish: 'finish',
  valid: ['valid', 'boolean'],
  invalidReason: 'invalid_reason',
  text: 'text',
  normalForm: 'normal_form',
  difficulty: 'difficulty',
  claimedAnswer: 'claimed_answer',
  oracleAnswer: 'oracle_answer',
});
const votes = mapper<QuestionVotes>({ votes: 'votes', pHat: 'p_hat', majority: 'majority' });
const label = mapper<QuestionLabel>({
  rewrite: 'rewrite',
  label: 'label',
  labelShare: 'label_share',
  labelMethod: 'label_method',
  labelCorrect: ['label_correct', 'boolean'],
});
const decision = mapper<QuestionDecision>({
  cluster: 'cluster',
  clusterSize: 'cluster_size',
  uncertainty: 'uncertainty',
  repetition: 'repetition',
  reward: 'reward',
  advantage: 'advantage',
  kept: ['kept', 'boolean'],
  dropReason: 'drop_reason',
});

/** Columns filled in after generation, with the column that says by which unit. */
const STAGES = [
  { seq: 'voted_seq', columns: votes.columns },
  { seq: 'labelled_seq', columns: label.columns },
  { seq: 'decided_seq', columns: decision.columns },
] as const;

const COLUMNS = ['run', 'question', 'seq', ...generated.columns, ...STAGES.flatMap((s) => [s.seq, ...s.columns])];

export function insertQuestions(db: Database, run: number, seq: number, rows: readonly NewQuestion[]): void {
  const stage = <T>(map: Mapper<T>, value: T | undefined) =>
    value === undefined ? [null, ...map.columns.map(() => null)] : [seq, ...map.values(value)];
  db.insertMany(
    'questions',
    COLUMNS,
    rows.map((row) => [
      run,
      questionKey(row.generated),
      seq,
      ...generated.values(row.generated),
      ...stage(votes, row.votes),
      ...stage(label, row.label),
      ...stage(decision, row.decision),
    ]),
  );
}

export type Keyed<T> = T & { readonly key: number };

export function setVotes(db: Database, run: number, seq: number, rows: readonly Keyed<QuestionVotes>[]): void {
  setStage(db, { run, seq, column: 'voted_seq', map: votes }, rows);
}

export function setLabels(db: Database, run: number, seq: number, rows: readonly Keyed<QuestionLabel>[]): void {
  setStage(db, { run, seq, column: 'labelled_seq', map: label }, rows);
}

export function setDecisions(db: Database, run: number, seq: number, rows: readonly Keyed<QuestionDecision>[]): void {
  setStage(db, { run, seq, column: 'decided_seq', map: decision }, rows);
}

function setStage<T>(
  db: Database,
  { run, seq, column, map }: { run: number; seq: number; column: string; map: Mapper<T> },
  rows: readonly Keyed<T>[],
): void {
  const statement = db.statement(
    `UPDATE questions SET ${column} = ?, ${map.columns.map((c) => `${c} = ?`).join(', ')}
     WHERE run = ? AND question = ? AND ${column} IS NULL`,
  );
  for (const row of rows)
    if (statement.run(seq, ...map.values(row), run, row.key) !== 1)
      throw new LabError('internal', `Question ${row.key} does not exist or already has its ${column}.`);
}

/** Takes back whatever units after `seq` added to questions that stay. */
export function rollbackQuestions(db: Database, run: number, seq: number): void {
  db.run('DELETE FROM questions WHERE run = ? AND seq > ?', run, seq);
  for (const { seq: column, columns } of STAGES)
    db.run(
      `UPDATE questions SET ${[column, ...columns].map((c) => `${c} = NULL`).join(', ')} WHERE run = ? AND ${column} > ?`,
      run,
      seq,
    );
}

/** Questions of one phase in the order of (step, item). */
export function readQuestions(
  db: Database,
  run: number,
  where: { readonly iteration: number; readonly phase: QuestionPhase },
): StoredQuestion[] {
  const from = questionKey({ ...where, step: 0, item: 0 });
  const rows = db.all(
    `SELECT ${COLUMNS.join(', ')} FROM questions WHERE run = ? AND question >= ? AND question < ? ORDER BY question`,
    run,
    from,
    from + 1e12,
  );
  return rows.map((row) => ({
    key: Number(row.question),
    seq: Number(row.seq),
    generated: generated.read(row) as Required<GeneratedQuestion>,
    votes: row.voted_seq === null ? null : votes.read(row),
    label: row.labelled_seq === null ? null : (label.read(row) as Required<QuestionLabel>),
    decision: row.decided_seq === null ? null : (decision.read(row) as Required<QuestionDecision>),
  }));
}

/** Questions trained on in one step of a Solver phase. */
export interface QuestionUse {
  readonly key: number;
  readonly iteration: number;
  readonly step: number;
}

export function insertUses(db: Database, run: number, seq: number, uses: readonly QuestionUse[]): void {
  db.insertMany(
    'question_uses',
    ['run', 'question', 'iteration', 'step', 'seq'],
    uses.map((u) => [run, u.key, u.iteration, u.step, seq]),
  );
}
