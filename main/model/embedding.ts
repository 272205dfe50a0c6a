/**
 * Token embedding with a gradient that exists on every backend. tfjs's own gradient of `gather` needs a kernel
 * (UnsortedSegmentSum) that WASM lacks; a small vocabulary takes a one-hot product instead, a large one a scatter.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gatherWide, isBfloat16 } from '../compute/bfloat16.js';

/** One-hot matrices up to this many elements are cheaper than scattering. */
const ONE_HOT_LIMIT = 1 << 22;

/** Rows of `table` (V, d) for ids (N) int32 → (N, d). */
export function embed(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  if (isBfloat16(table)) return gatherWide(table, ids);
  const lookUp = tf.customGrad((...args: unknown[]) => {
    const [weights, save] = args as [tf.Tensor2D, (tensors: tf.Tensor[]) => void];
    save([ids]); // made within the forward pass, they would be gone by the backward one
    return {
      value: tf.gather(weights, ids),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        scatterRows(saved[0] as tf.Tensor1D, dy as tf.Tensor2D, weights.shape),
    };
  });
  return lookUp(table) as tf.Tensor2D;
}

/** The same without a gradient, of a table that may be bfloat16. */
export function lookUp(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  return isBfloat16(table) ? gatherWide(table, ids) : tf.gather(table, ids);
}

/** Sums rows dy (N, d) into a (V, d) table at their ids. */
function scatterRows(ids: tf.Tensor1D, dy: tf.Tensor2D, shape: [number, number]): tf.Tensor2D {
  const [vocabulary] = shape;
  const rows = ids.shape[0];
  if (rows * vocabulary <= ONE_HOT_LIMIT) {
    return tf.matMul(tf.cast(tf.oneHot(ids, vocabulary), 'float32') as tf.Tensor2D, dy, true, false);
  }
  return tf.scatterND(tf.reshape(ids, [rows, 1]), dy, shape) as tf.Tensor2D;
}
