/**
 * AdamW with decoupled weight decay (arXiv 1711.05101), in the order of operations of PyTorch's `torch.optim.AdamW`.
 * As there by default, weight decay applies to every parameter, norm weights and embeddings included.
 * Leaves out AMSGrad and per-parameter options.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute, Step } from '../compute/compute.js';
import { disposing } from '../compute/steps.js';
import { updatesInPlace } from '../compute/update-rows.js';
import type { Parameters } from '../model/parameters.js';
import { shared } from './shared-steps.js';
import { updateInPieces } from './update-in-pieces.js';

export interface AdamWSettings {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
  /** 1-based count of this update, for the bias corrections. */
  readonly update: number;
  /** Gradients are multiplied by this first (clipping by global norm). */
  readonly gradientScale: number;
}

/** The numbers `adamwStep` needs, computed in double precision. (9,) float32; the caller disposes it. */
function adamwScalars(s: AdamWSettings): tf.Tensor1D {
  const [beta1, beta2] = s.betas;
  return tf.tensor1d([
    s.gradientScale,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    1 / Math.sqrt(1 - beta2 ** s.update),
    s.epsilon,
    s.learningRate / (1 - beta1 ** s.update),
    1 - s.learningRate * s.weightDecay,
  ]);
}

/**
 * One update of any number k of parameters.
 * Inputs: scalars, k weights, k gradients, k first and k second moments. Outputs: k weights, k first, k second moments.
 */
const adamwStep: Step = (inputs) => {
  const k = (inputs.length - 1) / 4;
  const scalars = tf.unstack(inputs[0] as tf.Tensor);
  const updated = Array.from({ length: k }, (_, i) =>
    updateOne(scalars, {
      weight: inputs[1 + i] as tf.Tensor,
      gradient: inputs[1 + k + i] as tf.Tensor,
      first: inputs[1 + 2 * k + i] as tf.Tensor,
      second: inputs[1 + 3 * k + i] as tf.Tensor,
    }),
  );
  return [...updated.map((u) => u.weight), ...updated.map((u) => u.first), ...updated.map((u) => u.second)];
};

interface Slot {
  readonly weight: tf.Tensor;
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

function updateOne(scalars: readonly tf.Tensor[], slot: Slot & { readonly gradient: tf.Tensor }): Slot {
  const [scale, beta1, rest1, beta2, rest2, rootCorrection, epsilon, stepSize, keep] = scalars as Nine;
  const gradient = tf.mul(slot.gradient, scale);
  const first = tf.add(tf.mul(slot.first, beta1), tf.mul(gradient, rest1));
  const second = tf.add(tf.mul(slot.second, beta2), tf.mul(tf.square(gradient), rest2));
  const denominator = tf.add(tf.mul(tf.sqrt(second), rootCorrection), epsilon);
  const weight = tf.sub(tf.mul(slot.weight, keep), tf.mul(tf.div(first, denominator), stepSize));
  return { weight, first, second };
}

type T = tf.Tensor;
type Nine = readonly [T, T, T, T, T, T, T, T, T];

/** Up to this many weights are updated in one call; larger models go parameter by parameter, for less memory at once. */
const ONE_CALL_LIMIT = 50_000_000;

export interface AdamWTensors {
  readonly weights: readonly tf.Tensor[];
  readonly gradients: readonly tf.Tensor[];
  readonly first: readonly tf.Tensor[];
  readonly second: readonly tf.Tensor[];
}

/** Whether an update of so many weights goes parameter by parameter. */
export function isLarge(weights: readonly tf.Tensor[]): boolean {
  return weights.reduce((sum, weight) => sum + weight.size, 0) > ONE_CALL_LIMIT;
}

/** New weights, first and second moments; inputs are left alone. */
export function applyAdamW(compute: Compute, tensors: AdamWTensors, settings: AdamWSettings): tf.Tensor[][] {
  const result: tf.Tensor[][] = [[], [], []];
  inCalls(compute, tensors, settings, (_, updated) => {
    const k = updated.length / 3;
    result.forEach((list, slot) => list.push(...updated.slice(slot * k, (slot + 1) * k)));
  });
  return result;
}

/**
 * The same in place of what is there, parameter by parameter, and large ones a few rows at a time where the backend can:
 * besides weights, moments and gradients hardly anything exists. Gradients are used up, and nothing else may share the
 * buffers of weights and moments. What fails half-way leaves some parameters updated.
 */
export function applyAdamWInPlace(
  compute: Compute,
  owners: { readonly weights: Parameters; readonly first: Parameters; readonly second: Parameters },
  { gradients, settings }: { readonly gradients: readonly tf.Tensor[]; readonly settings: AdamWSettings },
): void {
  const { weights, first, second } = owners;
  const tensors = { weights: weights.tensors, gradients, first: first.tensors, second: second.tensors };
  if (updatesInPlace() && isLarge(weights.tensors)) {
    const scalars = adamwScalars(settings);
    const step = adamw(compute);
    disposing([[scalars]], () =>
      updateInPieces([weights, first, second], gradients, (slots) => step([scalars, ...slots])),
    );
    return;
  }
  inCalls(compute, tensors, settings, (start, updated) => {
    const k = updated.length / 3;
    [weights, first, second].forEach((owner, slot) => {
      owner.replaceSome(start, updated.slice(slot * k, (slot + 1) * k));
    });
    tf.dispose(gradients.slice(start, start + k));
  });
}

const adamw = (compute: Compute): CompiledStep => shared(compute, null, 'train.adamw', adamwStep);

function inCalls(
  compute: Compute,
  { weights, gradients, first, second }: AdamWTensors,
  settings: AdamWSettings,
  take: (start: number, updated: tf.Tensor[]) => void,
): void {
  const step = adamw(compute);
  const scalars = adamwScalars(settings);
  const perCall = isLarge(weights) ? 1 : weights.length;
  for (let start = 0; start < weights.length; start += perCall) {
    const part = [weights, gradients, first, second].flatMap((list) => list.slice(start, start + perCall));
    take(start, step([scalars, ...part]));
  }
  scalars.dispose();
}
