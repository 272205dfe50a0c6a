/** What a run is judged by: held-out accuracy and the share of right pseudo-labels, iteration by iteration. Pure. */
import type { Estimate, IterationSummary } from '../../../preload/contract/events.js';
import { gainsSince, type RunView } from '../../../preload/contract/run-state.js';
import type { Draw } from '../../charts/figure.js';
import { lineFigure, PLAIN, type LineSeries } from '../../charts/line.js';

type Point = readonly [iteration: number, estimate: Estimate];

function line(look: Pick<LineSeries, 'key' | 'name' | 'hue' | 'dash'>, points: readonly Point[]): LineSeries {
  return {
    ...look,
    steps: points.map(([iteration]) => iteration),
    values: points.map(([, { value }]) => value),
    low: points.map(([, { low }]) => low),
    high: points.map(([, { high }]) => high),
  };
}

export interface Headline {
  readonly benchmark: string | null;
  readonly k: number | null;
  readonly mean: Point | null;
  readonly greedy: Point | null;
  readonly labels: Point | null;
  /** What the newest is seen against: the base model's where it was measured, the one before it where the run only fine-tunes. */
  readonly base: Point | null;
  readonly draw: Draw;
}

/** @param funnels of curricula that are made, also of an iteration that has not ended: its labels are known already */
export function headline(summaries: readonly IterationSummary[], funnels: RunView['funnels'] = []): Headline {
  const points = (of: (one: IterationSummary) => Estimate | null | undefined): Point[] =>
    summaries.flatMap((one): Point[] => {
      const estimate = of(one);
      return estimate ? [[one.iteration, estimate]] : [];
    });
  const mean = points(({ evaluation }) => evaluation?.mean);
  const greedy = points(({ evaluation }) => evaluation?.greedy);
  const ended = points(({ funnel }) => funnel?.labelAccuracy);
  const summed = new Set(summaries.map(({ iteration }) => iteration));
  const underWay = funnels.flatMap(({ iteration, funnel }): Point[] =>
    funnel.labelAccuracy && !summed.has(iteration) ? [[iteration, funnel.labelAccuracy]] : [],
  );
  const labels = [...ended, ...underWay];
  const evaluation = summaries.find((one) => one.evaluation)?.evaluation ?? null;
  const main = mean.length > 0 ? mean : greedy;
  const since = gainsSince(main.map(([iteration]) => iteration));
  const series = [
    line({ key: 'mean', name: `held out, mean@${evaluation?.k ?? 'k'}`, hue: 'held' }, mean),
    line({ key: 'greedy', name: 'held out, greedy', hue: 'held', dash: 'dashed' }, greedy),
    line({ key: 'labels', name: 'labels right', hue: 'label' }, labels),
  ].filter(({ steps }) => steps.length > 0);
  return {
    benchmark: evaluation?.benchmark ?? null,
    k: mean.length > 0 ? (evaluation?.k ?? null) : null,
    mean: mean.at(-1) ?? null,
    greedy: greedy.at(-1) ?? null,
    labels: labels.at(-1) ?? null,
    base: main.find(([iteration]) => iteration === since) ?? null,
    draw: (view) => lineFigure(series, PLAIN, { view, words: { unit: 'share', stepName: 'iteration' } }),
  };
}

/** 'from 53.1 % (base)'; nothing where there is no base, or nothing since. */
export function sinceBase({ base, mean, greedy }: Headline): string | null {
  const newest = mean ?? greedy;
  if (!base || !newest || newest[0] === base[0]) return null;
  const points = (newest[1].value - base[1].value) * 100;
  const whose = base[0] < 0 ? 'what it was before fine-tuning,' : "the base model's";
  const sign = points < 0 ? '−' : '+';
  return `${sign}${Math.abs(points).toFixed(1)} points on ${whose} ${(base[1].value * 100).toFixed(1)} %`;
}
