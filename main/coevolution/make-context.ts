/** Makes what the phases work with from a recipe: domain, benchmarks, labeller, randomness. */
import type { Recipe } from '../../preload/contract/recipe.js';
import { loadBenchmark } from '../benchmarks/benchmark.js';
import { heldOutFilter } from '../benchmarks/held-out.js';
import { domainOf } from '../domains/index.js';
import { RandomKey } from '../lib/random.js';
import type { LoopContext } from './context.js';
import type { Executor } from './executor.js';
import { labellerOf } from './labelling/index.js';

export function contextOf(
  recipe: Recipe,
  executor: Executor,
  hooks: Pick<LoopContext, 'emit' | 'signal' | 'iterationSeconds'>,
): LoopContext {
  const domain = domainOf(recipe.domain);
  const benchmark = loadBenchmark(recipe.evaluation.benchmark);
  const guardBenchmark =
    recipe.evaluation.guard_benchmark === null ? null : loadBenchmark(recipe.evaluation.guard_benchmark);
  return {
    recipe,
    domain,
    executor,
    labeller: labellerOf(recipe.curriculum.labelling),
    key: RandomKey.of(recipe.seed),
    benchmark,
    guardBenchmark,
    isHeldOut: heldOutFilter(domain, guardBenchmark ? [benchmark, guardBenchmark] : [benchmark]),
    oracle: domain.oracle ? domain.oracle.bind(domain) : null,
    ...hooks,
  };
}
