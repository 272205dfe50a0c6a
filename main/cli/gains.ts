/** What a run's newest measurement gained over its base model, with intervals. */
import type { ComparedBenchmark } from '../../preload/contract/evaluations.js';
import { gainsSince } from '../../preload/contract/run-state.js';
import type { Lab } from '../lab/lab.js';
import { LabError } from '../lib/errors.js';

/** Nothing where only one of the two was measured; a table is worth showing without. */
export async function gainsOf(lab: Lab, run: string): Promise<readonly ComparedBenchmark[]> {
  try {
    const side = (iteration: number | null) => ({ run, iteration });
    const measured = lab.run(run).summaries.flatMap((one) => (one.evaluation ? [one.iteration] : []));
    const input = { a: side(gainsSince(measured)), b: side(null), benchmarks: [] };
    const { a, b, benchmarks } = await lab.ask('evaluations.compare', input);
    return a.iteration === b.iteration ? [] : benchmarks;
  } catch (error) {
    if (error instanceof LabError) return [];
    throw error;
  }
}
