/** What the page knows of the lab: its runs, and the state of the one that is shown, added up from its events. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { emptyRun, reduceRun, type RunView } from '../../preload/contract/run-state.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import { LabFailure, type LabClient } from '../lab-client.js';

const REFRESH_MS = 2000;
const PATIENCE_MS = 5000;

export const useLab = defineStore('lab', () => {
  const client = shallowRef<LabClient | null>(null);
  const runs = shallowRef<readonly RunInfo[] | null>(null);
  const selected = ref<string | null>(null);
  const view = shallowRef<RunView | null>(null);
  const failure = shallowRef<{ readonly message: string; readonly remedy: string | null } | null>(null);
  const busy = ref(false);
  /** Nobody has given the page a port for too long. */
  const abandoned = ref(false);
  let endStream: (() => void) | undefined;
  let refreshing: ReturnType<typeof setInterval> | undefined;
  const patience = setTimeout(() => (abandoned.value = true), PATIENCE_MS);

  const info = computed(() => runs.value?.find((run) => run.id === selected.value) ?? null);

  function show(error: unknown): void {
    failure.value =
      error instanceof LabFailure
        ? { message: error.message, remedy: error.remedy }
        : { message: error instanceof Error ? error.message : String(error), remedy: null };
  }

  async function refresh(): Promise<void> {
    if (!client.value) return;
    try {
      runs.value = await client.value.call('runs.list', {});
      const newest = runs.value[0];
      if (selected.value === null && newest) select(newest.id);
    } catch (error) {
      show(error);
    }
  }

  function connect(to: LabClient): void {
    clearTimeout(patience);
    clearInterval(refreshing);
    abandoned.value = false;
    client.value = to;
    if (selected.value !== null) select(selected.value);
    void refresh();
    refreshing = setInterval(() => void refresh(), REFRESH_MS);
  }

  /** Shows a run: its history, then what happens. The state is put on the page once a frame at most. */
  function select(id: string): void {
    endStream?.();
    const known = view.value?.run === id ? view.value : emptyRun(id);
    let next = known;
    let scheduled = false;
    selected.value = id;
    view.value = known;
    endStream = client.value?.stream(
      'runs.events',
      { run: id, after: known.sequence },
      {
        item: (event) => {
          next = reduceRun(next, event);
          if (scheduled) return;
          scheduled = true;
          requestAnimationFrame(() => {
            scheduled = false;
            if (selected.value === id) view.value = next;
          });
        },
        error: show,
      },
    );
  }

  async function act(work: (client: LabClient) => Promise<string | null>): Promise<void> {
    if (!client.value || busy.value) return;
    busy.value = true;
    failure.value = null;
    try {
      const id = await work(client.value);
      await refresh();
      if (id !== null) select(id);
    } catch (error) {
      show(error);
    } finally {
      busy.value = false;
    }
  }

  const startSample = (): Promise<void> => act(async (to) => (await to.call('runs.create', { recipe: 'nano' })).id);
  const pause = (run: string): Promise<void> => act(async (to) => to.call('runs.pause', { run }).then(() => null));
  const resume = (run: string): Promise<void> => act(async (to) => (await to.call('runs.resume', { run })).id);
  const dismiss = (): void => {
    failure.value = null;
  };

  return {
    client,
    runs,
    selected,
    view,
    info,
    failure,
    busy,
    abandoned,
    connect,
    select,
    startSample,
    pause,
    resume,
    dismiss,
  };
});
