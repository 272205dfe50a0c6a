/**
 * The steps by which one sequence is read on: T new tokens through a block, whose keys and values stand behind those of
 * the C columns before, and from the last block to the logits. A block is one compiled function that all layers share,
 * its weights being inputs, so that little is traced before the first token. Batches are in `../decode.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { withRows } from '../../compute/update-rows.js';
import { project, rotate } from '../attention.js';
import type { ModelConfig } from '../config.js';
import { headLogits } from '../head.js';
import { layerWeights, outerWeights } from '../layer.js';
import { addBias, linear } from '../linear.js';
import { feedForward } from '../mlp.js';
import { rmsNorm } from '../norm.js';

/** In this order: x (T, d), cos and sin (T, H + K, D), swap (D, D), mask (T·G, C), slots (K·T) int32, keys and values (K·C, D), weights. */
export function liveBlock(c: ModelConfig, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const [x, cos, sin, swap, mask, slots, oldKeys, oldValues, ...weights] = inputs as [
    ...[tf.Tensor2D, tf.Tensor, tf.Tensor, tf.Tensor2D, tf.Tensor, tf.Tensor1D, tf.Tensor2D, tf.Tensor2D],
    ...tf.Tensor[],
  ];
  const w = layerWeights(c, weights);
  const length = x.shape[0];
  const group = c.heads / c.kvHeads;
  const { queriesKeys, values } = project(c, rmsNorm(x, w.inputNorm, c.rmsNormEpsilon) as tf.Tensor2D, w);
  const turned = rotate(queriesKeys, { cos, sin, swap });
  const [q, k] = tf.split(turned, [c.heads, c.kvHeads], 1) as [tf.Tensor, tf.Tensor];
  const keys = write(oldKeys, slots, headsFirst(k, [length, c.kvHeads, c.headDim]));
  const past = write(oldValues, slots, headsFirst(values, [length, c.kvHeads, c.headDim]));
  const queries = tf.reshape(headsFirst(q, [length, c.kvHeads, group * c.headDim]), [c.kvHeads, length * group, -1]);
  const columns = (table: tf.Tensor): tf.Tensor => tf.reshape(table, [c.kvHeads, -1, c.headDim]);
  const scores = tf.add(tf.matMul(queries, columns(keys), false, true), mask); // (K, T·G, C)
  const mixed = tf.reshape(tf.matMul(tf.softmax(scores), columns(past)), [c.kvHeads, length, group * c.headDim]);
  const rows = tf.reshape(tf.transpose(mixed, [1, 0, 2]), [length, c.heads * c.headDim]) as tf.Tensor2D;
  const attended = tf.add(x, addBias(linear(rows, { weight: w.o, adapters: w.adapters.o }), w.oBias)) as tf.Tensor2D;
  const out = tf.add(attended, feedForward(rmsNorm(attended, w.postNorm, c.rmsNormEpsilon) as tf.Tensor2D, w));
  return [out, keys, past];
}

/** x (T, d), finalNorm (d), head (V, d) → logits (T, V). */
export function liveHead(c: ModelConfig, [x, norm, head]: readonly tf.Tensor[]): tf.Tensor[] {
  return [headLogits(c, x as tf.Tensor2D, { norm: norm as tf.Tensor1D, head: head as tf.Tensor2D })];
}

/** The inputs of `liveHead` besides x. */
export function headWeights(c: ModelConfig, parameters: readonly tf.Tensor[]): tf.Tensor[] {
  const { finalNorm, head } = outerWeights(c, parameters);
  return [finalNorm, head];
}

/** (T, K, X) → (K, T, X). */
function headsFirst(x: tf.Tensor, [length, heads, width]: [number, number, number]): tf.Tensor {
  return heads === 1
    ? tf.reshape(x, [1, length, width])
    : tf.transpose(tf.reshape(x, [length, heads, width]), [1, 0, 2]);
}

/** table (K·C, D) with the rows (K, T, D) at the slots; where the backend can, in place. */
function write(table: tf.Tensor2D, slots: tf.Tensor1D, rows: tf.Tensor): tf.Tensor2D {
  return withRows(table, slots, tf.reshape(rows, [-1, table.shape[1]]));
}
