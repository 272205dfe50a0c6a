/**
 * The decoder of the Qwen3 and Llama families over whole sequences: pure functions of plain tfjs operations, with
 * gradients in every weight. Generation with a cache is in `generate.ts`; losses are in `training/`.
 *
 * Padding stands on the right. Attention is causal, so what stands right of a token never reaches it: rows of
 * unequal length need no further mask, and whatever comes out at padded positions must be ignored by the caller.
 */
import * as tf from '@tensorflow/tfjs-core';
import { attention, sequenceContext, type SequenceContext } from './attention.js';
import type { ModelConfig } from './config.js';
import { embed } from './embedding.js';
import { layerTensors, layerWeights, outerWeights } from './layer.js';
import { feedForward } from './mlp.js';
import { rmsNorm } from './norm.js';

export { sequenceContext, type SequenceContext };

/**
 * ids (B, T) int32, right-padded → hidden states after the final norm (B, T, d). `segments` (B, T): which sequence of its
 * row a token belongs to, where rows hold several.
 */
export function hiddenStates(
  c: ModelConfig,
  parameters: readonly tf.Tensor[],
  ids: tf.Tensor,
  segments?: tf.Tensor2D,
): tf.Tensor3D {
  const [batch, length] = ids.shape as [number, number];
  const { embed: table, finalNorm } = outerWeights(c, parameters);
  const context = sequenceContext(c, length, segments);
  let x: tf.Tensor = embed(table, tf.reshape(ids, [batch * length]));
  for (let layer = 0; layer < c.layers; layer++) x = block(c, x, layerTensors(c, parameters, layer), context);
  return tf.reshape(rmsNorm(x, finalNorm, c.rmsNormEpsilon), [batch, length, c.hiddenSize]);
}

/** One block: x (B·T, d) → (B·T, d); `tensors` in the order of `layerParameters`. */
export function block(
  c: ModelConfig,
  x: tf.Tensor,
  tensors: readonly tf.Tensor[],
  context: SequenceContext,
): tf.Tensor2D {
  const w = layerWeights(c, tensors);
  const attended = tf.add(
    x,
    attention(c, rmsNorm(x, w.inputNorm, c.rmsNormEpsilon) as tf.Tensor2D, w, context),
  ) as tf.Tensor2D;
  return tf.add(attended, feedForward(rmsNorm(attended, w.postNorm, c.rmsNormEpsilon) as tf.Tensor2D, w));
}

/** hidden (N, d) → logits (N, V). */
export function logitsOf(c: ModelConfig, parameters: readonly tf.Tensor[], hidden: tf.Tensor): tf.Tensor2D {
  return tf.matMul(hidden as tf.Tensor2D, outerWeights(c, parameters).head, false, true);
}
