/** Picking completion rows out of hidden states, with a gradient that is a gather too and so exists on every backend. */
import * as tf from '@tensorflow/tfjs-core';

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
