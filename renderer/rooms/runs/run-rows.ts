/** What the list shows of a run, which runs it shows, and in which order. Pure. */
import type { Estimate } from '../../../preload/contract/events.js';
import { PHASE_TITLES, runEta, type RunView } from '../../../preload/contract/run-state.js';
import type { RunInfo, RunState } from '../../../preload/contract/runs.js';

export interface RunRow {
  readonly info: RunInfo;
  /** Held-out score after each evaluated iteration, greedy. */
  readonly scores: readonly number[];
  readonly best: (Estimate & { readonly iteration: number }) | null;
  readonly labels: Estimate | null;
  /** Where it stands, in words. */
  readonly place: string;
  /** Share of the iterations that is done. */
  readonly share: number;
}

export function rowOf(info: RunInfo): RunRow {
  const evaluated = info.summaries.flatMap(({ iteration, evaluation }) =>
    evaluation ? [{ iteration, ...evaluation.greedy }] : [],
  );
  const best = evaluated.reduce<RunRow['best']>((top, next) => (top && top.value >= next.value ? top : next), null);
  const finished = info.state === 'finished';
  const done = info.summaries.filter(({ iteration }) => iteration > 0).length;
  const { iteration, phase } = info.cursor;
  const underway = iteration <= 0 ? PHASE_TITLES[phase] : `${iteration} of ${info.iterations} · ${PHASE_TITLES[phase]}`;
  const words =
    info.iterations === 0 ? 'fine-tuning' : info.iterations === 1 ? '1 iteration' : `${info.iterations} iterations`;
  return {
    info,
    scores: evaluated.map(({ value }) => value),
    best,
    labels: info.summaries.findLast(({ funnel }) => funnel?.labelAccuracy)?.funnel?.labelAccuracy ?? null,
    place: finished || info.state === 'created' ? words : underway,
    share: finished ? 1 : info.iterations > 0 ? Math.min(1, done / info.iterations) : 0,
  };
}

/** Seconds left of a running run: from its events where they are at hand, else from the iterations it has been through. */
export function etaOf(info: RunInfo, view: RunView | null, now: number): number | null {
  if (info.state !== 'running') return null;
  const told = view?.run === info.id ? runEta(view, now) : null;
  if (told !== null) return told;
  const done = info.summaries.filter(({ iteration }) => iteration > 0);
  if (done.length === 0) return null;
  const mean = done.reduce((sum, { seconds }) => sum + seconds, 0) / done.length;
  const here = info.activeSeconds - info.summaries.reduce((sum, { seconds }) => sum + seconds, 0);
  return Math.max(0, mean * (info.iterations - done.length) - Math.max(0, here));
}

export interface RunFilter {
  /** Words that must all occur, or /a regular expression/. */
  readonly text: string;
  readonly states: ReadonlySet<RunState>;
  readonly tags: ReadonlySet<string>;
  readonly archived: boolean;
}
export const NO_FILTER: RunFilter = { text: '', states: new Set(), tags: new Set(), archived: false };

export type Matcher =
  { readonly kind: 'fits'; fits(text: string): boolean } | { readonly kind: 'wrong'; readonly why: string };

export function matcherOf(text: string): Matcher {
  const pattern = /^\/(.+?)\/?$/s.exec(text.trim())?.[1];
  if (pattern === undefined) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return { kind: 'fits', fits: (where) => words.every((word) => where.toLowerCase().includes(word)) };
  }
  try {
    const expression = new RegExp(pattern, 'imu');
    return { kind: 'fits', fits: (where) => expression.test(where) };
  } catch (error) {
    const why = error instanceof Error ? error.message.split(': ').at(-1) : String(error);
    return { kind: 'wrong', why: `Not a regular expression: ${why ?? ''}` };
  }
}

export function shownRuns(runs: readonly RunInfo[], filter: RunFilter): RunInfo[] {
  const matcher = matcherOf(filter.text);
  return runs.filter(
    ({ id, name, recipe, seed, notes, tags, state, archived }) =>
      (filter.archived || !archived) &&
      (filter.states.size === 0 || filter.states.has(state)) &&
      [...filter.tags].every((tag) => tags.includes(tag)) &&
      (matcher.kind === 'wrong' || matcher.fits([name, id, recipe, `seed ${seed}`, ...tags, notes].join('\n'))),
  );
}

export const SORTS = ['name', 'state', 'best', 'labels', 'created'] as const;
export type SortKey = (typeof SORTS)[number];
export interface RunSort {
  readonly key: SortKey;
  readonly descending: boolean;
}

const VALUES: Readonly<Record<SortKey, (row: RunRow) => number | string | null>> = {
  name: ({ info }) => info.name,
  state: ({ info }) => ['running', 'paused', 'created', 'failed', 'finished'].indexOf(info.state),
  best: ({ best }) => best?.value ?? null,
  labels: ({ labels }) => labels?.value ?? null,
  created: ({ info }) => info.createdAt,
};

/** What has no value stands last, whichever the direction. Names with numbers are sorted as people count. */
export function sortRows(rows: readonly RunRow[], { key, descending }: RunSort): RunRow[] {
  const value = VALUES[key];
  const compare = (a: number | string, b: number | string): number =>
    typeof a === 'string' || typeof b === 'string'
      ? String(a).localeCompare(String(b), 'en', { numeric: true })
      : a - b;
  return [...rows].sort((first, second) => {
    const [a, b] = [value(first), value(second)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return descending ? compare(b, a) : compare(a, b);
  });
}

/** "alpha, beta" as tags: trimmed, each once. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
}
