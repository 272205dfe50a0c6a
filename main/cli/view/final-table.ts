/**
 * What a run has shown, at its end and in `rzero show`: scores by iteration, what they gained over the base model on each
 * benchmark, labels and time. No row is wider than 60 columns. Pure.
 */
import type { ComparedBenchmark } from '../../../preload/contract/evaluations.js';
import type { Evaluation, IterationSummary } from '../../../preload/contract/events.js';
import { NOT_ZERO_DATA } from '../../../preload/contract/run-state.js';
import { decimal, duration, estimate, grouped, NONE, percent, points, printable, signed } from './format.js';
import { clip, pad, table, type Column } from './text.js';

export interface FinalTableOptions {
  readonly zeroData?: boolean | undefined;
  /** The last measured iteration against the base model, question by question; where it is missing gains have no interval. */
  readonly gains?: readonly ComparedBenchmark[];
}

const NAME = 15;
const right = (title: string): Column => ({ title, align: 'right' });
const placeOf = ({ iteration }: IterationSummary): string => (iteration === 0 ? 'base' : String(iteration));

/** "chains-test, 800 questions, 95 % intervals". */
function heading({ benchmark, greedy, undecided }: Evaluation): string {
  const questions = greedy.n + (undecided?.greedy ?? 0);
  return `Held out: ${clip(printable(benchmark), 24)}, ${grouped(questions)} questions, 95 % intervals`;
}

function scores(summaries: readonly IterationSummary[], measured: Evaluation): string[] {
  const sampled = summaries.some((s) => s.evaluation?.mean);
  return [
    heading(measured),
    ...table(
      [right('iteration'), right('greedy'), ...(sampled ? [right(`mean@${measured.k}`)] : [])],
      summaries.map((summary) => [
        placeOf(summary),
        estimate(summary.evaluation?.greedy),
        ...(sampled ? [estimate(summary.evaluation?.mean)] : []),
      ]),
    ),
    ...undecidedRows(summaries),
  ];
}

/** Answers that no share counts; nothing where there are none. */
function undecidedRows(summaries: readonly IterationSummary[]): string[] {
  return summaries.flatMap((summary) =>
    [summary.evaluation, ...(summary.others ?? [])].flatMap((of) => {
      if (!of?.undecided) return [];
      const { greedy, sampled } = of.undecided;
      const name = clip(printable(of.benchmark), NAME);
      return [`undecided, ${placeOf(summary)}: ${name}, ${grouped(greedy)} greedy, ${grouped(sampled)} sampled`];
    }),
  );
}

function labels(summaries: readonly IterationSummary[]): string[] {
  return table(
    [right('after'), right('labels right'), right('kept'), right('difficulty'), right('time')],
    summaries.map((summary) => {
      const { funnel, seconds } = summary;
      return [
        placeOf(summary),
        estimate(funnel?.labelAccuracy),
        funnel && funnel.generated > 0 ? percent(funnel.kept / funnel.generated) : NONE,
        decimal(funnel?.meanDifficulty),
        duration(seconds),
      ];
    }),
  );
}

interface Measure {
  readonly benchmark: string;
  readonly measure: string;
  readonly from: number;
  readonly to: number;
  readonly difference: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/** What both have measured, mean@k before greedy. */
function measuresOf(base: Evaluation, last: Evaluation, gain: ComparedBenchmark | undefined): Measure[] {
  const { benchmark, k } = last;
  const mean: Measure[] =
    base.mean && last.mean
      ? [
          {
            ...{ benchmark, measure: `mean@${k}`, from: base.mean.value, to: last.mean.value },
            difference: gain?.mean?.difference ?? null,
          },
        ]
      : [];
  const greedy = { from: base.greedy.value, to: last.greedy.value, difference: gain?.greedy.difference ?? null };
  return [...mean, { benchmark, measure: 'greedy', ...greedy }];
}

/** The last measured iteration against the base model, on the run's own benchmark and on the others. */
function gainRows(summaries: readonly IterationSummary[], gains: readonly ComparedBenchmark[]): string[] {
  const base = summaries.find((s) => s.iteration === 0);
  const last = summaries.findLast((s) => s.iteration > 0 && s.evaluation);
  if (!base?.evaluation || !last?.evaluation) return [];
  const after = [last.evaluation, ...(last.others ?? [])];
  const before = [base.evaluation, ...(base.others ?? [])];
  const rows = after.flatMap((to) => {
    const from = before.find(({ benchmark }) => benchmark === to.benchmark);
    const gain = gains.find(({ benchmark }) => benchmark === to.benchmark);
    return from ? measuresOf(from, to, gain) : [];
  });
  const width = Math.min(NAME, Math.max(...rows.map(({ benchmark }) => benchmark.length)));
  return [
    `Iteration ${last.iteration} against the base model, in points`,
    ...rows.map(({ benchmark, measure, from, to, difference }, i) => {
      const name = rows[i - 1]?.benchmark === benchmark ? '' : clip(printable(benchmark), width);
      const share = (value: number): string => (value * 100).toFixed(1).padStart(5);
      const gained = difference ? points(difference) : signed(to - from);
      return `${pad(name, width)}  ${pad(measure, 7)}  ${share(from)} → ${share(to)}  ${gained}`;
    }),
  ];
}

/** Held-out accuracy with 95 % intervals and its gains, pseudo-label accuracy, kept share, difficulty and time. */
export function finalTable(
  unordered: readonly IterationSummary[],
  { zeroData = true, gains = [] }: FinalTableOptions = {},
): string {
  if (unordered.length === 0) return 'No iteration is finished yet.';
  const summaries = [...unordered].sort((a, b) => a.iteration - b.iteration);
  const measured = summaries.find((s) => s.evaluation)?.evaluation;
  const gained = gainRows(summaries, gains);
  return [
    ...(measured ? [...scores(summaries, measured), ''] : []),
    ...labels(summaries),
    ...(gained.length > 0 ? ['', ...gained] : []),
    ...(zeroData ? [] : [`${NOT_ZERO_DATA}: reviews by people changed what the Solver`, 'learnt from']),
  ].join('\n');
}
