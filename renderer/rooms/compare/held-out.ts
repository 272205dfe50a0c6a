/** What runs have come to, per iteration and in the end, from their summaries. Pure. */
import type { Estimate, IterationSummary } from '../../../preload/contract/events.js';
import type { RunInfo } from '../../../preload/contract/runs.js';
import type { LineSeries } from '../../charts/line.js';
import type { SeedGroup } from './groups.js';

export const MEASURES = ['greedy', 'mean', 'labels'] as const;
export type Measure = (typeof MEASURES)[number];
export const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  greedy: 'Held out, greedy',
  mean: 'Held out, mean@k',
  labels: 'Labels right',
};

export function estimateOf({ evaluation, funnel }: IterationSummary, measure: Measure): Estimate | null {
  if (measure === 'labels') return funnel?.labelAccuracy ?? null;
  return (measure === 'greedy' ? evaluation?.greedy : evaluation?.mean) ?? null;
}

/** With 95 % intervals; null where the run has none. */
export function perIteration(run: RunInfo, measure: Measure, hue: number): LineSeries | null {
  const points = run.summaries.flatMap((summary) => {
    const estimate = estimateOf(summary, measure);
    return estimate ? [{ iteration: summary.iteration, estimate }] : [];
  });
  if (points.length === 0) return null;
  return {
    ...{ key: run.id, name: run.name, hue },
    steps: points.map(({ iteration }) => iteration),
    values: points.map(({ estimate }) => estimate.value),
    low: points.map(({ estimate }) => estimate.low),
    high: points.map(({ estimate }) => estimate.high),
  };
}

export interface FinalRow {
  readonly run: RunInfo;
  readonly base: Estimate | null;
  readonly best: (Estimate & { readonly iteration: number }) | null;
  readonly last: Estimate | null;
  readonly mean: Estimate | null;
  readonly labels: Estimate | null;
}

export function finalRow(run: RunInfo): FinalRow {
  const { summaries } = run;
  const last = (measure: Measure): Estimate | null => {
    const summary = summaries.findLast((each) => estimateOf(each, measure) !== null);
    return summary ? estimateOf(summary, measure) : null;
  };
  const base = summaries.find(({ iteration }) => iteration === 0);
  let best: FinalRow['best'] = null;
  for (const summary of summaries) {
    const estimate = estimateOf(summary, 'greedy');
    if (estimate && (!best || estimate.value > best.value)) best = { ...estimate, iteration: summary.iteration };
  }
  return {
    ...{ run, best, last: last('greedy'), mean: last('mean'), labels: last('labels') },
    base: base ? estimateOf(base, 'greedy') : null,
  };
}

/** One further benchmark in one run: where the run began, where it stands. */
interface OtherRow {
  readonly run: RunInfo;
  readonly base: Estimate | null;
  readonly last: Estimate;
  readonly mean: Estimate | null;
}

interface OtherBenchmark {
  readonly benchmark: string;
  readonly rows: readonly OtherRow[];
}

/** The further benchmarks that any of the runs has measured, by name, with the runs that have. */
export function otherBenchmarks(runs: readonly RunInfo[]): OtherBenchmark[] {
  const of = (summary: IterationSummary | undefined, name: string) =>
    summary?.others?.find(({ benchmark }) => benchmark === name);
  const names = new Set(
    runs.flatMap(({ summaries }) => summaries.flatMap(({ others = [] }) => others.map((o) => o.benchmark))),
  );
  return [...names].sort().map((benchmark) => ({
    benchmark,
    rows: runs.flatMap((run): OtherRow[] => {
      const { summaries } = run;
      const last = of(
        summaries.findLast((summary) => of(summary, benchmark)),
        benchmark,
      );
      const base = of(
        summaries.find(({ iteration }) => iteration === 0),
        benchmark,
      );
      return last ? [{ run, base: base?.greedy ?? null, last: last.greedy, mean: last.mean }] : [];
    }),
  }));
}

export interface GroupFigure {
  readonly name: string;
  readonly seeds: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The best score of the seeds of one recipe: mean, lowest, highest. */
export function groupFigures(groups: readonly SeedGroup[]): GroupFigure[] {
  return groups.flatMap(({ name, runs }): GroupFigure[] => {
    const scores = runs.flatMap((run) => finalRow(run).best?.value ?? []);
    if (runs.length < 2 || scores.length === 0) return [];
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return [{ name, seeds: scores.length, mean, low: Math.min(...scores), high: Math.max(...scores) }];
  });
}
