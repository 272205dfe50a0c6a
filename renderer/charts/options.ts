/** Charts of one run as pure functions from its state to an ECharts option. */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Phase } from '../../preload/contract/events.js';
import type { RunView } from '../../preload/contract/run-state.js';
import type { Palette } from './palette.js';

function base(palette: Palette): EChartsOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: palette.text },
    grid: { left: 52, right: 16, top: 36, bottom: 32 },
    legend: { top: 0, right: 0, itemWidth: 18, itemHeight: 2, icon: 'rect', textStyle: { color: palette.text } },
    tooltip: {
      trigger: 'axis',
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text },
    },
  };
}

function axis(palette: Palette): { axisLabel: object; axisLine: object; splitLine: object } {
  return {
    axisLabel: { color: palette.faint },
    axisLine: { lineStyle: { color: palette.line } },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

const line = (name: string, colour: string, data: (readonly [number, number])[]): LineSeriesOption => ({
  name,
  type: 'line',
  data: data.map(([x, y]) => [x, y]),
  symbol: data.length > 60 ? 'none' : 'circle',
  symbolSize: 5,
  lineStyle: { color: colour, width: 2 },
  itemStyle: { color: colour },
});

/** A step's place on the axis of its phase: steps of all iterations, one after the other. */
function rewardOf(view: RunView, phase: Phase): (readonly [number, number])[] {
  return view.steps
    .filter((point) => point.phase === phase && point.metrics['reward'] !== undefined)
    .map((point, index) => [index + 1, point.metrics['reward'] as number] as const);
}

/** The reward of one role over its steps. Each role has a chart of its own: their scales have nothing in common. */
export function rewardOption(view: RunView, role: 'challenger' | 'solver', palette: Palette): EChartsOption {
  return {
    ...base(palette),
    legend: { show: false },
    grid: { left: 52, right: 16, top: 12, bottom: 32 },
    xAxis: {
      type: 'value',
      name: 'step',
      nameLocation: 'middle',
      nameGap: 22,
      minInterval: 1,
      min: 1,
      ...axis(palette),
    },
    yAxis: { type: 'value', scale: true, ...axis(palette) },
    series: [line('reward', palette[role], rewardOf(view, role))],
  };
}

/** Held-out accuracy and label accuracy per iteration, in per cent. */
export function accuracyOption(view: RunView, palette: Palette): EChartsOption {
  const mean = view.summaries.flatMap(({ iteration, evaluation }) =>
    evaluation?.mean ? [[iteration, evaluation.mean.value * 100] as const] : [],
  );
  const greedy = view.summaries.flatMap(({ iteration, evaluation }) =>
    evaluation ? [[iteration, evaluation.greedy.value * 100] as const] : [],
  );
  const labels = view.funnels.flatMap(({ iteration, funnel }) =>
    funnel.labelAccuracy ? [[iteration, funnel.labelAccuracy.value * 100] as const] : [],
  );
  const k = view.summaries.find((s) => s.evaluation)?.evaluation?.k ?? 'k';
  const greedyLine = line('greedy', palette.held, greedy);
  return {
    ...base(palette),
    xAxis: {
      type: 'value',
      name: 'iteration (0 is the base model)',
      nameLocation: 'middle',
      nameGap: 22,
      min: 0,
      max: Math.max(1, view.iterations),
      interval: 1,
      ...axis(palette),
    },
    yAxis: {
      type: 'value',
      scale: true,
      ...axis(palette),
      axisLabel: { color: palette.faint, formatter: '{value} %' },
    },
    series: [
      line(`held out, mean@${k}`, palette.held, mean),
      { ...greedyLine, name: 'held out, greedy', lineStyle: { color: palette.held, width: 2, type: 'dashed' } },
      line('labels right', palette.label, labels),
    ],
  };
}
