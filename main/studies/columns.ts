/** What the columns of a study's table are, and how each is read from the results of a run. Pure. */
import type { Evaluation } from '../../preload/contract/events.js';
import { shareOf } from '../../preload/contract/run-state.js';
import type { StudyColumn } from '../../preload/contract/studies.js';
import type { IterationResult, LabelCounts, QuestionResult, RunResult } from '../store/study-results.js';
import type { ColumnGroup } from './study.js';

export interface Column extends StudyColumn {
  /** At the end of an iteration; null where it is not known (yet). */
  readonly of: (run: RunResult, iteration: number) => number | null;
  /** Whether differences of it are told. */
  readonly compared: boolean;
  /** The score of one question, where the column is a mean of such; null where it could not be decided. */
  readonly single?: { readonly benchmark: string; readonly score: (question: QuestionResult) => number | null };
}

/** A benchmark, and how many sampled answers each of its questions gets. */
export interface Measured {
  readonly benchmark: string;
  readonly k: number;
}

/** Columns of the groups, for the benchmarks that the runs were measured on; before there is a run, of the recipe's own. */
export function columnsOf(groups: readonly ColumnGroup[], runs: readonly RunResult[], benchmark: string): Column[] {
  return columnsFor(groups, measuredBy(runs, benchmark));
}

/** Columns of the groups for these benchmarks, in this order. */
export function columnsFor(groups: readonly ColumnGroup[], measured: readonly Measured[]): Column[] {
  return groups.flatMap((group) => {
    switch (group) {
      case 'benchmarks':
        return measured.flatMap(({ benchmark, k }) => [greedy(benchmark), ...(k > 0 ? [meanAtK(benchmark, k)] : [])]);
      case 'labels':
        return LABELS;
      case 'cost':
        return COST;
    }
  });
}

function measuredBy(runs: readonly RunResult[], own: string): Measured[] {
  const found = new Map<string, number>();
  for (const run of runs)
    for (const { evaluations } of run.iterations)
      for (const { benchmark, k } of evaluations)
        if (benchmark !== run.guard || benchmark === run.benchmark)
          found.set(benchmark, Math.max(k, found.get(benchmark) ?? 0));
  const first = runs[0]?.benchmark ?? own;
  const names = [first, ...[...found.keys()].filter((name) => name !== first)];
  return names.map((benchmark) => ({ benchmark, k: found.get(benchmark) ?? 0 }));
}

const evaluationOf = (run: RunResult, iteration: number, benchmark: string): Evaluation | undefined =>
  at(run, iteration)?.evaluations.find((e) => e.benchmark === benchmark);

function greedy(benchmark: string): Column {
  return {
    key: `greedy ${benchmark}`,
    title: benchmark,
    what: `pass@1 on ${benchmark}: share of questions whose greedy answer is right`,
    unit: 'share',
    compared: true,
    of: (run, iteration) => shareOf(evaluationOf(run, iteration, benchmark)?.greedy),
    single: { benchmark, score: (q) => q.greedy },
  };
}

function meanAtK(benchmark: string, k: number): Column {
  return {
    key: `mean ${benchmark}`,
    title: `${benchmark} mean@${k}`,
    what: `mean@${k} on ${benchmark}: share of right answers among ${k} samples to each question`,
    unit: 'share',
    compared: true,
    of: (run, iteration) => shareOf(evaluationOf(run, iteration, benchmark)?.mean),
    single: { benchmark, score: (q) => (q.k === 0 ? null : q.right / q.k) },
  };
}

function at(run: RunResult, iteration: number): IterationResult | undefined {
  return run.iterations.find((i) => i.iteration === iteration);
}

const share = (part: (labels: LabelCounts) => readonly [number, number]) => (run: RunResult, iteration: number) => {
  const labels = at(run, iteration)?.labels;
  const [right, of] = labels ? part(labels) : [0, 0];
  return of === 0 ? null : right / of;
};

const LABELS: readonly Column[] = [
  {
    key: 'labels kept',
    title: 'kept labels right',
    what: 'share of right pseudo-labels among the kept questions, which the Solver learns from; by the oracle',
    unit: 'share',
    compared: true,
    of: share((l) => [l.keptRight, l.kept]),
  },
  {
    key: 'labels all',
    title: 'all labels right',
    what: 'share of right pseudo-labels among all labelled questions; by the oracle',
    unit: 'share',
    compared: true,
    of: share((l) => [l.labelledRight, l.labelled]),
  },
  {
    key: 'kept',
    title: 'kept',
    what: 'questions of the iteration that the Solver learnt from',
    unit: 'count',
    compared: false,
    of: (run, iteration) => at(run, iteration)?.keptQuestions ?? null,
  },
];

/** Summed over the iterations up to one; before the first nothing was spent but on fine-tuning. Null while it is not over. */
const spent = (of: (result: IterationResult) => number) => (run: RunResult, iteration: number) =>
  at(run, iteration)?.complete
    ? run.iterations
        .filter((i) => (i.iteration > 0 || run.fineTuned) && i.iteration <= iteration)
        .reduce((sum, i) => sum + of(i), 0)
    : null;

const COST: readonly Column[] = [
  {
    key: 'seconds',
    title: 'time',
    what: 'active time of fine-tuning and of the iterations up to this one, measuring included; not comparable between machines',
    unit: 'seconds',
    compared: false,
    of: spent((i) => i.seconds),
  },
  {
    key: 'tokens',
    title: 'tokens',
    what: 'tokens that both roles wrote in order to learn, up to this iteration: questions, votes, rollouts',
    unit: 'count',
    compared: false,
    of: spent((i) => i.tokens),
  },
];
