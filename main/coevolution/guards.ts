/**
 * Alarms: signs of the collapses that users of label-free RL report (reward hacking, gibberish, frozen groups, a late
 * fall). Pure functions from metrics to alarm events. What an alarm does is the recipe's choice, except that whatever
 * an oracle measured only ever warns.
 */
import type { EventBody, Evaluation, Funnel, IterationSummary, Phase } from '../../preload/contract/events.js';
import type { GuardRecipe } from '../../preload/contract/recipe.js';

export type Alarm = Extract<EventBody, { type: 'alarm' }>;

interface Place {
  readonly iteration: number;
  readonly phase: Phase;
  readonly step: number | null;
}

interface Check {
  readonly kind: string;
  readonly value: number | undefined;
  readonly limit: number;
  readonly bad: (value: number, limit: number) => boolean;
  readonly message: (value: string, limit: string) => string;
}

const below = (value: number, limit: number): boolean => value < limit;
const above = (value: number, limit: number): boolean => value > limit;
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

/** Alarms of one Challenger or Solver step. */
export function alarmsOfStep(guards: GuardRecipe, place: Place, metrics: Readonly<Record<string, number>>): Alarm[] {
  const checks: (Check & { format: (x: number) => string })[] = [
    {
      kind: 'validity',
      value: metrics['valid_share'],
      limit: guards.min_valid_share,
      bad: below,
      format: percent,
      message: (v, l) => `Only ${v} of the questions are well formed (limit ${l}).`,
    },
    {
      kind: 'collapse',
      // Without a valid question there is nothing to repeat; validity says so.
      value: metrics['valid_share'] === 0 ? undefined : metrics['distinct_share'],
      limit: guards.min_distinct_share,
      bad: below,
      format: percent,
      message: (v, l) => `Only ${v} of the questions of this step are distinct (limit ${l}).`,
    },
    {
      kind: 'entropy',
      value: metrics['entropy'],
      limit: guards.min_entropy,
      bad: below,
      format: (x) => x.toFixed(3),
      message: (v, l) => `Entropy fell to ${v} nats a token (limit ${l}): the policy hardly explores.`,
    },
    {
      kind: 'kl',
      value: metrics['kl'],
      limit: guards.max_kl,
      bad: above,
      format: (x) => x.toFixed(3),
      message: (v, l) => `KL to the phase's start is ${v} (limit ${l}).`,
    },
    {
      kind: 'length',
      value: metrics['truncated_share'],
      limit: guards.max_length_share,
      bad: above,
      format: percent,
      message: (v, l) => `${v} of the completions hit the token limit (limit ${l}).`,
    },
    {
      kind: 'zero-variance',
      value: metrics['zero_variance_share'],
      limit: guards.max_zero_variance_share,
      bad: above,
      format: percent,
      message: (v, l) => `${v} of the groups have equal rewards and teach nothing (limit ${l}).`,
    },
  ];
  return checks.flatMap((c) =>
    c.value !== undefined && c.bad(c.value, c.limit)
      ? [
          {
            type: 'alarm' as const,
            ...place,
            kind: c.kind,
            value: c.value,
            limit: c.limit,
            message: c.message(c.format(c.value), c.format(c.limit)),
            action: guards.action,
          },
        ]
      : [],
  );
}

/** Alarms of a finished curriculum. Label accuracy comes from an oracle and therefore only warns. */
export function alarmsOfCurriculum(guards: GuardRecipe, iteration: number, funnel: Funnel): Alarm[] {
  const place = { type: 'alarm' as const, iteration, phase: 'curriculum' as const, step: null };
  const alarms: Alarm[] = [];
  if (funnel.kept === 0) {
    alarms.push({
      ...place,
      kind: 'empty-curriculum',
      value: 0,
      limit: 1,
      message: 'No question lies in the difficulty band: the Solver has nothing to learn from this iteration.',
      action: guards.action,
    });
  }
  if (funnel.valid > 0 && funnel.distinct / funnel.valid < guards.min_distinct_share) {
    const share = funnel.distinct / funnel.valid;
    alarms.push({
      ...place,
      kind: 'collapse',
      value: share,
      limit: guards.min_distinct_share,
      message: `Only ${percent(share)} of the valid questions are distinct (limit ${percent(guards.min_distinct_share)}): the Challenger repeats itself.`,
      action: guards.action,
    });
  }
  const accuracy = funnel.labelAccuracy?.value;
  if (accuracy !== undefined && accuracy < guards.min_label_accuracy) {
    alarms.push({
      ...place,
      kind: 'label-decay',
      value: accuracy,
      limit: guards.min_label_accuracy,
      message: `Only ${percent(accuracy)} of the pseudo-labels are right (limit ${percent(guards.min_label_accuracy)}).`,
      action: 'warn',
    });
  }
  return alarms;
}

/** The iteration whose Solver did best on the guard benchmark (greedy); the earliest on a tie. Not the model before it was fine-tuned. */
export function bestIteration(summaries: readonly IterationSummary[]): IterationSummary | null {
  let best: IterationSummary | null = null;
  for (const summary of summaries) {
    const score = summary.guard?.greedy.value;
    if (summary.iteration >= 0 && score !== undefined && score > (best?.guard?.greedy.value ?? -1)) best = summary;
  }
  return best;
}

/** An alarm when the guard benchmark has fallen against the best iteration so far. */
export function alarmsOfEvaluation(
  guards: GuardRecipe,
  iteration: number,
  guard: Evaluation | null,
  earlier: readonly IterationSummary[],
): Alarm[] {
  const best = bestIteration(earlier);
  if (!guard || !best?.guard) return [];
  const fall = best.guard.greedy.value - guard.greedy.value;
  if (fall <= guards.max_held_out_fall) return [];
  return [
    {
      type: 'alarm',
      iteration,
      phase: 'evaluation',
      step: null,
      kind: 'held-out',
      value: fall,
      limit: guards.max_held_out_fall,
      message: `Accuracy on the guard benchmark fell by ${percent(fall)} against iteration ${best.iteration} (limit ${percent(guards.max_held_out_fall)}).`,
      action: guards.action,
    },
  ];
}
