/**
 * Pieces of work of which one is to be done before the next begins, so that memory need only hold one. Eagerly that is so of
 * itself. In a traced graph pieces that do not use each other's results are all ready at once, and TensorFlow, which runs
 * whatever is ready, would begin them together: there each is made to wait for the one before.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from './binding.js';

/** The results of the pieces. What a piece makes on the way is gone when the next begins. */
export function oneByOne<T extends tf.Tensor[]>(pieces: readonly (() => T)[]): T[] {
  const backend = tf.backend() as Partial<NodeBackend>;
  const waitFor = (results: readonly tf.Tensor[]): void => {
    if (backend.binding?.waitFor) backend.binding.waitFor(backend.getInputTensorIds?.(results) ?? []);
  };
  try {
    return pieces.map((piece) => {
      const result = tf.tidy(piece);
      waitFor(result);
      return result;
    });
  } finally {
    waitFor([]);
  }
}
