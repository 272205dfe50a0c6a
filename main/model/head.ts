/** From the last block to the logits. */
import * as tf from '@tensorflow/tfjs-core';
import { widen } from '../compute/bfloat16.js';
import type { ModelConfig } from './config.js';
import { rmsNorm } from './norm.js';

/** The two weights behind the last block. */
export interface HeadWeights {
  readonly norm: tf.Tensor1D; // (d)
  readonly head: tf.Tensor2D; // (V, d)
}

/** x (N, d) as the last block leaves it → logits (N, V). */
export function headLogits(c: ModelConfig, x: tf.Tensor2D, { norm, head }: HeadWeights): tf.Tensor2D {
  return tf.matMul(rmsNorm(x, norm, c.rmsNormEpsilon) as tf.Tensor2D, widen(head), false, true);
}
