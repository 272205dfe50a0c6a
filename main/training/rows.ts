/** Picking completion rows out of hidden states, with a gradient that is a gather too and so exists on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import { inPlace, updatesInPlace } from '../compute/update-rows.js';
import { rowPieces } from './row-pieces.js';

/**
 * states (B·T, d) → (N, d) at `positions` (N). `inverse` (B·T) names the row taken from each position, N where none
 * was: scattering the gradient back is then one gather, without a scatter kernel and without any order of summation.
 */
export function gatherRows(states: tf.Tensor2D, positions: tf.Tensor1D, inverse: tf.Tensor1D): tf.Tensor2D {
  const pick = tf.customGrad((...args: unknown[]) => ({
    value: tf.gather(args[0] as tf.Tensor2D, positions),
    gradFunc: (dy: tf.Tensor) => {
      const nothing = tf.zeros([1, dy.shape[1] as number]);
      return tf.gather(tf.concat([dy as tf.Tensor2D, nothing as tf.Tensor2D], 0), inverse);
    },
  }));
  return pick(states) as tf.Tensor2D;
}

/**
 * `table` (V, d) with `rows` (N, d) added at `ids` (N), which may repeat: the gradient of a gather, added to one that is
 * there. Takes the table over. TensorFlow adds in place, in the order of the rows; elsewhere a scattered table is added.
 */
export function addRows(table: tf.Tensor2D, ids: tf.Tensor1D, rows: tf.Tensor2D): tf.Tensor2D {
  const sum = updatesInPlace()
    ? inPlace('InplaceAdd', table, { index: ids, rows })
    : tf.tidy(() => tf.add(table, tf.scatterND(tf.reshape(ids, [ids.size, 1]), rows, table.shape)));
  table.dispose();
  return sum as tf.Tensor2D;
}

/**
 * `table` (V, d) with aᵀ · b added, a (R, V), b (R, d). Takes the table over. TensorFlow adds a few rows of the product at a
 * time, which is then never there as a whole.
 */
export function addProduct(table: tf.Tensor2D, a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (!updatesInPlace()) {
    const sum = tf.tidy(() => tf.add(table, tf.matMul(a, b, true, false)));
    table.dispose();
    return sum as tf.Tensor2D;
  }
  let sum = table;
  for (const { start, rows } of rowPieces(table.shape)) {
    const before = sum;
    sum = tf.tidy(() => {
      const part = tf.matMul(tf.slice(a, [0, start], [a.shape[0], rows]) as tf.Tensor2D, b, true, false);
      return inPlace('InplaceAdd', before, { index: tf.range(start, start + rows, 1, 'int32'), rows: part });
    });
    before.dispose();
  }
  return sum;
}
