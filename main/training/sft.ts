/**
 * Supervised training on given completions: cross-entropy over completion tokens only, the mean over all tokens of a
 * batch, however it is cut into micro-batches (as transformers' Trainer and TRL's SFTTrainer have it). Prompts are read,
 * not learnt. Leaves the update to the optimiser it is given.
 */
import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import { isBfloat16 } from '../compute/bfloat16.js';
import type { Compute } from '../compute/compute.js';
import { availableMemory } from '../lib/available-memory.js';
import { LabError } from '../lib/errors.js';
import type { RandomKey } from '../lib/random.js';
import type { ModelConfig } from '../model/config.js';
import type { Parameters, Weights } from '../model/parameters.js';
import { accumulateGradients } from './accumulate.js';
import type { TokenSample } from './batches.js';
import { gradientNorm } from './clipping.js';
import type { RowLoss } from './logprobs.js';
import { SizedSteps } from './sized-steps.js';
import { disposeBatch, type DeviceBatch, type TrainingSteps } from './steps.js';
import { chosenSize, type WorkSize } from '../sizes/work-size.js';

/** Extras: the rows' weights. Measures: entropy. */
export const crossEntropy: RowLoss = (logp, entropy, extras) => {
  const weight = extras[0] as tf.Tensor;
  return { loss: tf.neg(tf.mul(logp, weight)), slope: tf.neg(weight), measures: [tf.mul(entropy, weight)] };
};

/** Turns gradients into new weights; keeps its own state. */
export interface Optimiser {
  /** Updates so far. */
  readonly updates: number;
  /** Replaces the weights, and may use the gradients up. `rate` multiplies the optimiser's rates, `gradientScale` the gradients. */
  update(gradients: readonly tf.Tensor[], options: { readonly rate: number; readonly gradientScale: number }): void;
}

export interface SftTrainerOptions {
  readonly compute: Compute;
  readonly config: ModelConfig;
  /** Trained in place. */
  readonly parameters: Parameters;
  /** The base of an adapter, where one is trained: with `lora` in the config. */
  readonly frozen?: Weights;
  readonly optimiser: Optimiser;
  /** By which adapters leave inputs out; needed where the config has dropout. */
  readonly dropout?: RandomKey;
  readonly clipNorm: number;
  /** Padded tokens in one forward and backward pass, or by the memory there is. */
  readonly microBatchTokens: number | 'auto';
  /** The size to go on with, where training is taken up again. */
  readonly size?: WorkSize | undefined;
  /** Tokens of the longest row there may be, its prompt among them; by it the size is chosen. */
  readonly longestRow?: number | undefined;
  /** Bytes that can be taken at the moment; by default as the system says. */
  readonly available?: (() => number) | undefined;
  readonly onSmaller?: ((size: WorkSize, why: string) => void) | undefined;
  /** Tokens of a line that several samples share; null gives each a line of its own. */
  readonly packInto?: number | null;
}

export interface SftMetrics {
  /** Nats per completion token. */
  readonly loss: number;
  readonly entropy: number;
  readonly gradientNorm: number;
  /** Those learnt: of completions. */
  readonly tokens: number;
  /** Tokens that went through the model, padding included. */
  readonly padded: number;
}

interface Part {
  readonly device: DeviceBatch;
  readonly extras: tf.Tensor[];
}

export class SftTrainer {
  private readonly sized: SizedSteps;

  constructor(private readonly options: SftTrainerOptions) {
    const { compute, config, parameters, microBatchTokens, available = availableMemory, onSmaller } = options;
    const narrowWeights = options.frozen?.tensors.some(isBfloat16) ?? false;
    const work = { trained: parameters.count, row: options.longestRow, narrowWeights };
    const wish = { ...work, tokens: microBatchTokens, available: available() };
    const size = options.size ?? chosenSize(compute, config, wish);
    this.sized = new SizedSteps({ compute, config, size, work, available, onSmaller });
  }

  /** How much is worked on at once. Training that is taken up again must go on with it to repeat bit for bit. */
  get size(): WorkSize {
    return this.sized.size;
  }

  /**
   * One update on `samples`, at `rate` times the optimiser's learning rate: micro-batches add up to the gradient of the
   * mean over all their completion tokens. Aborted or failed, it leaves weights and optimiser as they were; where memory
   * does not suffice, it is tried again in smaller pieces.
   */
  async step(samples: readonly TokenSample[], rate: number, signal?: AbortSignal): Promise<SftMetrics> {
    if (samples.length === 0) throw new LabError('internal', 'A training step was given no samples.');
    const { metrics, gradients, scale } = await this.sized.run((steps) => this.descend(steps, samples, signal));
    try {
      this.options.optimiser.update(gradients, { rate, gradientScale: scale });
      return metrics;
    } finally {
      tf.dispose(gradients);
    }
  }

  private async descend(
    steps: TrainingSteps,
    samples: readonly TokenSample[],
    signal: AbortSignal | undefined,
  ): Promise<{ metrics: SftMetrics; gradients: tf.Tensor[]; scale: number }> {
    const { compute, parameters, frozen, optimiser, clipNorm } = this.options;
    const tokens = samples.reduce((sum, sample) => sum + sample.completion.length, 0);
    const parts = this.cut(steps, samples).map((device): Part => ({
      device,
      extras: [tf.tensor1d(Float32Array.from(device.plan.owners, (owner) => (owner < 0 ? 0 : 1 / tokens)))],
    }));
    const coefficients = tf.tensor1d([0]);
    try {
      const { sums, gradients } = await accumulateGradients(parts, {
        step: steps.gradients({ name: 'sft', extras: 1, rowLoss: () => crossEntropy }),
        weights: { frozen: frozen?.tensors ?? [], trained: parameters.tensors },
        coefficients,
        dropout: this.options.dropout?.child(optimiser.updates),
        lanes: steps.lanes,
        onBroken: ({ device }) => Promise.resolve(brokenLoss(device.plan.samples)),
        signal,
      });
      try {
        const { norm, scale } = await gradientNorm(compute, gradients, { specs: parameters.specs, clipNorm });
        const [loss, entropy] = sums as [number, number];
        const padded = parts.reduce((sum, { device }) => sum + device.plan.padded, 0);
        return { metrics: { loss, entropy, gradientNorm: norm, tokens, padded }, gradients, scale };
      } catch (error) {
        tf.dispose(gradients);
        throw error;
      }
    } finally {
      coefficients.dispose();
      for (const { device, extras } of parts) {
        disposeBatch(device);
        tf.dispose(extras);
      }
    }
  }

  /** Mean over all completion tokens, without learning from them. */
  async evaluate(samples: readonly TokenSample[], signal?: AbortSignal): Promise<{ loss: number; tokens: number }> {
    return this.sized.run((steps) => this.score(steps, samples, signal));
  }

  private async score(
    steps: TrainingSteps,
    samples: readonly TokenSample[],
    signal: AbortSignal | undefined,
  ): Promise<{ loss: number; tokens: number }> {
    const { lanes } = steps;
    const { frozen, parameters } = this.options;
    const weights = [...(frozen?.tensors ?? []), ...parameters.tensors];
    const devices = this.cut(steps, samples);
    let [sum, tokens] = [0, 0];
    try {
      for (let start = 0; start < devices.length; start += lanes) {
        await setImmediate(); // lets an abort arrive: numerics hold the thread
        signal?.throwIfAborted();
        const group = devices.slice(start, start + lanes);
        const scores = steps.logProbs(group, weights);
        for (const [i, { plan }] of group.entries()) {
          const values = await (scores[i] as tf.Tensor).data();
          // In double precision and in one order, so that the comparison with an earlier loss is no matter of rounding.
          for (let row = 0; row < plan.tokens; row++) sum -= values[row] as number;
          tokens += plan.tokens;
        }
        tf.dispose(scores);
      }
    } finally {
      devices.forEach(disposeBatch);
    }
    const loss = sum / tokens;
    if (!Number.isFinite(loss)) throw brokenLoss(samples.map((_, i) => i).slice(0, 10));
    return { loss, tokens };
  }

  private cut(steps: TrainingSteps, samples: readonly TokenSample[]): DeviceBatch[] {
    const { config, packInto = null } = this.options;
    return steps.cut(samples, { padToken: config.padTokenId ?? 0, sharePrompts: false, packInto });
  }
}

function brokenLoss(samples: readonly number[]): LabError {
  return new LabError('numeric', `The loss of samples ${samples.join(', ')} is not finite.`, {
    remedy: 'The weights are unchanged. Lower the learning rate.',
  });
}
