/** From the columns the lab sends to a curve, and how new or finer points are put to those that are known. Pure. */
import type { Series } from '../../../preload/contract/metrics.js';
import { lowerBound } from '../../charts/extent.js';
import type { Axis, LineSeries } from '../../charts/line.js';

/** A curve as the page has it: up to `thinnedTo` only some points of each stretch, behind it every one. */
export type KnownCurve = Series & { readonly thinnedTo?: number };

export function knownCurve(series: Series): KnownCurve {
  const last = series.seq.at(-1);
  return series.thinned && last !== undefined ? { ...series, thinnedTo: last } : series;
}

/** Columns of a series that have one entry a point. */
const COLUMNS = ['seq', 'iteration', 'step', 'globalStep', 'activeSeconds', 'time', 'value'] as const;

/**
 * The known points and the new ones behind them. Null where that would not be the curve: what is new was thinned out, or
 * the points have become so many that the lab had better thin them.
 */
export function grown(known: KnownCurve, more: Series, most: number): KnownCurve | null {
  const last = known.seq.at(-1) ?? -1;
  const from = more.seq.findIndex((seq) => seq > last);
  if (more.thinned) return null;
  if (from < 0) return known;
  if (known.seq.length + more.seq.length - from > most) return null;
  const joined = Object.fromEntries(COLUMNS.map((column) => [column, [...known[column], ...more[column].slice(from)]]));
  return { ...known, ...joined, total: known.total + more.seq.length - from };
}

/** The finer points instead of those of their units. A point without a place on the axis would take the whole curve off it. */
export function laidOver(
  known: KnownCurve,
  fine: { readonly from: number; readonly to: number; readonly series: Series } | undefined,
  axis: Axis,
): KnownCurve {
  if (!fine) return known;
  const [from, to] = [lowerBound(known.seq, fine.from), lowerBound(known.seq, fine.to + 1)];
  const places = columnOf(fine.series, axis);
  const joined = Object.fromEntries(
    COLUMNS.map((column) => [
      column,
      [
        ...known[column].slice(0, from),
        ...fine.series[column].filter((_, i) => places[i] !== null),
        ...known[column].slice(to),
      ],
    ]),
  );
  return { ...known, ...joined };
}

function columnOf({ globalStep, activeSeconds, time }: Series, axis: Axis): readonly (number | null)[] {
  return { step: globalStep, active: activeSeconds, clock: time }[axis];
}

/** Where the points stand on an axis; null where one of them has no place there. */
export function placesOf(series: Series, axis: Axis): readonly number[] | null {
  if (axis === 'step') return series.globalStep.map((step) => step + 1);
  const places = columnOf(series, axis);
  return places.every((place) => place !== null) ? (places as readonly number[]) : null;
}

export function lineOf(
  series: Series,
  { role, name }: { role: 'challenger' | 'solver' | 'held' | 'faint'; name: string },
): LineSeries {
  const [active, clock] = [placesOf(series, 'active'), placesOf(series, 'clock')];
  return {
    ...{ key: `${series.phase} ${series.name}`, name, hue: role, values: series.value },
    // Fine-tuning comes before the first iteration.
    ...(series.phase === 'sft' ? {} : { iterations: series.iteration }),
    steps: placesOf(series, 'step') ?? [],
    ...(active ? { active } : {}),
    ...(clock ? { clock } : {}),
  };
}
