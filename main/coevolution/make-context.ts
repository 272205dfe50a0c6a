/** Makes what the phases work with from a recipe: domain, benchmarks, labeller, randomness. */
import { resolve } from 'node:path';
import type { Recipe } from '../../preload/contract/recipe.js';
import { type Benchmark, loadBenchmark } from '../benchmarks/benchmark.js';
import { heldOutFilter } from '../benchmarks/held-out.js';
import { decideByAlgebra, decideByForm } from '../benchmarks/verdicts.js';
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { domainOf } from '../domains/index.js';
import { type AnswerEquality, canonicalEquality } from '../grading/equality.js';
import { LabError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import type { LoopContext, OtherBenchmark } from './context.js';
import { readDomain } from './domain-folder.js';
import type { Executor } from './executor.js';
import { labellerOf } from './labelling/index.js';
import { seldom } from './rollouts.js';

type Hooks = Pick<LoopContext, 'emit' | 'signal' | 'iterationSeconds'> &
  Partial<Pick<LoopContext, 'correctors' | 'decide'>>;

interface Given {
  /** The domain as a run keeps it; left out, the one that the recipe names. */
  readonly kept?: DomainDescription;
  /** For answers in mathematics; left out, canonical forms decide. */
  readonly algebra?: AnswerEquality;
}

export async function contextOf(
  recipe: Recipe,
  executor: Executor,
  { kept, algebra, ...hooks }: Hooks & Given,
): Promise<LoopContext> {
  const domain = domainOf(kept ?? readDomain(recipe.domain).description, recipe.prompts);
  const benchmark = await loadBenchmark(recipe.evaluation.benchmark);
  const guardBenchmark =
    recipe.evaluation.guard_benchmark === null ? null : await loadBenchmark(recipe.evaluation.guard_benchmark);
  const others = await othersOf(recipe.evaluation);
  refuseSameName(recipe.evaluation, benchmark, guardBenchmark);
  refuseTwice([benchmark, ...(guardBenchmark ? [guardBenchmark] : [])], others);
  return {
    recipe,
    domain,
    executor,
    labeller: labellerOf(recipe.curriculum.labelling),
    equality: domain.answers === 'math' && algebra ? algebra : canonicalEquality,
    correctors: [],
    decide: algebra ? decideByAlgebra(algebra) : decideByForm,
    key: RandomKey.of(recipe.seed),
    benchmark,
    guardBenchmark,
    others,
    isHeldOut: heldOutFilter(domain, [
      benchmark,
      ...(guardBenchmark ? [guardBenchmark] : []),
      ...others.map((other) => other.benchmark),
    ]),
    oracle: domain.oracle ? domain.oracle.bind(domain) : null,
    show: seldom(hooks.emit),
    ...hooks,
  };
}

function othersOf({ others, samples }: Recipe['evaluation']): Promise<OtherBenchmark[]> {
  return Promise.all(
    others.map(async (entry) => {
      const benchmark = await loadBenchmark(entry.benchmark);
      return { benchmark, samples: entry.samples ?? benchmark.samples ?? samples };
    }),
  );
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

/** What guides a choice would no longer only be measured; and what is measured twice would be written twice. */
function refuseTwice(taken: readonly Benchmark[], others: readonly OtherBenchmark[]): void {
  const names = new Set(taken.map(({ name }) => name));
  for (const { benchmark } of others) {
    if (names.has(benchmark.name)) {
      throw new LabError('recipe', `evaluation.others: the benchmark "${benchmark.name}" is measured already.`, {
        remedy: 'Name each benchmark once, and rename files of the same name.',
      });
    }
    names.add(benchmark.name);
  }
}
