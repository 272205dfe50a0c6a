/**
 * Both roles in this process, on one backend: the executor that needs nothing else. The roles are two copies of the model,
 * or one model that both prompts ask and both phases teach; or adapters on a base that is there once.
 */
import { z } from 'zod';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { Executor, Snapshot } from '../coevolution/executor.js';
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import type { LanguageModel } from '../model/language-model.js';
import type { Parameters } from '../model/parameters.js';
import { learnerState, LocalLearner, workSize } from './local-learner.js';
import { LocalPolicy } from './local-policy.js';
import { machineryOf, type LoraWork } from './role-machinery.js';

const policyState = z.object({
  updates: z.number().int(),
  phase: z
    .object({ referenceVersion: z.string(), step: z.number().int(), optimiserUpdates: z.number().int() })
    .nullable(),
  size: workSize.optional(),
});
/** One model is kept as the Solver; there is then no Challenger beside it. */
const executorState = z.object({
  challenger: policyState.optional(),
  solver: policyState,
  /** Not in checkpoints of older versions. */
  learner: learnerState.nullable().default(null),
  /** Digest of the base's weights, which a checkpoint of adapters does not hold. */
  base: z.string().optional(),
});

interface Base {
  readonly parameters: Parameters;
  readonly digest: string;
}

export interface LocalExecutorOptions {
  readonly roles?: Recipe['roles'];
  /** Adapters instead of whole weights, beside a base whose file has this digest. */
  readonly lora?: (LoraWork & { readonly base: string }) | null;
  /** Told what the record is to say. */
  readonly notice?: (message: string) => void;
}

export class LocalExecutor implements Executor {
  readonly challenger: LocalPolicy;
  readonly solver: LocalPolicy;
  readonly learner: LocalLearner;

  /** The weights nobody trains, with adapters; null without. */
  private readonly base: Base | null;

  /**
   * Takes over the model's weights: the Solver gets them, the Challenger a copy, or the same where `roles` is one. With
   * adapters it is these that the roles have, and the weights stay as they are, for both.
   */
  constructor(compute: Compute, model: LanguageModel, options: LocalExecutorOptions = {}) {
    const { roles = 'two', lora = null, notice = () => undefined } = options;
    const { machinery, first } = machineryOf(compute, model, { lora, notice });
    this.base = lora && { parameters: model.parameters, digest: lora.base };
    this.solver = new LocalPolicy('solver', machinery, first);
    this.challenger = roles === 'one' ? this.solver : new LocalPolicy('challenger', machinery, first.clone());
    const { solver, challenger } = this;
    this.learner = new LocalLearner({ machinery, solver, challenger });
  }

  snapshot(): Snapshot {
    const { solver, challenger, learner } = this;
    if (challenger === solver) {
      return {
        parts: [...solver.parts(), ...learner.parts()],
        state: { solver: solver.state, learner: learner.state, ...this.baseState },
      };
    }
    return {
      parts: [...challenger.parts(), ...solver.parts(), ...learner.parts()],
      state: { challenger: challenger.state, solver: solver.state, learner: learner.state, ...this.baseState },
    };
  }

  async restore(parts: ReadonlyMap<string, string>, state: unknown): Promise<void> {
    const { challenger, solver, learner, base } = executorState.parse(state);
    if ((challenger === undefined) !== (this.challenger === this.solver))
      throw new LabError('internal', 'The checkpoint and the recipe do not agree whether the roles are one model.');
    this.checkBase(base);
    if (challenger) await this.challenger.restore(parts, challenger);
    await this.solver.restore(parts, solver);
    this.learner.restore(parts, learner);
  }

  private get baseState(): { base?: string } {
    return this.base ? { base: this.base.digest } : {};
  }

  /** An adapter on other weights than those it was trained on would answer in gibberish. */
  private checkBase(saved: string | undefined): void {
    if (saved === this.base?.digest) return;
    if (saved === undefined || this.base === null)
      throw new LabError('internal', 'The checkpoint and the recipe do not agree whether adapters are trained.');
    throw new LabError('model', 'The weights of the base model are not those this run was trained on.', {
      remedy: `Put back the safetensors files whose digest is ${saved.slice(0, 16)}…, or start a new run.`,
    });
  }

  dispose(): void {
    this.learner.dispose();
    this.solver.dispose();
    if (this.challenger !== this.solver) this.challenger.dispose();
    this.base?.parameters.dispose();
  }
}
