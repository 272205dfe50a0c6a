/** SwiGLU feed-forward (arXiv 2002.05202): (silu(x · gate) ⊙ (x · up)) · down, gate and up being one matrix. */
import * as tf from '@tensorflow/tfjs-core';
import { addBias } from './linear.js';
import type { LayerWeights } from './layer.js';

/** x (N, d) after its norm → (N, d). */
export function feedForward(x: tf.Tensor2D, w: LayerWeights): tf.Tensor2D {
  const both = addBias(tf.matMul(x, w.gateUp), w.gateUpBias);
  const [gate, up] = tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return addBias(tf.matMul(swiglu(gate, up), w.down), w.downBias);
}

/** silu(gate) ⊙ up. */
export function swiglu(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.mul(gate, tf.sigmoid(gate)), up);
}
