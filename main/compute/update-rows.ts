/**
 * Writes rows into a tensor in place. tfjs has no such operation (`tensorScatterUpdate` copies the whole tensor), and a
 * cache that grows by a token at a time cannot do without. On TensorFlow it is the op InplaceUpdate, whose output
 * shares the buffer of its input.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from './binding.js';

/** Whether `updateRows` works in place on the backend in use. */
export function updatesInPlace(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/**
 * `table` (N, W) with `rows` (M, W) at `index` (M) int32. TensorFlow only. Takes the table over: its buffer is written, so
 * the caller must go on with the result and must hold no other tensor that shares the buffer.
 */
export function updateRows(table: tf.Tensor2D, index: tf.Tensor1D, rows: tf.Tensor2D): tf.Tensor2D {
  const backend = tf.backend() as unknown as NodeBackend;
  const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
  const info = backend.executeSingleOutput('InplaceUpdate', [type], [table, index, rows]);
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor2D;
}
