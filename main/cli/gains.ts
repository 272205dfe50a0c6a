/** What a run's newest measurement gained over its base model, with intervals. */
import type { ComparedBenchmark } from '../../preload/contract/evaluations.js';
import type { Lab } from '../lab/lab.js';
import { LabError } from '../lib/errors.js';

/** Nothing where only one of the two was measured; a table is worth showing without. */
export async function gainsOf(lab: Lab, run: string): Promise<readonly ComparedBenchmark[]> {
  try {
    const side = (iteration: number | null) => ({ run, iteration });
    const { a, b, benchmarks } = await lab.ask('evaluations.compare', { a: side(0), b: side(null), benchmarks: [] });
    return a.iteration === b.iteration ? [] : benchmarks;
  } catch (error) {
    if (error instanceof LabError) return [];
    throw error;
  }
}
