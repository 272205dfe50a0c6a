/**
 * Muon for matrices (Keller Jordan, 2024): momentum whose direction is replaced by the nearest (semi-)orthogonal
 * matrix, found by five Newton-Schulz steps. Serves pre-training. Weight decay is left out: the recipe has none.
 *
 * Weights lie (in, out) here and (out, in) in PyTorch. The iteration commutes with the transpose; only the scale
 * max(1, out / in)^½ has to look at the right sides. Fused q·k·v and gate·up count as one matrix each.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Step } from '../compute/compute.js';

const COEFFICIENTS = [3.4445, -4.775, 2.0315] as const;
const ITERATIONS = 5;

/** (m, n) → the quintic iteration towards the orthogonal factor of its polar decomposition, same shape. */
export function orthogonalised(matrix: tf.Tensor2D): tf.Tensor2D {
  const [a, b, c] = COEFFICIENTS;
  const [rows, columns] = matrix.shape;
  const tall = rows > columns; // the Gram matrix is formed on the shorter side
  let x = tf.div(matrix, tf.add(tf.norm(matrix), 1e-7)) as tf.Tensor2D;
  for (let i = 0; i < ITERATIONS; i++) {
    const gram = tall ? tf.matMul(x, x, true, false) : tf.matMul(x, x, false, true);
    const polynomial = tf.add(tf.mul(gram, b), tf.mul(tf.matMul(gram, gram), c)) as tf.Tensor2D;
    x = tf.add(tf.mul(x, a), tall ? tf.matMul(x, polynomial) : tf.matMul(polynomial, x)) as tf.Tensor2D;
  }
  return x;
}

export interface MuonSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly gradientScale: number;
}

/** The numbers `muonStep` needs. (3,) float32; the caller disposes it. */
export function muonScalars(s: MuonSettings): tf.Tensor1D {
  return tf.tensor1d([s.gradientScale, s.momentum, s.learningRate]);
}

/**
 * One update, with Nesterov momentum, of any number k of (in, out) matrices.
 * Inputs: scalars, k weights, k gradients, k momenta. Outputs: k weights, k momenta.
 */
export const muonStep: Step = (inputs) => {
  const k = (inputs.length - 1) / 3;
  const [scale, momentum, rate] = tf.unstack(inputs[0] as tf.Tensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const weights: tf.Tensor[] = [];
  const momenta: tf.Tensor[] = [];
  for (let i = 0; i < k; i++) {
    const weight = inputs[1 + i] as tf.Tensor2D;
    const gradient = tf.mul(inputs[1 + k + i] as tf.Tensor, scale);
    const buffer = tf.add(tf.mul(inputs[1 + 2 * k + i] as tf.Tensor, momentum), gradient);
    const direction = orthogonalised(tf.add(gradient, tf.mul(buffer, momentum)));
    const [fanIn, fanOut] = weight.shape;
    const stretch = Math.sqrt(Math.max(1, fanOut / fanIn));
    weights.push(tf.sub(weight, tf.mul(direction, tf.mul(rate, stretch))));
    momenta.push(buffer);
  }
  return [...weights, ...momenta];
};
