/**
 * Linear layers: a product with a matrix that may hold several of a model's side by side, and the low-rank deltas of
 * adapters beside it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { PLAIN, type BlockOps } from './block-ops.js';
import { dropped, type Dropout } from './dropout.js';

/** The adapters of one matrix in memory. */
export interface MatrixAdapters {
  /** Its parts from left to right, of `width` columns each; `pair` is null where a part has no adapter. */
  readonly parts: readonly { readonly width: number; readonly pair: AdapterPair | null }[];
  /** alpha / r */
  readonly scale: number;
  /** Of what comes in, while they learn. */
  readonly dropout?: Dropout | undefined;
}

export interface AdapterPair {
  readonly a: tf.Tensor2D; // (in, r)
  readonly b: tf.Tensor2D; // (r, width)
}

export interface LinearWeights {
  readonly weight: tf.Tensor2D; // (in, out)
  readonly adapters: MatrixAdapters | undefined;
}

/** x (N, in) · weight and the deltas of its adapters → (N, out). */
export function linear(x: tf.Tensor2D, { weight, adapters }: LinearWeights, ops: BlockOps = PLAIN): tf.Tensor2D {
  const product = ops.matMul(x, weight);
  return adapters === undefined ? product : tf.add(product, delta(x, adapters));
}

/** The deltas side by side, 0 where a part has none: (N, out). */
function delta(inputs: tf.Tensor2D, { parts, scale, dropout }: MatrixAdapters): tf.Tensor2D {
  const x = dropout ? dropped(inputs, dropout) : inputs;
  const deltas = parts.map(({ width, pair }) => {
    if (pair !== null) return lowRank(x, pair, scale);
    return tf.zeros<tf.Rank.R2>([x.shape[0], width]);
  });
  return deltas.length === 1 ? (deltas[0] as tf.Tensor2D) : tf.concat(deltas, 1);
}

/** (x · A) · scale · B: scaled where it is narrow. */
function lowRank(x: tf.Tensor2D, { a, b }: AdapterPair, scale: number): tf.Tensor2D {
  const narrow = tf.matMul(x, a);
  return tf.matMul(scale === 1 ? narrow : tf.mul(narrow, scale), b);
}

export function addBias(x: tf.Tensor2D, bias: tf.Tensor | undefined): tf.Tensor2D {
  return bias === undefined ? x : tf.add(x, bias);
}
