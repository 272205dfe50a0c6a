/**
 * One block of the decoder over prompts and the branches that go on from them, as `training/branches.ts` lays them out: rows
 * of B·P prompt tokens, then of R·C branch tokens. Everything but attention treats all rows alike. A branch token sees its
 * prompt, whose keys and values were computed once for all its branches, and what stands before it in its own sequence.
 */
import * as tf from '@tensorflow/tfjs-core';
import { byHead, byPosition, causalMask, headScales, MASKED, project, rotate } from './attention.js';
import { PLAIN, type BlockOps } from './block-ops.js';
import type { ModelConfig } from './config.js';
import { differentiable } from './custom-gradient.js';
import type { Dropout } from './dropout.js';
import { layerWeights, type LayerWeights } from './layer.js';
import { addBias, linear } from './linear.js';
import { feedForward } from './mlp.js';
import { rmsNorm } from './norm.js';
import { rotationTables, swapMatrix } from './rope.js';

/** What all blocks need of a batch, as `branchContext` makes it. */
export interface BranchContext {
  readonly cos: tf.Tensor; // (N, H + K, D), a query's carrying 1/√D
  readonly sin: tf.Tensor;
  /** (R, 1, C·G, P + C): 0 where a branch token may look, MASKED where not. */
  readonly mask: tf.Tensor;
  /** Of batches with prompts. */
  readonly prompts: { readonly mask: tf.Tensor; /** (R, B) */ readonly owner: tf.Tensor } | null;
}

/** The tensors of a batch: positions (N), segments (R, C), and with prompts their lengths (B) and the owners (R), int32. */
export interface BranchShape {
  readonly positions: tf.Tensor;
  readonly segments: tf.Tensor;
  readonly promptLengths: tf.Tensor | null;
  readonly owner: tf.Tensor | null;
}

export function branchContext(
  c: ModelConfig,
  { positions, segments, promptLengths, owner }: BranchShape,
): BranchContext {
  const [branches, length] = segments.shape as [number, number];
  const tokens = positions.size;
  const count = promptLengths?.size ?? 0;
  const promptLength = count === 0 ? 0 : (tokens - branches * length) / count;
  const group = c.heads / c.kvHeads;
  const tables = rotationTables(c, promptLength + length + 1);
  const turned = (table: tf.Tensor): tf.Tensor =>
    tf.mul(tf.reshape(tf.gather(table, tf.reshape(positions, [tokens])), [tokens, 1, c.headDim]), headScales(c));
  const own = withinSequence(segments, [branches, length]);
  const spread = (mask: tf.Tensor): tf.Tensor => {
    const width = mask.shape.at(-1) as number;
    const repeated = tf.tile(tf.reshape(mask, [branches, length, 1, width]), [1, 1, group, 1]);
    return tf.reshape(repeated, [branches, 1, length * group, width]);
  };
  const angles = { cos: turned(tables.cos), sin: turned(tables.sin) };
  if (promptLengths === null || owner === null) return { ...angles, mask: spread(own), prompts: null };
  const lengths = tf.reshape(tf.gather(promptLengths, tf.reshape(owner, [branches])), [branches, 1, 1]);
  const beyond = tf.cast(tf.greaterEqual(tf.range(0, promptLength, 1, 'int32'), lengths), 'float32'); // (R, 1, P)
  const ofPrompt = tf.tile(tf.mul(beyond, MASKED), [1, length, 1]);
  return {
    ...angles,
    mask: spread(tf.concat([ofPrompt, own], -1)),
    prompts: {
      mask: causalMask(promptLength, group),
      // Not oneHot, which wants two prompts at least.
      owner: tf.cast(tf.equal(tf.reshape(owner, [branches, 1]), tf.range(0, count, 1, 'int32')), 'float32'),
    },
  };
}

/** (R, C) → (R, C, C). */
function withinSequence(segments: tf.Tensor, [branches, length]: [number, number]): tf.Tensor {
  const apart = tf.notEqual(tf.reshape(segments, [branches, length, 1]), tf.reshape(segments, [branches, 1, length]));
  return tf.minimum(tf.mul(tf.cast(apart, 'float32'), MASKED), tf.reshape(causalMask(length, 1), [1, length, length]));
}

/** The context as a flat list, which is how it goes into compiled steps; `contextFrom` reads it. */
export function contextTensors({ cos, sin, mask, prompts }: BranchContext): tf.Tensor[] {
  return [cos, sin, mask, ...(prompts ? [prompts.mask, prompts.owner] : [])];
}

export function contextFrom(tensors: readonly tf.Tensor[]): BranchContext {
  const [cos, sin, mask, promptMask, owner] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?, tf.Tensor?];
  return { cos, sin, mask, prompts: promptMask && owner ? { mask: promptMask, owner } : null };
}

export interface BranchBlockOptions {
  readonly context: BranchContext;
  readonly ops?: BlockOps;
  /** The layer's, while its adapters learn. */
  readonly dropout?: Dropout | undefined;
}

/** x (N, d) → (N, d); `tensors` as `layerTensors` gives them. */
export function branchBlock(
  c: ModelConfig,
  x: tf.Tensor2D,
  tensors: readonly tf.Tensor[],
  { context, ops = PLAIN, dropout }: BranchBlockOptions,
): tf.Tensor2D {
  const w = layerWeights(c, tensors, dropout);
  const normed = rmsNorm(x, w.inputNorm, c.rmsNormEpsilon) as tf.Tensor2D;
  const mixed = attended(c, normed, w, { context, ops });
  const after = tf.add(x, addBias(linear(mixed, { weight: w.o, adapters: w.adapters.o }, ops), w.oBias)) as tf.Tensor2D;
  return tf.add(after, feedForward(rmsNorm(after, w.postNorm, c.rmsNormEpsilon) as tf.Tensor2D, w, ops));
}

/** What every token took from those it sees, (N, H·D). */
function attended(
  c: ModelConfig,
  x: tf.Tensor2D,
  w: LayerWeights,
  { context, ops }: { readonly context: BranchContext; readonly ops: BlockOps },
): tf.Tensor2D {
  const { cos, sin, mask, prompts } = context;
  const { queriesKeys, values } = project(c, x, w, ops);
  const turned = rotate(queriesKeys, { cos, sin, swap: swapMatrix(c.headDim) });
  const [q, k] = tf.split(turned, [c.heads, c.kvHeads], 1) as [tf.Tensor, tf.Tensor];
  const [branches, , rows, columns] = mask.shape as [number, number, number, number];
  const length = rows / (c.heads / c.kvHeads);
  const inPrompts = x.shape[0] - branches * length;
  const cut = (rowsOf: tf.Tensor): tf.Tensor[] =>
    inPrompts === 0 ? [rowsOf] : tf.split(rowsOf, [inPrompts, branches * length], 0);
  const parts = [cut(q), cut(k), cut(tf.reshape(values, [x.shape[0], c.kvHeads, c.headDim]))];
  const own = heads(
    c,
    parts.map((part) => part.at(-1) as tf.Tensor),
    [branches, length],
  );
  if (!prompts) return joined(c, ops.mix(own.q, own.k, own.v, mask), length);
  const promptLength = columns - length;
  const shared = heads(
    c,
    parts.map((part) => part[0] as tf.Tensor),
    [inPrompts / promptLength, promptLength],
  );
  const ofPrompts = joined(c, ops.mix(shared.q, shared.k, shared.v, prompts.mask), promptLength);
  const keys = tf.concat([handedOut(shared.k, prompts.owner), own.k], 2);
  const seen = tf.concat([handedOut(shared.v, prompts.owner), own.v], 2);
  return tf.concat([ofPrompts, joined(c, ops.mix(own.q, keys, seen, mask), length)], 0);
}

/** (rows·T, heads, D) each → queries (rows, K, T·G, D), keys and values (rows, K, T, D). */
function heads(
  c: ModelConfig,
  [q, k, v]: readonly tf.Tensor[],
  [rows, length]: [number, number],
): { q: tf.Tensor4D; k: tf.Tensor4D; v: tf.Tensor4D } {
  const group = c.heads / c.kvHeads;
  const queries = byHead(q as tf.Tensor, [rows, length, c.kvHeads, group * c.headDim]);
  return {
    q: tf.reshape(queries, [rows, c.kvHeads, length * group, c.headDim]) as tf.Tensor4D,
    k: byHead(k as tf.Tensor, [rows, length, c.kvHeads, c.headDim]),
    v: byHead(v as tf.Tensor, [rows, length, c.kvHeads, c.headDim]),
  };
}

/** (rows, K, T·G, D) → (rows·T, H·D). */
function joined(c: ModelConfig, mixed: tf.Tensor, length: number): tf.Tensor2D {
  const rows = mixed.shape[0] as number;
  const grouped = tf.reshape(mixed, [rows, c.kvHeads, length, (c.heads / c.kvHeads) * c.headDim]);
  return tf.reshape(byPosition(grouped), [rows * length, c.heads * c.headDim]);
}

/**
 * Of each branch's prompt: x (B, K, P, D), owner (R, B) one-hot → (R, K, P, D). Backward is a product with the same matrix,
 * which every backend has, where the gradient of a gather needs a kernel that some lack.
 */
function handedOut(x: tf.Tensor4D, owner: tf.Tensor): tf.Tensor4D {
  const [prompts, ...rest] = x.shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const flat = tf.reshape(x, [prompts, width]);
  const given = differentiable(
    {
      forward: (rows) => ({ value: tf.matMul(owner as tf.Tensor2D, rows as tf.Tensor2D), saved: [] }),
      backward: (dy) => [tf.matMul(owner as tf.Tensor2D, dy as tf.Tensor2D, true, false)],
    },
    [flat],
  );
  return tf.reshape(given, [owner.shape[0] as number, ...rest]) as tf.Tensor4D;
}
