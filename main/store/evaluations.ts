/** Evaluations of a run, with every completion they judged. Sample 0 is the greedy answer, 1 to k are sampled. */
import type { GradedAnswer } from '../../preload/contract/answers.js';
import type { Evaluation } from '../../preload/contract/events.js';
import type { Database } from './database.js';
import { storedJson } from './stored-json.js';

export interface EvaluationAnswer extends GradedAnswer {
  readonly item: number;
  readonly sample: number;
}

export interface EvaluationQuestion {
  readonly item: number;
  readonly text: string;
  readonly truth: string;
  readonly difficulty: number | null;
}

export function insertEvaluationSummary(
  db: Database,
  run: number,
  seq: number,
  { iteration, evaluation }: { readonly iteration: number; readonly evaluation: Evaluation },
): void {
  db.insertMany(
    'evaluations',
    ['run', 'iteration', 'benchmark', 'seq', 'greedy', 'mean', 'k', 'summary'],
    [
      [
        ...[run, iteration, evaluation.benchmark, seq, evaluation.greedy.value, evaluation.mean?.value, evaluation.k],
        JSON.stringify(evaluation),
      ],
    ],
  );
}

/** A benchmark's questions are stored once a run; storing them again changes nothing. */
export function insertEvaluationQuestions(
  db: Database,
  run: number,
  seq: number,
  of: { readonly benchmark: string; readonly questions: readonly EvaluationQuestion[] },
): void {
  db.insertMany(
    'evaluation_questions',
    ['run', 'benchmark', 'item', 'seq', 'text', 'truth', 'difficulty'],
    of.questions.map((q) => [run, of.benchmark, q.item, seq, q.text, q.truth, q.difficulty]),
    'INSERT OR IGNORE',
  );
}

/** An evaluation may be written by chunk; its summary comes last. */
export function insertEvaluationAnswers(
  db: Database,
  run: number,
  seq: number,
  of: { readonly iteration: number; readonly benchmark: string; readonly answers: readonly EvaluationAnswer[] },
): void {
  db.insertMany(
    'evaluation_answers',
    [
      ...['run', 'iteration', 'benchmark', 'item', 'sample', 'seq', 'text', 'extracted'],
      ...['correct', 'undecided', 'tokens', 'finish'],
    ],
    of.answers.map((a) => [
      run,
      of.iteration,
      of.benchmark,
      a.item,
      a.sample,
      seq,
      a.text,
      a.extracted,
      a.verdict === 'equal',
      a.verdict === 'undecided' ? (a.reason ?? '') : null,
      a.tokens,
      a.finish,
    ]),
  );
}

export function readEvaluations(db: Database, run: number): { iteration: number; evaluation: Evaluation }[] {
  return db
    .all<{ iteration: number; summary: string }>(
      'SELECT iteration, summary FROM evaluations WHERE run = ? ORDER BY seq, iteration, benchmark',
      run,
    )
    .map((row) => ({ iteration: row.iteration, evaluation: storedJson<Evaluation>(row.summary) }));
}

export function readEvaluationAnswers(
  db: Database,
  run: number,
  of: { readonly iteration: number; readonly benchmark: string },
): EvaluationAnswer[] {
  return db
    .all<Omit<EvaluationAnswer, 'verdict'> & { correct: number }>(
      `SELECT item, sample, text, extracted, correct, undecided AS reason, tokens, finish FROM evaluation_answers
       WHERE run = ? AND iteration = ? AND benchmark = ? ORDER BY item, sample`,
      run,
      of.iteration,
      of.benchmark,
    )
    .map(({ correct, ...row }) => ({
      ...row,
      verdict: row.reason !== null ? 'undecided' : correct === 1 ? 'equal' : 'different',
    }));
}
