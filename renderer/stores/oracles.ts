/**
 * What the oracles of a run say, and the judge that is at work on it. The lab owns the judge: leaving the room neither ends
 * nor loses it, and every page sees the same.
 */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { LabApi } from '../../preload/contract/contract.js';
import type { JudgeJobState, OracleOverview } from '../../preload/contract/oracles.js';
import { labFailure, type FailureFacts } from '../connection/failure.js';
import { useLab } from './lab.js';

export type JudgeWish = Parameters<LabApi['oracles']['start']>[0];
type Act = (api: LabApi['oracles'], run: string) => Promise<unknown>;

export const useOracles = defineStore('oracles', () => {
  const lab = useLab();
  const run = shallowRef<string | null>(null);
  const overview = shallowRef<OracleOverview | null>(null);
  const job = shallowRef<JudgeJobState | null>(null);
  const failure = shallowRef<FailureFacts | null>(null);
  /** Of what was asked of the judge. */
  const trouble = shallowRef<FailureFacts | null>(null);
  let asked = 0;

  function enter(id: string): void {
    if (run.value === id) return;
    run.value = id;
    [overview.value, job.value, failure.value, trouble.value] = [null, null, null, null];
  }

  async function refresh(): Promise<void> {
    const [id, mine] = [run.value, ++asked];
    if (id === null || !lab.client) return;
    try {
      const found = await lab.client.api.oracles.overview({ run: id });
      if (mine === asked && run.value === id) [overview.value, failure.value] = [found, null];
    } catch (error) {
      if (mine === asked) failure.value = labFailure(error, 'oracles.overview');
    }
  }

  /** Follows the judge of the run until the returned function is called. */
  function follow(): () => void {
    const id = run.value;
    if (id === null || !lab.client) return () => undefined;
    return lab.client.follow((api, options) => api.oracles.job({ run: id }, options), {
      item: (item) => {
        if (run.value === id) job.value = item.job;
      },
      failure: (error) => (trouble.value = error),
    });
  }

  async function act(work: Act): Promise<boolean> {
    const id = run.value;
    if (id === null || !lab.client) return false;
    trouble.value = null;
    try {
      await work(lab.client.api.oracles, id);
      return true;
    } catch (error) {
      trouble.value = labFailure(error, 'oracles');
      return false;
    }
  }
  const start = (wish: JudgeWish): Promise<boolean> => act((api) => api.start(wish));
  const pause = (): Promise<boolean> => act((api, id) => api.pause({ run: id }));
  const resume = (): Promise<boolean> => act((api, id) => api.resume({ run: id }));
  const dismiss = (): Promise<boolean> => act((api, id) => api.dismiss({ run: id }));

  return { run, overview, job, failure, trouble, enter, refresh, follow, start, pause, resume, dismiss };
});
