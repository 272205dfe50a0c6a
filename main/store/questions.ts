/**
 * The fate of every question, one row each: what was generated, how it was voted on and labelled, what was decided. A
 * row is final when it is written; nothing is updated later, so that taking back a unit of work is deleting its rows.
 */
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
  /** Whether it is a question of a benchmark, or nearly. */
  readonly heldOut?: 'exact' | 'near' | null;
  readonly text?: string | null;
  readonly normalForm?: string | null;
  /** Key of the question that this one repeats; the votes are stored there. */
  readonly sameAs?: number | null;
  readonly difficulty?: number | null;
  readonly topic?: string | null;
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

/** Parts that a question never reached are left out. */
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
  readonly decision: Required<QuestionDecision>;
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
  heldOut: 'held_out',
  text: 'text',
  normalForm: 'normal_form',
  sameAs: 'same_as',
  difficulty: 'difficulty',
  topic: 'topic',
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

const COLUMNS = ['run', 'question', 'seq', ...[generated, votes, label, decision].flatMap((part) => part.columns)];

export function insertQuestions(db: Database, run: number, seq: number, rows: readonly NewQuestion[]): void {
  const part = <T>(map: Mapper<T>, value: T | undefined) => (value ? map.values(value) : map.columns.map(() => null));
  db.insertMany(
    'questions',
    COLUMNS,
    rows.map((row) => [
      run,
      questionKey(row.generated),
      seq,
      ...generated.values(row.generated),
      ...part(votes, row.votes),
      ...part(label, row.label),
      ...part(decision, row.decision),
    ]),
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
    votes: row.votes === null ? null : votes.read(row),
    label: row.label_method === null ? null : (label.read(row) as Required<QuestionLabel>),
    decision: decision.read(row) as Required<QuestionDecision>,
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
