/**
 * Writes rows into a tensor in place, or adds them there. tfjs has no such operations (`tensorScatterUpdate` copies the whole
 * tensor), and a cache that grows by a token at a time, or the gradient of a large embedding, cannot do without. On
 * TensorFlow they are the ops InplaceUpdate and InplaceAdd, whose output shares the buffer of their input.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from './binding.js';

/** Whether `inPlace` works on the backend in use. */
export function updatesInPlace(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/** `table` (N, W) with `rows` (M, W) at `index` (M) int32: in place where the backend can, and then as `inPlace` says. */
export function withRows(table: tf.Tensor2D, index: tf.Tensor1D, rows: tf.Tensor): tf.Tensor2D {
  if (updatesInPlace()) return inPlace('InplaceUpdate', table, { index, rows });
  return tf.tensorScatterUpdate(table, tf.reshape(index, [index.size, 1]), rows) as tf.Tensor2D;
}

/**
 * `table` (N, W) with `rows` (M, W) put at `index` (M) int32, or added there, one after another. TensorFlow only. Takes the
 * table over: its buffer is written, so the caller must go on with the result and must hold no other tensor that shares it.
 */
export function inPlace(
  op: 'InplaceUpdate' | 'InplaceAdd',
  table: tf.Tensor2D,
  { index, rows }: { readonly index: tf.Tensor1D; readonly rows: tf.Tensor },
): tf.Tensor2D {
  const backend = tf.backend() as unknown as NodeBackend;
  const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
  return backend.executeSingleOutput(op, [type], [table, index, rows]) as tf.Tensor2D;
}
