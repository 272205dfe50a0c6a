/**
 * What can be exported: for each export its columns, in order, with their types, and the query that fills them. Rows
 * come in the order of their keys, so that two exports of one run are equal byte for byte.
 */
import { ZERO_DATA_SQL } from '../store/corrections.js';

export type ColumnType = 'text' | 'integer' | 'key' | 'real' | 'boolean';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

export interface ExportTable {
  readonly columns: readonly Column[];
  /** Takes the run's number as its one parameter. */
  readonly sql: string;
}

/** `key` is an integer beyond 32 bits. A trailing `?` allows null; `= …` gives the SQL where it is not the name. */
function table(from: string, specification: string): ExportTable {
  const parsed = specification
    .trim()
    .split('\n')
    .map((line) => {
      const match = /^\s*(\w+): (text|integer|key|real|boolean)(\??)(?: = (.+))?$/.exec(line);
      if (!match) throw new Error(`not a column: ${line}`);
      const [, name = '', type, nullable, sql] = match;
      return { column: { name, type: type as ColumnType, nullable: nullable === '?' }, sql: sql ?? name };
    });
  return {
    columns: parsed.map((p) => p.column),
    sql: `SELECT ${parsed.map((p) => `${p.sql} AS "${p.column.name}"`).join(', ')} ${from}`,
  };
}

/** Whether nothing a person said has changed what this run's Solver learnt from. */
const ZERO_DATA = ZERO_DATA_SQL('r.number').replace(/\s+/g, ' ');

/** What a corrector did to a question, people before other judges. */
const corrected = (column: string): string =>
  `(SELECT c.${column} FROM corrections c WHERE c.run = q.run AND c.question = q.question ORDER BY c.source <> 'reviews' LIMIT 1)`;

const USES = '(SELECT count(*) FROM question_uses u WHERE u.run = q.run AND u.question = q.question)';

export const EXPORTS = {
  /** Every question a run asked, with its whole fate. */
  questions: table(
    'FROM questions q JOIN runs r ON r.number = q.run WHERE q.run = ? ORDER BY q.question',
    `
    run_id: text = r.id
    question: key = q.question
    iteration: integer = q.iteration
    phase: text = q.phase
    step: integer = q.step
    item: integer = q.item
    valid: boolean = q.valid
    invalid_reason: text? = q.invalid_reason
    held_out: text? = q.held_out
    text: text? = q.text
    raw: text = q.raw
    tokens: integer = q.tokens
    finish: text = q.finish
    normal_form: text? = q.normal_form
    same_as: key? = q.same_as
    difficulty: real? = q.difficulty
    topic: text? = q.topic
    claimed_answer: text? = q.claimed_answer
    oracle_answer: text? = q.oracle_answer
    votes: integer? = q.votes
    p_hat: real? = q.p_hat
    majority: text? = q.majority
    rewrite: text? = q.rewrite
    label: text? = q.label
    label_share: real? = q.label_share
    label_method: text? = q.label_method
    label_correct: boolean? = q.label_correct
    cluster: integer? = q.cluster
    cluster_size: integer? = q.cluster_size
    uncertainty: real? = q.uncertainty
    repetition: real? = q.repetition
    reward: real? = q.reward
    advantage: real? = q.advantage
    kept: boolean? = q.kept
    drop_reason: text? = q.drop_reason
    uses: integer = ${USES}
    correction: text? = ${corrected('effect')}
    corrected_label: text? = ${corrected('new_label')}
    zero_data: boolean = ${ZERO_DATA}
    `,
  ),

  /**
   * What the Solver trained on: kept questions that nobody took out, with their pseudo-labels or what replaced those;
   * `question` and `answer` first.
   */
  dataset: table(
    `FROM questions q JOIN runs r ON r.number = q.run
     WHERE q.run = ? AND q.phase = 'curriculum' AND q.kept = 1
       AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.run = q.run AND c.question = q.question AND c.effect = 'removed')
     ORDER BY q.question`,
    `
    question: text = q.text
    answer: text = coalesce(${corrected('new_label')}, q.label)
    p_hat: real = q.p_hat
    votes: integer = q.votes
    label_share: real? = q.label_share
    label_method: text = coalesce(${corrected('source')}, q.label_method)
    difficulty: real? = q.difficulty
    topic: text? = q.topic
    iteration: integer = q.iteration
    uses: integer = ${USES}
    oracle_answer: text? = q.oracle_answer
    label_correct: boolean? = iif(${corrected('new_label')} IS NULL, q.label_correct, NULL)
    voted_answer: text = q.label
    zero_data: boolean = ${ZERO_DATA}
    id: key = q.question
    run_id: text = r.id
    `,
  ),

  /** One row per step and metric. */
  metrics: table(
    `FROM step_metrics m JOIN runs r ON r.number = m.run WHERE m.run = ?
     ORDER BY m.iteration, m.phase, m.step, m.name`,
    `
    run_id: text = r.id
    iteration: integer = m.iteration
    phase: text = m.phase
    step: integer = m.step
    name: text = m.name
    value: real? = m.value
    zero_data: boolean = ${ZERO_DATA}
    `,
  ),

  /** Every answer to every question: votes, votes on rewritten forms, the Solver's rollouts. */
  answers: table(
    `FROM answers a JOIN runs r ON r.number = a.run JOIN questions q ON q.run = a.run AND q.question = a.question
     WHERE a.run = ? ORDER BY a.question, a.source, a.iteration, a.step, a.sample`,
    `
    run_id: text = r.id
    question: key = a.question
    question_text: text? = q.text
    source: text = a.source
    iteration: integer = a.iteration
    step: integer = a.step
    sample: integer = a.sample
    text: text = a.text
    extracted: text? = a.extracted
    canonical: text? = a.canonical
    tokens: integer = a.tokens
    finish: text = a.finish
    reward: real? = a.reward
    advantage: real? = a.advantage
    zero_data: boolean = ${ZERO_DATA}
    `,
  ),
} as const satisfies Record<string, ExportTable>;

export type ExportKind = keyof typeof EXPORTS;
