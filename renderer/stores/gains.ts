/** What a run's newest measurement gained over its base model, question by question, with intervals. Asked once an iteration. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ComparedBenchmark } from '../../preload/contract/evaluations.js';
import { gainsSince } from '../../preload/contract/run-state.js';
import { useLab } from './lab.js';

export const useGains = defineStore('gains', () => {
  const lab = useLab();
  const gains = shallowRef<readonly ComparedBenchmark[]>([]);
  let known = '';

  /** @param iterations that are measured; with fewer than two there is nothing to ask */
  async function read(run: string, iterations: readonly number[]): Promise<void> {
    const asked = `${run} ${iterations.join(' ')}`;
    if (asked === known) return;
    if (!known.startsWith(`${run} `)) gains.value = [];
    known = asked;
    if (iterations.length < 2 || !lab.client) return;
    try {
      const input = { a: { run, iteration: gainsSince(iterations) }, b: { run, iteration: null } };
      const { benchmarks } = await lab.client.api.evaluations.compare(input);
      if (asked === known) gains.value = benchmarks;
    } catch {
      // The table stands without intervals of its gains; the next iteration asks again.
      if (asked === known) known = '';
    }
  }

  return { gains, read };
});
