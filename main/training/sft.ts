/**
 * Supervised training on given completions: cross-entropy over completion tokens only, the mean over all tokens of a
 * batch, however it is cut into micro-batches (as transformers' Trainer and TRL's SFTTrainer have it). Prompts are read,
 * not learnt. Leaves the update to the optimiser it is given.
 */
import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import type { ModelConfig } from '../model/config.js';
import type { Parameters } from '../model/parameters.js';
import { accumulateGradients } from './accumulate.js';
import { microBatches, packedBatches, type MicroBatch, type TokenSample } from './batches.js';
import { gradientNorm } from './clipping.js';
import {
  disposeBatch,
  gradientStep,
  logProbStep,
  shareOut,
  toDevice,
  type DeviceBatch,
  type GradientStep,
  type LogProbStep,
} from './gradients.js';
import type { RowLoss } from './logprobs.js';

/** Extras: the rows' weights. Measures: entropy. */
export const crossEntropy: RowLoss = (logp, entropy, extras) => {
  const weight = extras[0] as tf.Tensor;
  return { loss: tf.neg(tf.mul(logp, weight)), slope: tf.neg(weight), measures: [tf.mul(entropy, weight)] };
};

/** Turns gradients into new weights; keeps its own state. */
export interface Optimiser {
  /** Replaces the weights. `rate` multiplies the optimiser's rates, `gradientScale` the gradients. */
  update(gradients: readonly tf.Tensor[], options: { readonly rate: number; readonly gradientScale: number }): void;
}

export interface SftTrainerOptions {
  readonly compute: Compute;
  readonly config: ModelConfig;
  /** Trained in place. */
  readonly parameters: Parameters;
  readonly optimiser: Optimiser;
  readonly clipNorm: number;
  /** Padded tokens in one forward and backward pass. */
  readonly microBatchTokens: number;
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
  readonly plan: MicroBatch;
  readonly device: DeviceBatch;
  readonly extras: tf.Tensor[];
}

export class SftTrainer {
  private readonly gradients: GradientStep;
  private readonly logProbs: LogProbStep;

  constructor(private readonly options: SftTrainerOptions) {
    const { compute, config, packInto = null } = options;
    const packed = packInto !== null;
    this.gradients = gradientStep(compute, config, { name: 'sft', extras: 1, rowLoss: () => crossEntropy, packed });
    this.logProbs = logProbStep(compute, config, packed);
  }

  /**
   * One update on `samples`, at `rate` times the optimiser's learning rate: micro-batches add up to the gradient of the
   * mean over all their completion tokens. Aborted or failed, it leaves weights and optimiser as they were.
   */
  async step(samples: readonly TokenSample[], rate: number, signal?: AbortSignal): Promise<SftMetrics> {
    const { compute, parameters, optimiser, clipNorm } = this.options;
    if (samples.length === 0) throw new LabError('internal', 'A training step was given no samples.');
    const tokens = samples.reduce((sum, sample) => sum + sample.completion.length, 0);
    const parts = this.plan(samples).map((plan): Part => ({
      plan,
      device: toDevice(plan),
      extras: [tf.tensor1d(Float32Array.from(plan.owners, (owner) => (owner < 0 ? 0 : 1 / tokens)))],
    }));
    const coefficients = tf.tensor1d([0]);
    try {
      const { sums, gradients } = await accumulateGradients(parts, {
        step: this.gradients,
        weights: parameters.tensors,
        coefficients,
        lanes: this.share.lanes,
        onBroken: ({ plan }) => Promise.resolve(brokenLoss(plan.samples)),
        signal,
      });
      try {
        const { norm, scale } = await gradientNorm(compute, gradients, { specs: parameters.specs, clipNorm });
        optimiser.update(gradients, { rate, gradientScale: scale });
        const [loss, entropy] = sums as [number, number];
        const padded = parts.reduce((sum, { plan }) => sum + plan.batch * plan.length, 0);
        return { loss, entropy, gradientNorm: norm, tokens, padded };
      } finally {
        tf.dispose(gradients);
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
    const { lanes } = this.share;
    const plans = this.plan(samples);
    let [sum, tokens] = [0, 0];
    for (let start = 0; start < plans.length; start += lanes) {
      await setImmediate(); // lets an abort arrive: numerics hold the thread
      signal?.throwIfAborted();
      const group = plans.slice(start, start + lanes);
      const devices = group.map(toDevice);
      const scores = this.logProbs(devices, this.options.parameters.tensors);
      devices.forEach(disposeBatch);
      for (const [i, plan] of group.entries()) {
        const values = await (scores[i] as tf.Tensor).data();
        // In double precision and in one order, so that the comparison with an earlier loss is no matter of rounding.
        for (let row = 0; row < plan.tokens; row++) sum -= values[row] as number;
        tokens += plan.tokens;
      }
      tf.dispose(scores);
    }
    const loss = sum / tokens;
    if (!Number.isFinite(loss)) throw brokenLoss(samples.map((_, i) => i).slice(0, 10));
    return { loss, tokens };
  }

  private get share(): ReturnType<typeof shareOut> {
    const { compute, config, microBatchTokens } = this.options;
    return shareOut(compute, config, microBatchTokens);
  }

  private plan(samples: readonly TokenSample[]): MicroBatch[] {
    const { config, packInto = null } = this.options;
    const limits = { tokens: this.share.tokens, maxPositions: config.maxPositions, padToken: config.padTokenId ?? 0 };
    return packInto === null
      ? microBatches(samples, limits)
      : packedBatches(samples, { ...limits, lineLength: packInto });
  }
}

function brokenLoss(samples: readonly number[]): LabError {
  return new LabError('numeric', `The loss of samples ${samples.join(', ')} is not finite.`, {
    remedy: 'The weights are unchanged. Lower the learning rate.',
  });
}
