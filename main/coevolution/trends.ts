/**
 * Alarms that need a memory: what gets worse, or no better, from iteration to iteration. Pure, like guards.ts. What an
 * oracle measured, and what only costs time, warns and does nothing else.
 */
import type { Funnel, IterationSummary } from '../../preload/contract/events.js';
import type { GuardRecipe } from '../../preload/contract/recipe.js';
import type { Alarm } from './guards.js';

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const points = (x: number): string => `${(100 * x).toFixed(1)} points`;

/** Pseudo-labels that are right less often than they were at their best. Where they are below the floor, guards.ts says so. */
export function alarmsOfLabels(
  guards: GuardRecipe,
  iteration: number,
  funnel: Funnel,
  earlier: readonly IterationSummary[],
): Alarm[] {
  const now = funnel.labelAccuracy?.value;
  const measured = earlier.flatMap((summary) => {
    const value = summary.funnel?.labelAccuracy?.value;
    return value === undefined ? [] : [{ iteration: summary.iteration, value }];
  });
  if (now === undefined || now < guards.min_label_accuracy || measured.length === 0) return [];
  const best = measured.reduce((a, b) => (b.value > a.value ? b : a));
  const fall = best.value - now;
  if (fall <= guards.max_label_fall) return [];
  return [
    {
      type: 'alarm',
      iteration,
      phase: 'curriculum',
      step: null,
      kind: 'label-decay',
      value: fall,
      limit: guards.max_label_fall,
      message: `${percent(now)} of the pseudo-labels are right, ${points(fall)} less than in iteration ${best.iteration} (limit ${points(guards.max_label_fall)}).`,
      action: 'warn',
    },
  ];
}

/** Held-out accuracy (greedy, guard benchmark) that the last iterations have not raised. `summaries` ends with this one. */
export function alarmsOfProgress(guards: GuardRecipe, summaries: readonly IterationSummary[]): Alarm[] {
  const scores = summaries.flatMap(({ iteration, guard }) =>
    guard && iteration >= 0 ? [{ iteration, value: guard.greedy.value }] : [],
  );
  const window = guards.plateau_iterations;
  const last = scores.at(-1);
  if (window === 0 || !last || scores.length <= window) return [];
  const top = (of: readonly { value: number }[]): number => Math.max(...of.map(({ value }) => value));
  const gain = top(scores.slice(-window)) - top(scores.slice(0, -window));
  if (gain >= guards.min_held_out_gain) return [];
  const spoken = gain > 0 ? `rose by only ${points(gain)}` : 'has not risen';
  return [
    {
      type: 'alarm',
      iteration: last.iteration,
      phase: 'evaluation',
      step: null,
      kind: 'plateau',
      value: gain,
      limit: guards.min_held_out_gain,
      message: `Held-out accuracy ${spoken} in the last ${window} iterations (less than ${points(guards.min_held_out_gain)}).`,
      action: 'warn',
    },
  ];
}
