/** Points with intervals, one for each label: arms of a study beside each other. */
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { niceExtent } from './extent.js';
import { axisLook, frame, type Figure, type FigureView } from './figure.js';
import { numberText, tickText, type Unit } from './numbers.js';
import { colourOf, type Hue } from './palette.js';

export interface PointSeries {
  readonly key: string;
  readonly name: string;
  readonly hue: Hue;
  /** One for each label; null: there is none. */
  readonly values: readonly (number | null)[];
  /** Ends of the intervals; null: the point has none. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export interface PointWords {
  readonly xName: string;
  readonly unit: Unit;
}

const CAP = 5;

/** Whisker and point of each label, a little beside those of the other series. */
function whiskers(
  { name, hue, values, low, high }: PointSeries,
  { palette }: FigureView,
  shift: number,
): CustomSeriesOption {
  const colour = colourOf(hue, palette);
  return {
    ...{ type: 'custom', name, silent: true, clip: true },
    data: values.flatMap((value, i) => (value === null ? [] : [[i, value, low[i] ?? value, high[i] ?? value]])),
    renderItem: (_, api) => {
      const [index, value, from, to] = [0, 1, 2, 3].map((place) => Number(api.value(place))) as [
        number,
        number,
        number,
        number,
      ];
      const at = (y: number): [number, number] => {
        const [x = 0, top = 0] = api.coord([index, y]);
        return [x + shift, top];
      };
      const [x, y] = at(value);
      const [bottom, top] = [at(from)[1], at(to)[1]];
      const stroke = { stroke: colour, lineWidth: 1.5 };
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        ...{ type: 'line' as const, shape: { x1, y1, x2, y2 }, style: stroke },
      });
      return {
        type: 'group',
        children: [
          ...(from < to
            ? [line(x, bottom, x, top), line(x - CAP, bottom, x + CAP, bottom), line(x - CAP, top, x + CAP, top)]
            : []),
          { type: 'circle', shape: { cx: x, cy: y, r: 4 }, style: { fill: colour } },
        ],
      };
    },
  };
}

function rangeText(low: number | null | undefined, high: number | null | undefined, unit: Unit): string {
  return typeof low === 'number' && typeof high === 'number'
    ? ` [${numberText(low, unit)}, ${numberText(high, unit)}]`
    : '';
}

export function pointFigure(
  labels: readonly string[],
  series: readonly PointSeries[],
  { view, words: { xName, unit } }: { view: FigureView; words: PointWords },
): Figure {
  const all = series.flatMap(({ values, low, high }) => [...values, ...low, ...high]).filter((y) => y !== null);
  const look = axisLook(view);
  const apart = 2.5 * CAP;
  const option: EChartsOption = {
    ...frame(view),
    // Names of arms take two or three lines.
    grid: {
      left: view.font * 3.6,
      right: view.font,
      top: view.font * 0.7,
      bottom: view.font * 4.2,
      outerBoundsMode: 'none',
    },
    xAxis: {
      ...look,
      type: 'category',
      data: [...labels],
      axisTick: { show: false },
      axisLabel: {
        ...look.axisLabel,
        ...{ interval: 0, hideOverlap: false, overflow: 'break', lineHeight: view.font * 1.1 },
        width: (0.8 * view.width) / Math.max(1, labels.length),
      },
    },
    yAxis: {
      ...look,
      type: 'value',
      ...niceExtent(all.length > 0 ? [Math.min(...all), Math.max(...all)] : [0, 1]),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...look.axisLabel, formatter: (value: number) => tickText(value, unit) },
    },
    series: series.map((one, i) => whiskers(one, view, (i - (series.length - 1) / 2) * apart)),
  };
  return {
    option,
    legend: series.map(({ key, name, hue }) => ({ key, name, colour: colourOf(hue, view.palette), mark: 'box' })),
    reading: {
      xs: labels.map((_, i) => i),
      title: (index) => labels[index] ?? '',
      values: (index) =>
        series.map(({ values, low, high }) => {
          const value = values[index] ?? null;
          return value === null ? '–' : `${numberText(value, unit)}${rangeText(low[index], high[index], unit)}`;
        }),
      rest: { title: 'mean and 95 % interval', values: series.map(() => '') },
    },
    table: {
      columns: [xName, ...series.flatMap(({ name }) => [name, `${name}, low`, `${name}, high`])],
      length: labels.length,
      row: (i) => [
        labels[i] ?? '',
        ...series.flatMap(({ values, low, high }) => [values[i] ?? null, low[i] ?? null, high[i] ?? null]),
      ],
    },
    notes: [],
    empty: all.length === 0,
    cursor: 'column',
    zoomable: false,
  };
}
