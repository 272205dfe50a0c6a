/** From the last block to the logits. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';
import { rmsNorm } from './norm.js';
import { outputMatrix } from './output-matrix.js';

/** The two weights behind the last block. */
export interface HeadWeights {
  readonly norm: tf.Tensor1D; // (d)
  readonly head: tf.Tensor2D; // (V, d)
}

/** x (N, d) as the last block leaves it → logits (N, V). */
export function headLogits(c: ModelConfig, x: tf.Tensor2D, { norm, head }: HeadWeights): tf.Tensor2D {
  return outputMatrix(head).logits(rmsNorm(x, norm, c.rmsNormEpsilon) as tf.Tensor2D);
}
