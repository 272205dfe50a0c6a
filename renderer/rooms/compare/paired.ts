/** Which measurements of the compared runs can be held against each other, and how chance is put into words. Pure. */
import { iterationPlace } from '../../../preload/contract/run-state.js';
import type { RunInfo } from '../../../preload/contract/runs.js';

export interface SideChoice {
  readonly key: string;
  readonly run: string;
  readonly iteration: number;
  readonly title: string;
}

/** Every measured iteration of each run, in their order. */
export function sidesOf(runs: readonly Pick<RunInfo, 'id' | 'name' | 'summaries'>[]): SideChoice[] {
  return runs.flatMap(({ id, name, summaries }) =>
    summaries.flatMap(({ iteration, evaluation }): SideChoice[] => {
      if (!evaluation) return [];
      return [{ key: `${id} ${iteration}`, run: id, iteration, title: `${name}, ${iterationPlace(iteration)}` }];
    }),
  );
}

/** A p-value as papers write it. */
export function chanceText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`;
}
