/**
 * Host values handed to the backend for good. tfjs-node and WebGPU keep the host's array beside a tensor until an op first
 * uses it: weights would lie in memory twice. Here the backend takes its copy at once, and the array can serve again.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from './binding.js';

/** Room for `count` numbers that `onDevice` can take a copy of without a second array. */
export function reusableArray(count: number): Float32Array {
  return new Float32Array(count + 1).subarray(1);
}

/** A tensor of these values; `values` is the caller's again when this returns. */
export function onDevice(values: Float32Array, shape: readonly number[]): tf.Tensor {
  const backend = tf.backend() as Partial<NodeBackend> & { uploadToGPU?: (dataId: object) => void };
  if (backend.binding !== undefined && backend.getInputTensorIds !== undefined) {
    // TensorFlow goes on using an array that is aligned as its own memory is, and copies any other (TF_NewTensor). Buffers
    // begin at multiples of 8 bytes, so that half of one further on nothing is aligned.
    const copied = values.byteOffset % 8 === 4;
    const tensor = tf.tensor(copied ? values : values.slice(), [...shape], 'float32');
    backend.getInputTensorIds([tensor]);
    return tensor;
  }
  // WASM copies into its own memory at once; the backend for tests keeps what it is given.
  if (tf.getBackend() === 'wasm') return tf.tensor(values, [...shape], 'float32');
  const tensor = tf.tensor(values.slice(), [...shape], 'float32');
  backend.uploadToGPU?.(tensor.dataId);
  return tensor;
}

/** Zeros that the backend makes itself: `tf.zeros` is an array of the host's, which may stay for as long as the tensor. */
export function zerosOnDevice<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.fill<R>(shape, 0, 'float32');
}
