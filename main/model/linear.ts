/** Small pieces of linear layers. */
import * as tf from '@tensorflow/tfjs-core';

export function addBias(x: tf.Tensor2D, bias: tf.Tensor | undefined): tf.Tensor2D {
  return bias === undefined ? x : tf.add(x, bias);
}
