/** A `Compute` that runs every step eagerly on whatever tfjs backend is set: the plain truth traced ones are held to. */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../../main/compute/compute.js';

export function eagerCompute(): Compute {
  return {
    backend: 'tensorflow',
    description: 'eager, for tests',
    traces: false,
    usesHostMemory: true,
    compiled: (_name, step) => (inputs) => tf.tidy(() => step(inputs)),
    statistics: () => [],
    forget: () => undefined,
  };
}
