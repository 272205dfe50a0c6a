/**
 * Functions with a backward pass of their own, where it takes fewer passes over memory, or keeps less, than what tfjs
 * derives. Leaves out gradients of gradients.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface DifferentiableFunction {
  /** The value, and what the backward pass needs. */
  forward(...inputs: tf.Tensor[]): { readonly value: tf.Tensor; readonly saved: readonly tf.Tensor[] };
  /** The gradient of every input, in order. */
  backward(dy: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[];
}

export function differentiable({ forward, backward }: DifferentiableFunction, inputs: readonly tf.Tensor[]): tf.Tensor {
  const run = tf.customGrad((...args: unknown[]) => {
    const save = args.at(-1) as (tensors: readonly tf.Tensor[]) => void;
    const { value, saved } = forward(...(args.slice(0, -1) as tf.Tensor[]));
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy, kept) };
  });
  return run(...inputs);
}
