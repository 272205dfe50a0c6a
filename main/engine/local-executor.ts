/** Both roles in this process, on one backend: the executor that needs nothing else. */
import { z } from 'zod';
import type { Executor, Snapshot } from '../coevolution/executor.js';
import type { Compute } from '../compute/compute.js';
import { TextGenerator } from '../model/generate.js';
import type { LanguageModel } from '../model/language-model.js';
import { learnerState, LocalLearner } from './local-learner.js';
import { LocalPolicy, type PolicyMachinery } from './local-policy.js';

const policyState = z.object({
  updates: z.number().int(),
  phase: z
    .object({ referenceVersion: z.string(), step: z.number().int(), optimiserUpdates: z.number().int() })
    .nullable(),
});
const executorState = z.object({
  challenger: policyState,
  solver: policyState,
  /** Not in checkpoints of older versions. */
  learner: learnerState.nullable().default(null),
});

export class LocalExecutor implements Executor {
  readonly challenger: LocalPolicy;
  readonly solver: LocalPolicy;
  readonly learner: LocalLearner;

  /** Takes over the model's weights: the Solver gets them, the Challenger a copy. */
  constructor(compute: Compute, model: LanguageModel) {
    const machinery: PolicyMachinery = { compute, model, generator: new TextGenerator(compute, model.config) };
    this.challenger = new LocalPolicy('challenger', machinery, model.parameters.clone());
    this.solver = new LocalPolicy('solver', machinery, model.parameters);
    const { solver, challenger } = this;
    this.learner = new LocalLearner({ compute, model, solver, challenger });
  }

  snapshot(): Snapshot {
    return {
      parts: [...this.challenger.parts(), ...this.solver.parts(), ...this.learner.parts()],
      state: { challenger: this.challenger.state, solver: this.solver.state, learner: this.learner.state },
    };
  }

  async restore(parts: ReadonlyMap<string, string>, state: unknown): Promise<void> {
    const parsed = executorState.parse(state);
    await this.challenger.restore(parts, parsed.challenger);
    await this.solver.restore(parts, parsed.solver);
    this.learner.restore(parts, parsed.learner);
  }

  dispose(): void {
    this.learner.dispose();
    this.challenger.dispose();
    this.solver.dispose();
  }
}
