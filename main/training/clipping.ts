/** The global norm of all gradients, checked and turned into the factor that clips it, as `clip_grad_norm_` does. */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import type { ParameterSpec } from '../model/parameters.js';
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
  const squares = shared(compute, null, 'train.norms', (inputs) => [
    tf.stack(inputs.map((gradient) => tf.sum(tf.square(gradient)))),
  ])(gradients)[0] as tf.Tensor;
  const values = await squares.data();
  squares.dispose();
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
