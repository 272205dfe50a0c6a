/** Judges and their verdicts as rows, written while the loop may be writing its own: no run lock, no `seq`. */
import type { JudgeSampling, JudgeSubject, JudgeVerdict } from '../../../preload/contract/oracles.js';
import type { Database, SqlValue } from '../database.js';
import type { AnswerItem, LabelItem } from './judge-items.js';
import { sha256 } from '../../lib/sha256.js';

/** One way of asking. */
export interface JudgeIdentity {
  readonly subject: JudgeSubject;
  readonly host: string;
  readonly model: string;
  readonly promptVersion: string;
  readonly promptHash: string;
  readonly prompt: string;
  readonly sampling: JudgeSampling;
}

/** What a judge said of one item, and how it was asked. */
export interface VerdictRow {
  readonly verdict: JudgeVerdict;
  readonly answered: boolean;
  readonly reason: string | null;
  readonly answer: string | null;
  readonly reasoning: string;
  readonly prompt: string;
  readonly request: string;
  readonly cached: boolean;
  readonly requests: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

function identityOf({ prompt: _text, ...judge }: JudgeIdentity): string {
  const { subject, host, model, promptVersion, promptHash, sampling } = judge;
  const parts = [subject, host, model, promptVersion, promptHash];
  const how = [sampling.temperature, sampling.maxTokens, sampling.tokenField];
  return sha256(JSON.stringify([...parts, ...how]));
}

/** The judge's number, if it was ever put to work. */
export function knownJudge(db: Database, judge: JudgeIdentity): number | null {
  return db.get<{ id: number }>('SELECT id FROM judges WHERE identity = ?', identityOf(judge))?.id ?? null;
}

export function enterJudge(db: Database, judge: JudgeIdentity, now = Date.now()): number {
  return db.transaction(() => {
    const known = knownJudge(db, judge);
    if (known !== null) return known;
    db.run(
      `INSERT INTO judges (identity, subject, host, model, prompt_version, prompt_hash, prompt, sampling, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[identityOf(judge), judge.subject, judge.host, judge.model, judge.promptVersion, judge.promptHash],
      ...[judge.prompt, JSON.stringify(judge.sampling), now],
    );
    return knownJudge(db, judge) as number;
  });
}

export interface Recording {
  readonly run: number;
  readonly judge: number;
  /** Of the sample; null: all were asked. */
  readonly seed: number | null;
}

const HOW = ['verdict', 'answered', 'reason', 'reasoning', 'prompt', 'request'] as const;
const COST = ['seed', 'cached', 'requests', 'input_tokens', 'output_tokens', 'at'] as const;

function howOf(row: VerdictRow, seed: number | null, now: number): SqlValue[] {
  return [
    ...[row.verdict, row.answered, row.reason, row.reasoning, row.prompt, row.request],
    ...[seed, row.cached, row.requests, row.inputTokens, row.outputTokens, now],
  ];
}

interface Earlier {
  readonly verdict: JudgeVerdict;
  readonly answered: number;
}

/** A call that got no answer, or none with a verdict, takes nothing back that another call was told of the same item. */
function saysMore(earlier: Earlier | null, row: VerdictRow): boolean {
  if (!earlier) return false;
  return (earlier.answered === 1 && !row.answered) || (earlier.verdict !== 'undecided' && row.verdict === 'undecided');
}

/** In place of an earlier one of the same judge, unless that says more. */
export function recordLabelVerdict(
  db: Database,
  { run, judge, seed }: Recording,
  { item, row, now = Date.now() }: { readonly item: LabelItem; readonly row: VerdictRow; readonly now?: number },
): void {
  db.transaction(() => {
    const earlier = db.get<Earlier>(
      'SELECT verdict, answered FROM judge_verdicts WHERE run = ? AND judge = ? AND question = ? AND normal = ? AND label = ?',
      ...[run, judge, item.question, item.normal, item.label],
    );
    if (saysMore(earlier, row)) return;
    db.insertMany(
      'judge_verdicts',
      ['run', 'judge', 'question', 'normal', 'label', 'answer', ...HOW, ...COST],
      [[run, judge, item.question, item.normal, item.label, row.answer, ...howOf(row, seed, now)]],
      'INSERT OR REPLACE',
    );
  });
}

/** In place of an earlier one of the same judge, unless that says more. */
export function recordAnswerVerdict(
  db: Database,
  { run, judge, seed }: Recording,
  { item, row, now = Date.now() }: { readonly item: AnswerItem; readonly row: VerdictRow; readonly now?: number },
): void {
  const { iteration, benchmark, item: number, sample, extracted, length } = item;
  db.transaction(() => {
    const earlier = db.get<Earlier>(
      `SELECT verdict, answered FROM judge_answers WHERE run = ? AND judge = ? AND iteration = ? AND benchmark = ? AND item = ?
       AND sample = ? AND extracted IS ? AND length = ?`,
      ...[run, judge, iteration, benchmark, number, sample, extracted, length],
    );
    if (saysMore(earlier, row)) return;
    db.insertMany(
      'judge_answers',
      ['run', 'judge', 'iteration', 'benchmark', 'item', 'sample', 'extracted', 'length', ...HOW, ...COST],
      [[...[run, judge, iteration, benchmark, number, sample, extracted, length], ...howOf(row, seed, now)]],
      'INSERT OR REPLACE',
    );
  });
}
