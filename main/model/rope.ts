/**
 * Rotary position embedding (arXiv 2104.09864) in the half-split convention of Llama and Qwen: dimension i is paired
 * with i + D/2. Tables are computed on the host in double precision; Llama 3's frequency scaling included.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';

/** Angle per position of each of the D/2 pairs. */
export function ropeFrequencies(c: ModelConfig): Float64Array {
  const half = c.headDim / 2;
  const frequencies = Float64Array.from({ length: half }, (_, i) => c.ropeTheta ** (-i / half));
  const scaling = c.ropeScaling;
  if (scaling === null) return frequencies;
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions: original } = scaling;
  return frequencies.map((frequency) => {
    const turns = (original * frequency) / (2 * Math.PI);
    if (turns > high) return frequency;
    if (turns < low) return frequency / factor;
    const smooth = (turns - low) / (high - low);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

/** cos and sin of every angle for positions 0 … positions − 1, each (positions, D/2) in row-major order. */
export function ropeAngles(c: ModelConfig, positions: number): { cos: Float32Array; sin: Float32Array } {
  const frequencies = ropeFrequencies(c);
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let t = 0; t < positions; t++) {
    for (let i = 0; i < half; i++) {
      const angle = t * (frequencies[i] as number);
      cos[t * half + i] = Math.cos(angle);
      sin[t * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

/** What a rotation multiplies with: `x · cos + (x · swap) · sin`. */
export interface Rotation {
  readonly cos: tf.Tensor; // (…, D), both halves
  readonly sin: tf.Tensor; // (…, D)
  readonly swap: tf.Tensor2D; // (D, D): (a, b) → (−b, a)
}

/** Tables of full width, each (positions, D). */
export function rotationTables(c: ModelConfig, positions: number): Rotation {
  const { cos, sin } = ropeAngles(c, positions);
  const both = (half: Float32Array): tf.Tensor2D => {
    const width = c.headDim / 2;
    const full = new Float32Array(positions * c.headDim);
    for (let t = 0; t < positions; t++) {
      const row = half.subarray(t * width, (t + 1) * width);
      full.set(row, t * c.headDim);
      full.set(row, t * c.headDim + width);
    }
    return tf.tensor2d(full, [positions, c.headDim]);
  };
  return { cos: both(cos), sin: both(sin), swap: swapMatrix(c.headDim) };
}

/** The signed permutation (a, b) → (−b, a) as a matrix: one product is cheaper than split, negate and concat. */
export function swapMatrix(headDim: number): tf.Tensor2D {
  const half = headDim / 2;
  const values = new Float32Array(headDim * headDim);
  for (let i = 0; i < half; i++) {
    values[(i + half) * headDim + i] = -1;
    values[i * headDim + i + half] = 1;
  }
  return tf.tensor2d(values, [headDim, headDim]);
}
