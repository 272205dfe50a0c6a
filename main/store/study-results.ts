/** What a table of a study is made of: the results of one run, iteration by iteration, and those of single questions. */
import type { Evaluation } from '../../preload/contract/events.js';
import { isZeroData } from './corrections.js';
import type { Database } from './database.js';
import { readEvaluations } from './evaluations.js';
import { readSummaries } from './metrics.js';
import { readRun } from './runs.js';

export interface LabelCounts {
  /** Labelled questions that an oracle looked at, and how many of their labels it calls right. */
  readonly labelled: number;
  readonly labelledRight: number;
  readonly kept: number;
  readonly keptRight: number;
}

export interface IterationResult {
  readonly iteration: number;
  /** Whether the iteration is over. */
  readonly complete: boolean;
  readonly evaluations: readonly Evaluation[];
  /** Null at iteration 0, and where no oracle measures. */
  readonly labels: LabelCounts | null;
  /** Questions that the Solver learns from. */
  readonly keptQuestions: number | null;
  /** Active seconds, measuring included. */
  readonly seconds: number;
  /** Written by both roles to learn: questions, votes, rollouts. */
  readonly tokens: number;
}

export interface RunResult {
  readonly run: string;
  readonly name: string;
  readonly seed: number;
  readonly backend: string | null;
  readonly iterations: readonly IterationResult[];
  readonly zeroData: boolean;
  /** Whether it began with supervised fine-tuning, whose time stands before iteration 1. */
  readonly fineTuned: boolean;
  readonly alarms: number;
  /** The benchmark that a guard looks at and nobody reports. */
  readonly guard: string | null;
  /** The benchmark of the recipe. */
  readonly benchmark: string | null;
}

export function readRunResult(db: Database, run: number): RunResult {
  return db.snapshot(() => {
    const { id, name, seed, backend, recipe } = readRun(db, run);
    const summaries = readSummaries(db, run);
    const evaluations = readEvaluations(db, run);
    const labels = labelsOf(db, run);
    const tokens = tokensOf(db, run);
    const seen = new Set([...summaries, ...evaluations].map(({ iteration }) => iteration));
    const first = summaries[0];
    return {
      run: id,
      name,
      seed,
      backend,
      iterations: [...seen]
        .sort((a, b) => a - b)
        .map((iteration) => {
          const summary = summaries.find((s) => s.iteration === iteration);
          return {
            iteration,
            complete: summary !== undefined,
            evaluations: evaluations.filter((e) => e.iteration === iteration).map((e) => e.evaluation),
            labels: labels.get(iteration) ?? null,
            keptQuestions: summary?.funnel?.kept ?? null,
            seconds: summary?.seconds ?? 0,
            tokens: tokens.get(iteration) ?? 0,
          };
        }),
      zeroData: isZeroData(db, run),
      // Recipes of earlier versions have no such key.
      fineTuned: Boolean(recipe.sft),
      alarms: alarmsOf(db, run),
      guard: first?.guard?.benchmark ?? null,
      benchmark: first?.evaluation?.benchmark ?? null,
    };
  });
}

export function alarmsOf(db: Database, run: number): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM alarms WHERE run = ?', run)?.n ?? 0;
}

function labelsOf(db: Database, run: number): Map<number, LabelCounts> {
  const rows = db.all<{ iteration: number } & Record<keyof LabelCounts, number>>(
    `SELECT iteration, count(*) AS labelled, total(label_correct) AS labelledRight,
       total(kept) AS kept, total(kept AND label_correct) AS keptRight
     FROM questions WHERE run = ? AND phase = 'curriculum' AND label_correct IS NOT NULL GROUP BY iteration`,
    run,
  );
  return new Map(rows.map(({ iteration, ...counts }) => [iteration, counts]));
}

function tokensOf(db: Database, run: number): Map<number, number> {
  const rows = db.all<{ iteration: number; tokens: number }>(
    `SELECT iteration, sum(tokens) AS tokens FROM (
       SELECT iteration, tokens FROM questions WHERE run = ?1 UNION ALL SELECT iteration, tokens FROM answers WHERE run = ?1
     ) GROUP BY iteration`,
    run,
  );
  return new Map(rows.map(({ iteration, tokens }) => [iteration, tokens]));
}

/** One benchmark question after one iteration: whether the greedy answer is right, and how many of the k samples that could be decided. */
export interface QuestionResult {
  readonly item: number;
  /** Null where it is undecided. */
  readonly greedy: number | null;
  readonly right: number;
  readonly k: number;
}

export function readQuestionResults(
  db: Database,
  run: string,
  of: { readonly iteration: number; readonly benchmark: string },
): QuestionResult[] {
  return db.all<QuestionResult>(
    `SELECT item, max(CASE WHEN sample = 0 AND undecided IS NULL THEN correct END) AS greedy,
       total(CASE WHEN sample > 0 AND undecided IS NULL THEN correct END) AS right,
       count(CASE WHEN sample > 0 AND undecided IS NULL THEN 1 END) AS k
     FROM evaluation_answers WHERE run = (SELECT number FROM runs WHERE id = ?) AND iteration = ? AND benchmark = ?
     GROUP BY item ORDER BY item`,
    ...[run, of.iteration, of.benchmark],
  );
}
