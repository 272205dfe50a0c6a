/** Makes what the phases work with from a recipe: domain, benchmarks, labeller, randomness. */
import { resolve } from 'node:path';
import type { Recipe } from '../../preload/contract/recipe.js';
import { type Benchmark, loadBenchmark } from '../benchmarks/benchmark.js';
import { heldOutFilter } from '../benchmarks/held-out.js';
import { domainOf } from '../domains/index.js';
import { LabError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import type { LoopContext } from './context.js';
import type { Executor } from './executor.js';
import { labellerOf } from './labelling/index.js';
import { seldom } from './rollouts.js';

export async function contextOf(
  recipe: Recipe,
  executor: Executor,
  hooks: Pick<LoopContext, 'emit' | 'signal' | 'iterationSeconds'> & Partial<Pick<LoopContext, 'correctors'>>,
): Promise<LoopContext> {
  const domain = domainOf(recipe.domain, recipe.prompts);
  const benchmark = await loadBenchmark(recipe.evaluation.benchmark);
  const guardBenchmark =
    recipe.evaluation.guard_benchmark === null ? null : await loadBenchmark(recipe.evaluation.guard_benchmark);
  refuseSameName(recipe.evaluation, benchmark, guardBenchmark);
  return {
    recipe,
    domain,
    executor,
    labeller: labellerOf(recipe.curriculum.labelling),
    correctors: [],
    key: RandomKey.of(recipe.seed),
    benchmark,
    guardBenchmark,
    isHeldOut: heldOutFilter(domain, guardBenchmark ? [benchmark, guardBenchmark] : [benchmark]),
    oracle: domain.oracle ? domain.oracle.bind(domain) : null,
    show: seldom(hooks.emit),
    ...hooks,
  };
}

/** Results are kept under a benchmark's name: two files of one name would be taken for one benchmark. */
function refuseSameName(of: Recipe['evaluation'], benchmark: Benchmark, guard: Benchmark | null): void {
  if (of.guard_benchmark === null || guard?.name !== benchmark.name) return;
  if (resolve(of.benchmark) === resolve(of.guard_benchmark)) return;
  throw new LabError(
    'recipe',
    `evaluation: ${of.benchmark} and ${of.guard_benchmark} are two benchmarks of one name, "${benchmark.name}".`,
    { remedy: 'Rename one of the files.' },
  );
}
