/**
 * Causal grouped-query attention (arXiv 2305.13245) over a whole sequence, with optional norm on queries and keys.
 *
 * Queries of one group are rows of one matrix, (B, K, T·G, D) with the G heads of a position side by side, so that
 * keys and values are never repeated, and nothing at all is transposed where there is a single key head.
 * The scale 1/√D is folded into the query's rotation. Decoding with a cache is in `decode.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { PLAIN, type BlockOps } from './block-ops.js';
import type { ModelConfig } from './config.js';
import type { LayerWeights } from './layer.js';
import { addBias, linear } from './linear.js';
import { normalise } from './norm.js';
import { rotationTables, swapMatrix, type Rotation } from './rope.js';

/** Constants of all layers for sequences of length T. */
export interface SequenceContext {
  /** For the H query and K key heads side by side: cos, sin (T, H + K, D). The query's carry 1/√D. */
  readonly rotation: Rotation;
  readonly mask: tf.Tensor; // (T·G, T), or (B, 1, T·G, T) for packed rows: 0 where a query may look, −1e9 where not
}

/** Added to a score, it makes the weight exactly 0 in float32. */
export const MASKED = -1e9;

/**
 * @param segments (B, T) int32, for rows that hold several sequences one behind another: tokens see those of their own
 * number only. Their positions count through the row; a rotary score depends on the difference of two positions alone, so
 * each sequence comes out as if it stood at the beginning.
 */
export function sequenceContext(c: ModelConfig, length: number, segments?: tf.Tensor2D): SequenceContext {
  const { cos, sin, swap } = rotationTables(c, length);
  const heads = headScales(c);
  const spread = (table: tf.Tensor): tf.Tensor => tf.mul(tf.reshape(table, [length, 1, c.headDim]), heads);
  const group = c.heads / c.kvHeads;
  const causal = causalMask(length, group);
  const mask = segments ? withinSegments(causal, segments, group) : causal;
  return { rotation: { cos: spread(cos), sin: spread(sin), swap }, mask };
}

/** The context as a flat list, which is how it goes into compiled steps; `contextFrom` reads it. */
export function contextTensors({ rotation, mask }: SequenceContext): tf.Tensor[] {
  return [rotation.cos, rotation.sin, mask];
}

export function contextFrom(c: ModelConfig, tensors: readonly tf.Tensor[]): SequenceContext {
  const [cos, sin, mask] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { rotation: { cos, sin, swap: swapMatrix(c.headDim) }, mask };
}

/** (T·G, T) and (B, T) → (B, 1, T·G, T). */
function withinSegments(causal: tf.Tensor2D, segments: tf.Tensor2D, group: number): tf.Tensor4D {
  const [batch, length] = segments.shape;
  const apart = tf.notEqual(tf.reshape(segments, [batch, length, 1, 1]), tf.reshape(segments, [batch, 1, 1, length])); // (B, T, 1, T)
  const blocked = tf.mul(tf.cast(apart, 'float32'), MASKED);
  const mask = tf.add(blocked, tf.reshape(causal, [1, length, group, length]));
  return tf.reshape(mask, [batch, 1, length * group, length]) as tf.Tensor4D;
}

/** 1/√D for every query head, 1 for every key head: (H + K, 1). */
export function headScales(c: ModelConfig): tf.Tensor2D {
  const scale = 1 / Math.sqrt(c.headDim);
  const values = Array.from({ length: c.heads + c.kvHeads }, (_, head) => (head < c.heads ? scale : 1));
  return tf.tensor2d(values, [values.length, 1]);
}

export function causalMask(length: number, group: number): tf.Tensor2D {
  const values = new Float32Array(length * group * length);
  for (let t = 0; t < length; t++) {
    for (let g = 0; g < group; g++) {
      const row = (t * group + g) * length;
      values.fill(MASKED, row + t + 1, row + length);
    }
  }
  return tf.tensor2d(values, [length * group, length]);
}

/** Queries, keys and values of rows x (N, d): queries with keys (N, H + K, D), normed, and values (N, K·D). */
export function project(
  c: ModelConfig,
  x: tf.Tensor2D,
  w: LayerWeights,
  ops: BlockOps = PLAIN,
): { queriesKeys: tf.Tensor3D; values: tf.Tensor2D } {
  const rows = x.shape[0];
  const turned = (c.heads + c.kvHeads) * c.headDim;
  const qkv = addBias(linear(x, { weight: w.qkv, adapters: w.adapters.qkv }, ops), w.qkvBias);
  const [flat, values] = tf.split(qkv, [turned, c.kvHeads * c.headDim], 1) as [tf.Tensor2D, tf.Tensor2D];
  const heads = tf.reshape(flat, [rows, c.heads + c.kvHeads, c.headDim]) as tf.Tensor3D;
  return { queriesKeys: c.qkNorm ? headNorm(c, heads, w) : heads, values };
}

/** RMSNorm of every query and key head at once. */
function headNorm(c: ModelConfig, heads: tf.Tensor3D, w: LayerWeights): tf.Tensor3D {
  return tf.mul(normalise(heads, c.rmsNormEpsilon), headWeights(c, w));
}

/** The norm weights of the H query and K key heads, (H + K, D). */
function headWeights(c: ModelConfig, w: LayerWeights): tf.Tensor2D {
  const repeat = (weight: tf.Tensor1D, count: number): tf.Tensor2D =>
    tf.tile(tf.reshape(weight, [1, c.headDim]), [count, 1]);
  return tf.concat([repeat(w.qNorm as tf.Tensor1D, c.heads), repeat(w.kNorm as tf.Tensor1D, c.kvHeads)], 0);
}

/** Rotates every head; x (N, H + K, D) or (B, T, H + K, D), tables broadcastable to it. */
export function rotate(x: tf.Tensor, { cos, sin, swap }: Rotation): tf.Tensor {
  const turned = tf.reshape(tf.matMul(tf.reshape(x, [-1, swap.shape[0]]), swap), x.shape);
  return tf.add(tf.mul(x, cos), tf.mul(turned, sin));
}

/** What attention over a whole sequence works on. */
export interface Projected {
  readonly queries: tf.Tensor4D; // (B, K, T·G, D), rotated and scaled
  readonly keys: tf.Tensor4D; // (B, K, T, D), rotated
  readonly values: tf.Tensor4D; // (B, K, T, D)
}

/** Self-attention of x (B·T, d), already normed → (B·T, d), before the residual. */
export function attention(c: ModelConfig, x: tf.Tensor2D, w: LayerWeights, context: SequenceContext): tf.Tensor2D {
  return attend(c, projectSequence(c, x, w, context), w, context);
}

export function projectSequence(c: ModelConfig, x: tf.Tensor2D, w: LayerWeights, context: SequenceContext): Projected {
  const length = context.mask.shape.at(-1) as number;
  const batch = x.shape[0] / length;
  const group = c.heads / c.kvHeads;
  const { queriesKeys, values } = project(c, x, w);
  const turned = rotate(tf.reshape(queriesKeys, [batch, length, -1, c.headDim]), context.rotation);
  const [q, k] = tf.split(turned, [c.heads, c.kvHeads], 2) as [tf.Tensor, tf.Tensor];
  const byGroup = byHead(q, [batch, length, c.kvHeads, group * c.headDim]);
  return {
    queries: tf.reshape(byGroup, [batch, c.kvHeads, length * group, c.headDim]) as tf.Tensor4D,
    keys: byHead(k, [batch, length, c.kvHeads, c.headDim]),
    values: byHead(values, [batch, length, c.kvHeads, c.headDim]),
  };
}

export function attend(c: ModelConfig, projected: Projected, w: LayerWeights, context: SequenceContext): tf.Tensor2D {
  const { queries, keys, values } = projected;
  const [batch, , length] = keys.shape;
  const mixed = PLAIN.mix(queries, keys, values, context.mask);
  const rows = byPosition(tf.reshape(mixed, [batch, c.kvHeads, length, (c.heads / c.kvHeads) * c.headDim]));
  const flat = tf.reshape(rows, [batch * length, c.heads * c.headDim]) as tf.Tensor2D;
  return addBias(linear(flat, { weight: w.o, adapters: w.adapters.o }), w.oBias);
}

/** (B, T, K, X) → (B, K, T, X); free of copies where K is 1. */
export function byHead(x: tf.Tensor, shape: [number, number, number, number]): tf.Tensor4D {
  const [batch, length, heads, width] = shape;
  if (heads === 1) return tf.reshape(x, [batch, 1, length, width]);
  return tf.transpose(tf.reshape(x, shape), [0, 2, 1, 3]) as tf.Tensor4D;
}

/** (B, K, T, X) → (B, T, K, X). */
export function byPosition(x: tf.Tensor): tf.Tensor {
  return x.shape[1] === 1 ? x : tf.transpose(x, [0, 2, 1, 3]);
}
