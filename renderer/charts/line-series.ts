/** The ECharts series of one curve: its band, the raw values, the smoothed line. */
import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import type { Curve } from './line.js';
import { thin, type Point } from './thin.js';

/** Points are marked while they can be told apart. */
const MOST_SYMBOLS = 60;

function pairs({ xs, from, to }: Curve, ys: readonly (number | null)[], width: number): Point[] {
  const out: Point[] = new Array(to - from) as Point[];
  for (let i = from; i < to; i++) out[i - from] = [xs[i] ?? 0, ys[i] ?? null];
  return thin(out, width / 1.5);
}

const STILL = { silent: true, emphasis: { disabled: true }, clip: true } as const;

export function curveSeries(
  curve: Curve,
  { smoothed, width }: { smoothed: boolean; width: number },
): LineSeriesOption[] {
  const many = curve.to - curve.from > MOST_SYMBOLS;
  const line: LineSeriesOption = {
    type: 'line',
    ...STILL,
    name: curve.series.name,
    data: pairs(curve, curve.shown, width),
    symbol: many ? 'none' : 'circle',
    symbolSize: 4,
    showAllSymbol: true,
    itemStyle: { color: curve.colour },
    lineStyle: { color: curve.colour, width: 1.6, type: curve.dash, join: 'round' },
    z: 3,
  };
  if (!smoothed) return [line];
  const behind: LineSeriesOption = {
    type: 'line',
    ...STILL,
    data: pairs(curve, curve.raw, width),
    symbol: 'none',
    lineStyle: { color: curve.colour, width: 1, opacity: 0.28 },
    z: 2,
  };
  // One point has no line: without its mark nothing would be seen of it.
  return [behind, { ...line, symbol: curve.raw.length > 1 ? 'none' : 'circle' }];
}

/** One polygon, whichever the scale: up along the upper edge, back along the lower one. */
export function bandSeries({ series, xs, from, to, colour }: Curve, log: boolean): CustomSeriesOption[] {
  const { low, high } = series;
  if (!low || !high) return [];
  const corners: [number, number][] = [];
  const back: [number, number][] = [];
  for (let i = from; i < to; i++) {
    const [x, bottom, top] = [xs[i] ?? 0, low[i] ?? null, high[i] ?? null];
    if (bottom === null || top === null || (log && bottom <= 0)) continue;
    corners.push([x, top]);
    back.unshift([x, bottom]);
  }
  if (corners.length < 2) return [];
  const outline = [...corners, ...back];
  return [
    {
      type: 'custom',
      silent: true,
      clip: true,
      z: 1,
      data: [[corners[0]?.[0] ?? 0, corners[0]?.[1] ?? 0]],
      renderItem: (_params, api) => ({
        type: 'polygon',
        shape: { points: outline.map((point) => api.coord(point)) },
        style: { fill: colour, opacity: 0.16 },
        silent: true,
      }),
    },
  ];
}
