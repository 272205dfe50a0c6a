/**
 * Which of a lab's notices become notifications of the browser: only while nobody looks at the page, only kinds that are
 * wanted, each once, and never so many that they are a nuisance. Pure: what was shown before comes in and goes out.
 */
import { alarmKind } from '../../preload/contract/alarms.js';
import { iterationWords } from '../../preload/contract/run-state.js';
import type { Settings } from '../../preload/contract/settings.js';
import type { Notice } from '../../preload/contract/system.js';

export interface Notification {
  /** Another one of the same tag takes its place on the screen. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly run: string;
}

export interface Told {
  /** When something of each tag was shown last. */
  readonly tags: ReadonlyMap<string, number>;
  /** When the last ones were shown, whatever they were about. */
  readonly times: readonly number[];
}
export const NOTHING_TOLD: Told = { tags: new Map(), times: [] };

const MINUTE = 60_000;
/** In one minute at most; failures and ends always come through. */
const MOST = 4;
/** An alarm that is raised at every step is told once in this time. */
const REST: Record<Notice['about']['kind'], number> = {
  iteration: 0,
  alarm: 5 * MINUTE,
  failure: 0,
  finished: 0,
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function decide(
  notices: readonly Notice[],
  { told, now, hidden, wanted }: { told: Told; now: number; hidden: boolean; wanted: Settings['notify'] },
): { readonly show: readonly Notification[]; readonly told: Told } {
  const tags = new Map(told.tags);
  let times = told.times.filter((time) => now - time < MINUTE);
  const show: Notification[] = [];
  if (!hidden) return { show, told: { tags, times } };
  for (const notice of notices) {
    const { kind } = notice.about;
    if (!wanted[kind]) continue;
    const notification = notificationOf(notice);
    const last = tags.get(notification.tag);
    if (last !== undefined && now - last < REST[kind]) continue;
    const urgent = kind === 'failure' || kind === 'finished';
    if (!urgent && times.length >= MOST) continue;
    tags.set(notification.tag, now);
    times = [...times, now];
    show.push(notification);
  }
  return { show, told: { tags, times } };
}

function notificationOf({ run, name, about }: Notice): Notification {
  const tag = (what: string): string => `${run} ${what}`;
  switch (about.kind) {
    case 'iteration': {
      const body = about.score === null ? 'It is done.' : `Held out: ${percent(about.score)} right.`;
      const which = `${iterationWords(about.iteration)} is ${about.iteration <= 0 ? 'measured' : 'done'}`;
      return { run, tag: tag('iteration'), title: `${name}: ${which}`, body };
    }
    case 'alarm': {
      const { title } = alarmKind({ kind: about.alarm, action: about.action });
      const done = { warn: '', pause: ' The run has paused.', rollback: ' The run went back to its best checkpoint.' };
      const body = about.message + done[about.action];
      return { run, tag: tag(`alarm ${about.alarm}`), title: `${name}: ${title}`, body };
    }
    case 'failure': {
      const body = about.remedy === null ? about.message : `${about.message} ${about.remedy}`;
      return { run, tag: tag('end'), title: `${name} has failed`, body };
    }
    case 'finished': {
      const body = about.score === null ? 'All iterations are done.' : `Held out: ${percent(about.score)} right.`;
      return { run, tag: tag('end'), title: `${name} is finished`, body };
    }
  }
}
