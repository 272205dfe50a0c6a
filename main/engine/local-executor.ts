/**
 * Both roles in this process, on one backend: the executor that needs nothing else. The roles are two copies of the model,
 * or one model that both prompts ask and both phases teach.
 */
import { z } from 'zod';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { Executor, Snapshot } from '../coevolution/executor.js';
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import { TextGenerator } from '../model/generate.js';
import type { LanguageModel } from '../model/language-model.js';
import { LocalPolicy, type PolicyMachinery } from './local-policy.js';

const policyState = z.object({
  updates: z.number().int(),
  phase: z
    .object({ referenceVersion: z.string(), step: z.number().int(), optimiserUpdates: z.number().int() })
    .nullable(),
});
/** One model is kept as the Solver; there is then no Challenger beside it. */
const executorState = z.object({ challenger: policyState.optional(), solver: policyState });

export class LocalExecutor implements Executor {
  readonly challenger: LocalPolicy;
  readonly solver: LocalPolicy;

  /** Takes over the model's weights: the Solver gets them, the Challenger a copy, or the same where `roles` is one. */
  constructor(compute: Compute, model: LanguageModel, roles: Recipe['roles'] = 'two') {
    const machinery: PolicyMachinery = { compute, model, generator: new TextGenerator(compute, model.config) };
    this.solver = new LocalPolicy('solver', machinery, model.parameters);
    this.challenger =
      roles === 'one' ? this.solver : new LocalPolicy('challenger', machinery, model.parameters.clone());
  }

  snapshot(): Snapshot {
    const { solver, challenger } = this;
    if (challenger === solver) return { parts: solver.parts(), state: { solver: solver.state } };
    return {
      parts: [...challenger.parts(), ...solver.parts()],
      state: { challenger: challenger.state, solver: solver.state },
    };
  }

  async restore(parts: ReadonlyMap<string, string>, state: unknown): Promise<void> {
    const { challenger, solver } = executorState.parse(state);
    if ((challenger === undefined) !== (this.challenger === this.solver))
      throw new LabError('internal', 'The checkpoint and the recipe do not agree whether the roles are one model.');
    if (challenger) await this.challenger.restore(parts, challenger);
    await this.solver.restore(parts, solver);
  }

  dispose(): void {
    this.solver.dispose();
    if (this.challenger !== this.solver) this.challenger.dispose();
  }
}
