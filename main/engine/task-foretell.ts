/** The task that foretells how long a run would take here: measures the model for a while, and goes through the recipe. */
import type { TaskInput, TaskOutput } from '../../preload/contract/tasks.js';
import { readDomain } from '../coevolution/domain-folder.js';
import { requireBfloat16 } from '../lib/backend-needs.js';
import { openCompute } from '../compute/open.js';
import { domainOf } from '../domains/index.js';
import { loadModelFolder } from '../model/folder.js';
import { ForetoldExecutor } from './foretelling/foretold-executor.js';
import { phaseSeconds } from './foretelling/foretell.js';
import { measureCosts } from './foretelling/measure.js';
import { LocalExecutor } from './local-executor.js';
import type { TaskHooks } from './serve.js';
import { sequenceOf } from './sft-tokens.js';

export async function foretellTask(
  { recipe, folder, backend }: TaskInput<'foretell'>,
  { signal, onProgress }: TaskHooks,
): Promise<TaskOutput<'foretell'>> {
  const start = performance.now();
  const compute = await openCompute(backend);
  const type = recipe.lora?.base_dtype ?? 'float32';
  if (type === 'bfloat16') requireBfloat16(compute.backend);
  const model = await loadModelFolder(folder, { type });
  const domain = domainOf(readDomain(recipe.domain).description, recipe.prompts);
  const lora = recipe.lora && { recipe: recipe.lora, seed: recipe.seed, base: '' };
  const local = new LocalExecutor(compute, model, { roles: 'one', lora });
  const { config } = local.solver.model;
  const machine = { compute, config };
  const measured = await measureCosts(machine, local, { recipe, domain, signal, onProgress });
  const size = local.solver.state.size ?? { tokens: config.maxPositions, kept: 'products' as const };
  const clock = { seconds: 0 };
  const work = {
    ...{ machine, costs: measured.costs, size, domain, clock, reference: recipe.solver.grpo.kl > 0 },
    encode: (prompt: Parameters<typeof local.solver.encode>[0]) => local.solver.encode(prompt),
    encodeExample: (example: Parameters<typeof sequenceOf>[1]) => sequenceOf(local.solver.model, example),
  };
  const executor = new ForetoldExecutor(work, measured.written);
  const phases = await phaseSeconds(recipe, executor, { clock, signal });
  const mean = (lengths: readonly number[]): number => lengths.reduce((sum, n) => sum + n, 0) / lengths.length;
  const { challenger, solver } = executor.writing;
  local.dispose();
  return {
    phases,
    backend: compute.description,
    tokens: {
      challenger: mean(challenger.map(({ tokens }) => tokens.length)),
      solver: mean(solver.map(({ tokens }) => tokens.length)),
    },
    seconds: (performance.now() - start) / 1000,
  };
}
