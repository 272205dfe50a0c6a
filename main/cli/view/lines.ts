/** A run as plain lines, for logs and pipes: what begins, what ends, each training step, alarms; not every tick. Pure. */
import type { Evaluation, RunEvent } from '../../../preload/contract/events.js';
import { iterationName, NOT_ZERO_DATA, type RunView } from '../../../preload/contract/run-state.js';
import { decimal, duration, estimate, grouped, percent, printable } from './format.js';

const SHOWN = ['reward', 'valid_share', 'zero_variance_share', 'entropy', 'kl'] as const;

/** Of fine-tuning, which has no rewards. */
const SHOWN_OF_SFT = ['loss', 'held_out_loss', 'gradient_norm'] as const;

function metricsText(metrics: Readonly<Record<string, number>>, shown: readonly string[] = SHOWN): string {
  return shown
    .flatMap((name) => {
      const value = metrics[name];
      if (value === undefined) return [];
      return [
        name.endsWith('_share')
          ? `${name.replace('_share', '')} ${percent(value, 0)}`
          : `${name.replaceAll('_', ' ')} ${decimal(value, 3)}`,
      ];
    })
    .join('  ');
}

function evaluationText({ benchmark, greedy, mean, k }: Evaluation): string {
  return `${printable(benchmark)}: greedy ${estimate(greedy)}${mean ? `, mean@${k} ${estimate(mean)}` : ''}`;
}

function mark(zeroData: boolean | undefined): string {
  return zeroData === false ? `, ${NOT_ZERO_DATA}` : '';
}

/** [1/3]; what comes before the first iteration is named. */
function place({ iteration }: { readonly iteration: number }, { iterations }: RunView): string {
  return iteration > 0 ? `[${iteration}/${iterations}]` : `[${iterationName(iteration)}]`;
}

/** The line for an event, or null where it is not worth one. `view` is the state after the event. */
export function lineOf(event: RunEvent, view: RunView): string | null {
  switch (event.type) {
    case 'run.started': {
      const how = event.resumed ? 'resumed' : 'started';
      return `${printable(event.name)} ${how}: recipe ${printable(event.recipe)}, seed ${event.seed}, ${event.iterations === 1 ? '1 iteration' : `${event.iterations} iterations`}, ${printable(event.backend)}${mark(event.zeroData)}`;
    }
    case 'phase.started': {
      const from = event.done > 0 ? `, from ${event.done}` : '';
      return `${place(event, view)} ${event.phase}: ${event.total} steps${from}`;
    }
    case 'step.finished': {
      const total = view.progress?.phase === event.phase ? `/${view.progress.total}` : '';
      return `${place(event, view)} ${event.phase} ${event.step + 1}${total}  ${metricsText(event.metrics, event.phase === 'sft' ? SHOWN_OF_SFT : SHOWN)}`.trimEnd();
    }
    case 'sft.prepared': {
      const { train, heldOut, benchmark, tooLong, truncated, tokens, steps } = event;
      const others = [
        heldOut > 0 ? `${grouped(heldOut)} held out` : null,
        benchmark > 0 ? `${grouped(benchmark)} left out as questions of a benchmark` : null,
        tooLong > 0 ? `${grouped(tooLong)} left out as too long` : null,
        truncated > 0 ? `${grouped(truncated)} cut off` : null,
      ].filter((part) => part !== null);
      return `${printable(event.data)}: ${[`${grouped(train)} sequences with ${grouped(tokens)} tokens to learn`, ...others].join(', ')}; ${grouped(steps)} steps at most`;
    }
    case 'sft.finished': {
      const { steps, planned, best, weightsOf } = event;
      const early = steps < planned ? `stopped early after ${steps} of ${planned} steps` : `${steps} steps`;
      const lowest = best ? `, lowest held-out loss ${decimal(best.loss, 3)} after step ${best.step}` : '';
      return `fine-tuning: ${early}${lowest}; the weights ${weightsOf === 0 ? 'stay as they were' : `of step ${weightsOf} come out`}`;
    }
    case 'curriculum.finished': {
      const { generated, valid, distinct, kept, labelAccuracy, overlaps } = event.funnel;
      const counted = overlaps
        ? `, ${grouped(overlaps.exact)} of a benchmark and ${grouped(overlaps.near)} nearly, counted only`
        : '';
      const right = labelAccuracy ? `, labels right ${estimate(labelAccuracy)}` : '';
      return `${place(event, view)} curriculum: ${grouped(generated)} generated, ${grouped(valid)} valid, ${grouped(distinct)} distinct, ${grouped(kept)} kept${right}${counted}`;
    }
    case 'reviews.applied':
      return `${place(event, view)} reviews: ${grouped(event.removed)} questions removed, ${grouped(event.relabelled)} relabelled, ${grouped(event.left)} left`;
    case 'evaluation.finished':
      return `${place(event, view)} ${evaluationText(event.evaluation)}`;
    case 'phase.finished':
      return `${place(event, view)} ${event.phase} done in ${duration(event.seconds)}`;
    case 'alarm':
      return `! ${event.kind} (${event.iteration}/${event.phase}): ${printable(event.message)}`;
    case 'log':
      return event.level === 'info' ? printable(event.message) : `${event.level}: ${printable(event.message)}`;
    case 'run.paused':
      return `paused (${printable(event.reason)}) at iteration ${event.iteration}, ${event.phase}, step ${event.step}`;
    case 'run.finished':
      return `finished in ${duration(event.seconds)}${mark(event.zeroData)}`;
    case 'run.failed':
      return `failed: ${printable(event.message)}`;
    case 'phase.progress':
    case 'rollout.sampled':
    case 'iteration.finished':
    case 'checkpoint.saved':
    case 'compute.summary':
      return null;
  }
}

/** A line about a long phase, for when nothing else has been said for a while. */
export function heartbeat(view: RunView): string | null {
  const { progress } = view;
  if (!progress || view.state !== 'running') return null;
  const speed = progress.tokensPerSecond === null ? '' : `, ${grouped(progress.tokensPerSecond)} tokens/s`;
  return `${place(progress, view)} ${progress.phase} ${Math.floor(progress.done)}/${progress.total}${speed}`;
}
