/** Which events are worth a notification of the system, and its words. Pure. */
import type { NoticeKind } from '../../preload/contract/settings.js';
import type { Estimate, IterationSummary, RunEvent } from '../../preload/contract/events.js';

export interface Notice {
  /** The settings say which are wanted. */
  readonly kind: NoticeKind;
  readonly title: string;
  readonly body: string;
}

/** Systems cut longer ones, in the middle of a word. */
const LONGEST = 200;

export function noticeOf(event: RunEvent, run: { readonly name: string; readonly iterations: number }): Notice | null {
  switch (event.type) {
    case 'iteration.finished': {
      const { iteration } = event.summary;
      // What comes before the first is no iteration, and the last one is told by the end of the run.
      if (iteration <= 0 || iteration >= run.iterations) return null;
      return notice(
        'iteration',
        `${run.name}: iteration ${iteration} of ${run.iterations} is done`,
        figures(event.summary),
      );
    }
    case 'alarm':
      return notice('alarm', `${run.name}: alarm, ${event.kind}`, `${event.message}${ACTIONS[event.action]}`);
    case 'run.failed':
      return notice('failure', `${run.name} has failed`, [event.message, event.remedy].filter(Boolean).join(' '));
    case 'run.finished': {
      const last = event.summaries.reduce<IterationSummary | null>(
        (latest, summary) => (latest && latest.iteration > summary.iteration ? latest : summary),
        null,
      );
      return notice('finished', `${run.name} is finished`, last ? figures(last) : '');
    }
    default:
      return null;
  }
}

const ACTIONS = { warn: '', pause: ' The run is paused.', rollback: ' The run goes back to an earlier checkpoint.' };

function figures({ evaluation, funnel }: IterationSummary): string {
  return [share('Held-out accuracy', evaluation?.greedy), share('pseudo-labels right', funnel?.labelAccuracy)]
    .filter((part) => part !== null)
    .join(', ');
}

function share(what: string, value: Estimate | null | undefined): string | null {
  return value ? `${what} ${(value.value * 100).toFixed(1)} %` : null;
}

function notice(kind: NoticeKind, title: string, body: string): Notice {
  return { kind, title, body: body.length > LONGEST ? `${body.slice(0, LONGEST - 1)}…` : body };
}
