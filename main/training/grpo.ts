/**
 * GRPO (arXiv 2402.03300) on rollouts whose advantages are known: reference log-probabilities, loss, gradients summed
 * over micro-batches, clipping, AdamW. Sampling, rewards and the choice of what to train on happen elsewhere.
 *
 * Samples without advantage teach nothing and are skipped; the loss is the mean over all tokens of those that remain.
 */
import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import type { GrpoRecipe, OptimiserRecipe } from '../../preload/contract/recipe.js';
import type { UpdateMetrics } from '../coevolution/executor.js';
import { isBfloat16 } from '../compute/bfloat16.js';
import type { Compute } from '../compute/compute.js';
import { availableMemory } from '../lib/available-memory.js';
import { LabError } from '../lib/errors.js';
import type { RandomKey } from '../lib/random.js';
import type { ModelConfig } from '../model/config.js';
import { Parameters, type Weights } from '../model/parameters.js';
import { accumulateGradients } from './accumulate.js';
import { applyAdamW, applyAdamWInPlace, isLarge, type AdamWSettings } from './adamw.js';
import { gradientNorm } from './clipping.js';
import { grpoRowLoss } from './grpo-loss.js';
import { bringOldLogProbs, prepare, release, type AdvantageSample, type Prepared } from './rollouts.js';
import { learningRateAt } from './schedule.js';
import type { DeviceBatch, GradientStep, SplitWeights, TrainingSteps } from './steps.js';
import { SizedSteps } from './sized-steps.js';
import { chosenSize, type WorkSize } from '../sizes/work-size.js';
import { WorkingSet, zerosLike } from './working-set.js';

export type { AdvantageSample } from './rollouts.js';

/** Below this an advantage counts as none. */
const NO_ADVANTAGE = 1e-8;

export interface GrpoTrainerOptions {
  readonly compute: Compute;
  readonly config: ModelConfig;
  /** Trained in place. Stays the caller's. */
  readonly parameters: Parameters;
  /** The base of an adapter, where one is trained: with `lora` in the config. Stays the caller's. */
  readonly frozen?: Weights;
  /**
   * The policy KL is measured against, a whole network, with an adapter or the base alone; null (or a coefficient of 0)
   * leaves the penalty out. Stays the caller's.
   */
  readonly reference: Weights | null;
  /** The size to go on with, where a phase is taken up again; by default the one the recipe and the memory allow. */
  readonly size?: WorkSize | undefined;
  /** Tokens of the longest row there may be, its prompt among them; by it the size is chosen. */
  readonly longestRow?: number | undefined;
  /** Bytes that can be taken at the moment; by default as the system says. */
  readonly available?: (() => number) | undefined;
  readonly onSmaller?: ((size: WorkSize, why: string) => void) | undefined;
  /** Of the phase, by which adapters leave inputs out; needed where the config has dropout. */
  readonly dropout?: RandomKey;
  readonly optimiser: OptimiserRecipe;
  readonly grpo: GrpoRecipe;
  /** Steps of the phase, for the learning rate's decay. */
  readonly totalSteps: number;
}

/** Everything besides the weights that the next step depends on. */
export interface OptimiserState {
  /** Steps taken, those without any advantage included: the position in the learning rate's schedule. */
  readonly step: number;
  /** Updates of the weights, for AdamW's bias corrections. */
  readonly updates: number;
  readonly first: Parameters;
  readonly second: Parameters;
}

interface UpdateHow {
  readonly steps: TrainingSteps;
  readonly learningRate: number;
  /** 1-based count of this update. */
  readonly update: number;
  readonly signal?: AbortSignal | undefined;
}

interface Sums {
  loss: number;
  kl: number;
  entropy: number;
  clipped: number;
}

export class GrpoTrainer {
  private state: OptimiserState;
  private readonly sized: SizedSteps;

  constructor(private readonly options: GrpoTrainerOptions) {
    const { compute, config, parameters, grpo, available = availableMemory, onSmaller } = options;
    const moments = (): Parameters => new Parameters(parameters.specs, zerosLike(parameters));
    this.state = { step: 0, updates: 0, first: moments(), second: moments() };
    const narrowWeights = options.frozen?.tensors.some(isBfloat16) ?? false;
    const work = { trained: parameters.count, row: options.longestRow, narrowWeights };
    const wish = { ...work, tokens: grpo.micro_batch_tokens, available: available() };
    const size = options.size ?? chosenSize(compute, config, wish);
    this.sized = new SizedSteps({ compute, config, size, work, available, onSmaller });
  }

  /** How much is worked on at once. A phase that is taken up again must go on with it to repeat bit for bit. */
  get size(): WorkSize {
    return this.sized.size;
  }

  private get reference(): Weights | null {
    return this.options.grpo.kl > 0 ? this.options.reference : null;
  }

  /**
   * One batch of rollouts: `minibatches` updates, each over every minibatches-th sample. Aborted or failed, it leaves
   * weights and optimiser as they were; where memory does not suffice, it is tried again in smaller pieces.
   *
   * @throws LabError('memory') where the smallest do not fit, LabError('numeric') where something is not finite
   */
  async step(batch: readonly AdvantageSample[], signal?: AbortSignal): Promise<UpdateMetrics> {
    return this.sized.run((steps) => this.attempt(steps, batch, signal));
  }

  private async attempt(
    steps: TrainingSteps,
    batch: readonly AdvantageSample[],
    signal: AbortSignal | undefined,
  ): Promise<UpdateMetrics> {
    const { config, optimiser, grpo, totalSteps } = this.options;
    const learningRate = learningRateAt(optimiser, this.state.step, totalSteps);
    const trained = trainable(batch);
    const parts = Array.from({ length: grpo.minibatches }, (_, j) =>
      trained.filter((_, i) => i % grpo.minibatches === j),
    ).filter((part) => part.length > 0);
    // What a later minibatch could undo is kept beside the new; the last thing of a single one is its update, which needs not.
    const alone = parts.length === 1 && isLarge(this.options.parameters.tensors);
    const work = alone ? null : new WorkingSet([this.options.parameters, this.state.first, this.state.second]);
    const prepared: Prepared[][] = [];
    const reports: (Sums & { tokens: number; norm: number })[] = [];
    try {
      for (const part of parts) prepared.push(prepare(batch, part, { steps, padToken: config.padTokenId ?? 0 }));
      // From the second minibatch on, the policy is no longer the one that is to be compared with.
      if (parts.length > 1 && !bringOldLogProbs(batch)) await this.scoreOld(steps, prepared.flat(), signal);
      for (const minibatch of prepared) {
        const update = this.state.updates + reports.length + 1;
        reports.push(await this.update(work, minibatch, { steps, learningRate, update, signal }));
      }
      work?.commit();
    } finally {
      work?.discard();
      prepared.flat().forEach(release);
    }
    this.state = { ...this.state, step: this.state.step + 1, updates: this.state.updates + reports.length };
    return summarise(reports, learningRate, trained.length);
  }

  /** Gives every micro-batch its log-probabilities under the policy as it is before the step. */
  private async scoreOld(
    { lanes, logProbs }: TrainingSteps,
    parts: readonly Prepared[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (let start = 0; start < parts.length; start += lanes) {
      await setImmediate(); // lets an abort arrive: numerics hold the thread
      signal?.throwIfAborted();
      const group = parts.slice(start, start + lanes);
      const devices = group.map((part) => part.device);
      const scores = logProbs(devices, this.policy(this.options.parameters.tensors));
      group.forEach((part, i) => part.extras.push(scores[i] as tf.Tensor));
    }
  }

  private async update(
    work: WorkingSet | null,
    minibatch: readonly Prepared[],
    { steps, learningRate, update, signal }: UpdateHow,
  ): Promise<Sums & { tokens: number; norm: number }> {
    const { compute, optimiser, parameters } = this.options;
    const trained = work?.get(0) ?? parameters.tensors;
    const { sums, gradients } = await this.accumulate(trained, minibatch, { steps, update, signal });
    try {
      const clip = { specs: parameters.specs, clipNorm: optimiser.clip_norm };
      const { norm, scale } = await gradientNorm(compute, gradients, clip);
      const settings: AdamWSettings = {
        learningRate,
        betas: optimiser.betas,
        epsilon: optimiser.epsilon,
        weightDecay: optimiser.weight_decay,
        update,
        gradientScale: scale,
      };
      if (work === null) {
        this.updateInPlace(gradients, settings);
      } else {
        const tensors = { weights: work.get(0), gradients, first: work.get(1), second: work.get(2) };
        work.set(applyAdamW(compute, tensors, settings));
      }
      return { ...sums, norm, tokens: minibatch.reduce((total, { plan }) => total + plan.tokens, 0) };
    } finally {
      tf.dispose(gradients);
    }
  }

  private updateInPlace(gradients: readonly tf.Tensor[], settings: AdamWSettings): void {
    const owners = { weights: this.options.parameters, first: this.state.first, second: this.state.second };
    try {
      applyAdamWInPlace(this.options.compute, owners, { gradients, settings });
    } catch (cause) {
      throw new LabError('internal', 'The update of the weights broke off half-way: they are of no use any more.', {
        cause,
        remedy: 'Resume the run: it goes on from its last checkpoint.',
      });
    }
  }

  /** Loss and gradients of a minibatch, micro-batch by micro-batch. */
  private async accumulate(
    trained: readonly tf.Tensor[],
    minibatch: readonly Prepared[],
    { steps, update, signal }: Pick<UpdateHow, 'steps' | 'update' | 'signal'>,
  ): Promise<{ sums: Sums; gradients: tf.Tensor[] }> {
    const coefficients = tf.tensor1d([this.options.grpo.clip, this.options.grpo.kl]);
    const weights: SplitWeights = { frozen: this.options.frozen?.tensors ?? [], trained };
    try {
      const { sums, gradients } = await accumulateGradients(minibatch, {
        weights,
        coefficients,
        dropout: this.options.dropout?.child(update),
        step: this.gradientStep(steps, (minibatch[0] as Prepared).extras.length > 2),
        lanes: steps.lanes,
        // The reference is scored when its micro-batch comes up, so that few are held.
        moreExtras: (parts) =>
          this.scoreReference(
            steps,
            parts.map((part) => part.device),
          ),
        onBroken: (one) => this.brokenLoss(steps, one, trained),
        signal,
      });
      const [loss, kl, entropy, clipped] = sums as [number, number, number, number];
      return { sums: { loss, kl, entropy, clipped }, gradients };
    } finally {
      coefficients.dispose();
    }
  }

  private gradientStep(steps: TrainingSteps, old: boolean): GradientStep {
    const reference = this.reference !== null;
    return steps.gradients({
      name: `grpo${old ? '.old' : ''}${reference ? '.kl' : ''}`,
      extras: 2 + Number(old) + Number(reference),
      rowLoss: (coefficients) => grpoRowLoss({ old, reference }, coefficients),
    });
  }

  private scoreReference({ logProbs }: TrainingSteps, devices: readonly DeviceBatch[]): tf.Tensor[][] {
    return this.reference === null ? [] : logProbs(devices, this.reference.tensors).map((logp) => [logp]);
  }

  /** All weights of the network, with these in the place of the trained ones. */
  private policy(trained: readonly tf.Tensor[]): tf.Tensor[] {
    return [...(this.options.frozen?.tensors ?? []), ...trained];
  }

  /** Finds whose log-probabilities, the policy's, old or reference's, broke a loss. */
  private async brokenLoss(steps: TrainingSteps, one: Prepared, trained: readonly tf.Tensor[]): Promise<LabError> {
    const scores = [
      ...steps.logProbs([one.device], this.policy(trained)),
      ...this.scoreReference(steps, [one.device]).flat(),
    ];
    const rows = await Promise.all([...scores, ...one.extras.slice(2)].map((tensor) => tensor.data()));
    tf.dispose(scores);
    const owner = one.plan.owners.find((o, row) => o >= 0 && rows.some((values) => !Number.isFinite(values[row])));
    const which =
      owner === undefined
        ? `The loss of samples ${one.origin.join(', ')} together is`
        : `The log-probabilities of sample ${one.origin[one.plan.samples.indexOf(owner)]} are`;
    return new LabError('numeric', `${which} not finite.`, {
      remedy: 'The weights are unchanged. Lower the learning rate or go back to an earlier checkpoint.',
    });
  }

  /** The live state: write it before the next step, which disposes these tensors. */
  optimiserState(): OptimiserState {
    return this.state;
  }

  /** Goes on from a saved state, whose tensors now belong to the trainer. */
  restore(state: OptimiserState): void {
    this.dispose();
    this.state = state;
  }

  dispose(): void {
    this.state.first.dispose();
    this.state.second.dispose();
  }
}

/** Indices of samples that teach something. */
function trainable(batch: readonly AdvantageSample[]): number[] {
  return batch.flatMap(({ advantage, completion }, i) => {
    if (!Number.isFinite(advantage)) {
      throw new LabError('numeric', `The advantage of sample ${i} is ${advantage}.`, {
        remedy: 'Look at the rewards of its group.',
      });
    }
    return Math.abs(advantage) > NO_ADVANTAGE && completion.length > 0 ? [i] : [];
  });
}

function summarise(
  reports: readonly (Sums & { tokens: number; norm: number })[],
  learningRate: number,
  trainedSamples: number,
): UpdateMetrics {
  const tokens = reports.reduce((sum, report) => sum + report.tokens, 0);
  const mean = (of: (report: Sums & { norm: number }) => number): number =>
    tokens === 0 ? 0 : reports.reduce((sum, report) => sum + of(report) * report.tokens, 0) / tokens;
  return {
    loss: mean((r) => r.loss),
    kl: mean((r) => r.kl),
    entropy: mean((r) => r.entropy),
    clippedFraction: mean((r) => r.clipped),
    gradientNorm: mean((r) => r.norm),
    learningRate,
    tokens,
    trainedSamples,
  };
}
