/** The global norm of all gradients, checked and turned into the factor that clips it, as `clip_grad_norm_` does. */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import type { ParameterSpec } from '../model/parameters.js';
import { isLarge } from './adamw.js';
import { pieceOf, rowPieces } from './row-pieces.js';
import { shared } from './shared-steps.js';

export interface GradientNorm {
  readonly norm: number;
  /** What gradients are to be multiplied by, at most 1. */
  readonly scale: number;
}

/** A gradient that is not finite is an error that names its parameter. */
export async function gradientNorm(
  compute: Compute,
  gradients: readonly tf.Tensor[],
  options: { readonly specs: readonly ParameterSpec[]; readonly clipNorm: number },
): Promise<GradientNorm> {
  const values = await squaredNorms(compute, gradients);
  let total = 0;
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      throw new LabError(
        'numeric',
        `The gradient of ${options.specs[i]?.name ?? `parameter ${i}`} is not finite (squared norm ${value}).`,
        {
          remedy: 'The weights are unchanged. Lower the learning rate or go back to an earlier checkpoint.',
        },
      );
    }
    total += value;
  });
  const norm = Math.sqrt(total);
  return { norm, scale: Math.min(1, options.clipNorm / (norm + 1e-6)) };
}

/** Of each gradient. In one call, or, where there are many weights, in pieces: the squares of all at once are as large as they. */
async function squaredNorms(compute: Compute, gradients: readonly tf.Tensor[]): Promise<readonly number[]> {
  const step = shared(compute, null, 'train.norms', (inputs) => [
    tf.stack(inputs.map((gradient) => tf.sum(tf.square(gradient)))),
  ]);
  const read = async (tensors: tf.Tensor[]): Promise<Float32Array> => {
    const [squares] = step(tensors) as [tf.Tensor];
    const values = (await squares.data()) as Float32Array;
    squares.dispose();
    return values;
  };
  if (!isLarge(gradients)) return Array.from(await read([...gradients]));
  const norms: number[] = [];
  for (const gradient of gradients) {
    const pieces = rowPieces(gradient.shape);
    let sum = 0;
    for (const piece of pieces) {
      const part = pieces.length === 1 ? gradient : pieceOf(gradient, piece);
      sum += (await read([part]))[0] as number;
      if (part !== gradient) part.dispose();
    }
    norms.push(sum);
  }
  return norms;
}
