/**
 * The queue one works through: what was already passed stays, so that one can go back; more is read before it runs out;
 * reading it again drops what others have judged meanwhile.
 */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { Draft, QueueItem, QueueOrder, ReviewProgress } from '../../../preload/contract/reviews.js';
import { useLab } from '../../stores/lab.js';
import { useReviewer } from '../../stores/reviewer.js';
import type { Work } from '../../stores/review.js';
import { failureWords, type FailureWords } from '../failure-words.js';
import { firstOf, MOST, placeOf, type Place } from './queue-pages.js';

export interface Wanted {
  readonly work: Work;
  readonly order: QueueOrder;
  /** Also what is done. */
  readonly done: boolean;
  readonly limit: number;
  /** Where to begin; it is fetched where the queue has it not. */
  readonly question: number | null;
}

export interface Judged {
  readonly input: Draft;
  readonly discarded: boolean;
}

export interface Queue {
  readonly items: ShallowRef<readonly QueueItem[]>;
  readonly progress: ShallowRef<ReviewProgress | null>;
  readonly failure: ShallowRef<FailureWords | null>;
  readonly reading: Ref<boolean>;
  readonly at: Ref<number>;
  readonly current: ComputedRef<QueueItem | null>;
  /** Questions that were not in the queue but are shown: they belong to no audit. */
  readonly outside: ReadonlySet<number>;
  /** Whether the lab has no more than what is here. */
  readonly ended: Ref<boolean>;
  /** What was recorded in this sitting, as it was typed. */
  readonly judged: ShallowRef<ReadonlyMap<number, Judged>>;
  mark(question: number, judged: Judged | null): void;
  load(): Promise<void>;
  /** Reads it again; how many others have taken from it. */
  refresh(): Promise<number>;
  /** The next page, behind what is here. */
  more(): Promise<void>;
  count(): Promise<void>;
  goTo(question: number): Promise<void>;
}

/** "Question 8 of 500": of all there are, not of those that are here already. */
export function placeWords({ at, items, progress }: Pick<Queue, 'at' | 'items' | 'progress'>): string {
  const n = at.value + 1;
  return `Question ${n} of ${Math.max(n, items.value.length, progress.value?.total ?? 0)}`;
}

/** Questions ahead at which more are read. */
const AHEAD = 12;

export function useQueue(wanted: () => Wanted | null): Queue {
  const lab = useLab();
  const reviewer = useReviewer();
  const items = shallowRef<readonly QueueItem[]>([]);
  const progress = shallowRef<ReviewProgress | null>(null);
  const failure = shallowRef<FailureWords | null>(null);
  const reading = ref(false);
  const at = ref(0);
  const outside = new Set<number>();
  const judged = shallowRef<ReadonlyMap<number, Judged>>(new Map());
  const ended = ref(false);
  let asking = false;
  let round = 0;

  type Change = Partial<Pick<Wanted, 'order' | 'done' | 'limit'>> & { readonly after?: Place | null };
  async function ask(of: Wanted, change: Change = {}) {
    const { work, order, done, limit, after = null } = { ...of, ...change };
    if (!lab.client) throw new Error('There is no connection to the lab.');
    return lab.client.api.reviews.queue({ ...work, reviewer: reviewer.name, order, done, limit, after });
  }
  const alone = async (of: Wanted, question: number): Promise<QueueItem | null> =>
    (await ask(of, { order: { kind: 'chosen', questions: [question] }, done: true, limit: 1 })).items[0] ?? null;

  async function load(): Promise<void> {
    const mine = ++round;
    const of = wanted();
    judged.value = new Map();
    outside.clear();
    ended.value = false;
    failure.value = null;
    // At once: a blind pass must not show the first one's verdicts while its own queue is on the way.
    items.value = [];
    progress.value = null;
    at.value = 0;
    if (!of) return;
    reading.value = true;
    try {
      const found = await ask(of);
      const begin = of.question === null ? 0 : found.items.findIndex(({ question }) => question === of.question);
      const extra = begin < 0 && of.question !== null ? await alone(of, of.question) : null;
      if (mine !== round) return;
      if (extra) outside.add(extra.question);
      items.value = extra ? [extra, ...found.items] : found.items;
      progress.value = found.progress;
      ended.value = found.items.length < of.limit;
      at.value = Math.max(0, extra ? 0 : begin);
    } catch (error) {
      if (mine === round) failure.value = failureWords(error);
    } finally {
      if (mine === round) reading.value = false;
    }
  }

  /** What stays: all up to here and what was judged here; then what the lab offers. */
  function merge(found: readonly QueueItem[]): number {
    const kept = items.value.filter(({ question }, i) => i <= at.value || judged.value.has(question));
    const have = new Set(kept.map(({ question }) => question));
    const ahead = items.value.length - kept.length;
    const still = new Set(found.map(({ question }) => question));
    const lost = items.value.filter(({ question }) => !have.has(question) && !still.has(question)).length;
    items.value = [...kept, ...found.filter(({ question }) => !have.has(question))];
    return ended.value ? Math.min(lost, ahead) : 0;
  }

  async function refresh(): Promise<number> {
    const of = wanted();
    const mine = round;
    if (!of || asking) return 0;
    asking = true;
    try {
      // What was passed over is offered first again: it must not stand in the way of what follows.
      const count = Math.max(items.value.length, of.limit + at.value + 1);
      const found = await firstOf((limit, after) => ask(of, { limit, after }), count);
      if (mine !== round) return 0;
      ended.value = found.all;
      progress.value = found.progress;
      failure.value = null;
      return merge(found.items);
    } catch (error) {
      failure.value = failureWords(error);
      return 0;
    } finally {
      asking = false;
    }
  }

  async function more(): Promise<void> {
    const of = wanted();
    const mine = round;
    if (!of || asking || ended.value) return;
    asking = true;
    try {
      const last = items.value.findLast(({ question }) => !outside.has(question));
      const found = await ask(of, { limit: MOST, after: last ? placeOf(last) : null });
      if (mine !== round) return;
      const have = new Set(items.value.map(({ question }) => question));
      ended.value = found.items.length < MOST;
      progress.value = found.progress;
      failure.value = null;
      items.value = [...items.value, ...found.items.filter(({ question }) => !have.has(question))];
    } catch (error) {
      if (mine === round) failure.value = failureWords(error);
    } finally {
      asking = false;
    }
  }

  async function count(): Promise<void> {
    const of = wanted();
    const mine = round;
    if (!of) return;
    const found = await ask(of, { limit: 1 }).catch(() => null);
    if (found && mine === round) progress.value = found.progress;
  }

  async function goTo(question: number): Promise<void> {
    const here = items.value.findIndex((item) => item.question === question);
    if (here >= 0) {
      at.value = here;
      return;
    }
    const of = wanted();
    const mine = round;
    const extra = of ? await alone(of, question).catch(() => null) : null;
    if (!extra || mine !== round) return;
    outside.add(question);
    items.value = [...items.value.slice(0, at.value), extra, ...items.value.slice(at.value)];
  }

  function mark(question: number, as: Judged | null): void {
    const next = new Map(judged.value);
    if (as) next.set(question, as);
    else next.delete(question);
    judged.value = next;
  }

  watch(at, (place) => {
    if (!ended.value && !reading.value && items.value.length - place <= AHEAD) void refresh();
  });
  const current = computed(() => items.value[at.value] ?? null);
  const state = { items, progress, failure, reading, at, current, outside, ended, judged };
  return { ...state, mark, load, refresh, more, count, goTo };
}
