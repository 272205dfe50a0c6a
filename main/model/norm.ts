/** RMSNorm (arXiv 1910.07467) over the last axis. */
import * as tf from '@tensorflow/tfjs-core';

/** x / √(mean(x²) + ε) · weight; x (…, d), weight (d). */
export function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.mul(tf.mul(x, inverseRms(x, epsilon)), weight);
}

/** 1 / √(mean(x²) + ε), (…, 1). */
export function inverseRms(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
}
