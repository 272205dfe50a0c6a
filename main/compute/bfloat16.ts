/**
 * Tensors of bfloat16 on TensorFlow: half the memory of float32, for weights that nobody trains. tfjs knows no such type, so
 * to it they are float32; TensorFlow refuses every op that was not told. What computes with one widens it first, exactly, so
 * that a product is that of float32 arithmetic on rounded weights.
 */
import * as tf from '@tensorflow/tfjs-core';
import { requireBfloat16 } from '../lib/backend-needs.js';
import type { NodeBackend, OpAttribute, TensorMetadata } from './binding.js';
import { DataType } from './graph-def.js';

export function isBfloat16(tensor: tf.Tensor): boolean {
  if (tf.getBackend() !== 'tensorflow') return false;
  const { tensorMap } = tf.backend() as unknown as NodeBackend;
  return tensorMap.get(tensor.dataId)?.dtype === DataType.bfloat16;
}

/** A copy rounded to the nearest bfloat16, ties to even. The caller disposes both. */
export function toBfloat16(tensor: tf.Tensor): tf.Tensor {
  requireBfloat16(tf.getBackend());
  return cast(tensor, DataType.float32, DataType.bfloat16);
}

/** The same values in float32; a tensor that is no bfloat16 as it is. */
export function widen<T extends tf.Tensor>(tensor: T): T {
  return isBfloat16(tensor) ? (cast(tensor, DataType.bfloat16, DataType.float32) as T) : tensor;
}

/** Rows `start` to `start + rows` of a bfloat16 table (N, d), widened: (rows, d). No gradient. */
export function sliceWide(table: tf.Tensor2D, start: number, rows: number): tf.Tensor2D {
  const width = table.shape[1];
  const [begin, size] = [tf.tensor1d([start, 0], 'int32'), tf.tensor1d([rows, width], 'int32')];
  const piece = execute('Slice', [], [table, begin, size], [rows, width]);
  const wide = widen(piece) as tf.Tensor2D;
  tf.dispose([begin, size, piece]);
  return wide;
}

/** Rows of a bfloat16 table (N, d) at `index` (M) int32, widened: (M, d). No gradient. */
export function gatherWide(table: tf.Tensor2D, index: tf.Tensor1D): tf.Tensor2D {
  const axis = tf.scalar(0, 'int32');
  const rows = execute('GatherV2', [], [table, index, axis], [index.shape[0], table.shape[1]]);
  const wide = widen(rows) as tf.Tensor2D;
  tf.dispose([axis, rows]);
  return wide;
}

function cast(tensor: tf.Tensor, from: number, to: number): tf.Tensor {
  const { TF_ATTR_TYPE, TF_ATTR_BOOL } = (tf.backend() as unknown as NodeBackend).binding;
  const attributes = [
    { name: 'SrcT', type: TF_ATTR_TYPE, value: from },
    { name: 'DstT', type: TF_ATTR_TYPE, value: to },
    { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
  ];
  return execute('Cast', attributes, [tensor], tensor.shape);
}

/** An op whose result may be bfloat16, which tfjs-node itself would refuse to wrap. */
function execute(
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly tf.Tensor[],
  shape: number[],
): tf.Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const ids = backend.getInputTensorIds(inputs);
  const [made] = backend.binding.executeOp(op, attributes, ids, 1) as [TensorMetadata];
  const dataId = {};
  backend.tensorMap.set(dataId, { shape, dtype: made.dtype, id: made.id, values: null, refCount: 1 });
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype: 'float32' });
}
