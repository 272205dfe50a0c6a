/**
 * Dropout (Srivastava et al. 2014) on the inputs of adapters, while they learn. A mask is a function of a seed that travels
 * into the step as a tensor, and of the place it is for: a step that is repeated, or recomputed, drops the same. TensorFlow
 * draws it, by its counter-based generator.
 */
import * as tf from '@tensorflow/tfjs-core';
import { requireDropout } from '../lib/backend-needs.js';
import type { NodeBackend } from '../compute/binding.js';
import { LabError } from '../lib/errors.js';
import type { RandomKey } from '../lib/random.js';
import type { ModelConfig } from './config.js';

export interface Dropout {
  readonly rate: number;
  readonly seed: tf.Tensor1D; // (2) int32
}

export function drops({ lora }: ModelConfig): boolean {
  return lora !== null && lora.dropout > 0;
}

/** A seed for one micro-batch; the caller disposes it. */
export function dropoutSeed(key: RandomKey): tf.Tensor1D {
  const stream = key.stream();
  return tf.tensor1d([stream.int(2 ** 31 - 1), stream.int(2 ** 31 - 1)], 'int32');
}

/** The seed as an input of a training step: none for a network without dropout. */
export function seedOf(c: ModelConfig, seed: tf.Tensor1D | undefined): tf.Tensor1D[] {
  if (!drops(c)) return [];
  if (seed) return [seed];
  throw new LabError('internal', 'Adapters with dropout are trained without a seed.');
}

/** Its seed for a place, a layer of the network or a matrix of a layer. */
export function dropoutAt(dropout: Dropout, place: { readonly layer: number } | { readonly matrix: number }): Dropout {
  const offset = 'layer' in place ? [place.layer, 0] : [0, place.matrix];
  return { rate: dropout.rate, seed: tf.add(dropout.seed, tf.tensor1d(offset, 'int32')) };
}

/** x (N, d) with a share of its elements 0 and the rest larger for it, so that the mean stays. */
export function dropped(x: tf.Tensor2D, { rate, seed }: Dropout): tf.Tensor2D {
  const kept = tf.cast(tf.greaterEqual(uniform(x.shape, seed), rate), 'float32');
  return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
}

/** Numbers in [0, 1), the same for the same shape and seed. */
function uniform(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  requireDropout(tf.getBackend());
  const backend = tf.backend() as unknown as NodeBackend;
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
  const attributes = [
    { name: 'dtype', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'T', type: TF_ATTR_TYPE, value: TF_INT32 },
    { name: 'Tseed', type: TF_ATTR_TYPE, value: TF_INT32 },
  ];
  const lengths = tf.tensor1d([...shape], 'int32');
  const info = backend.executeSingleOutput('StatelessRandomUniform', attributes, [lengths, seed]);
  return tf.engine().makeTensorFromTensorInfo(info);
}
