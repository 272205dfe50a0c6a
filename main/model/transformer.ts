/**
 * The decoder of the Qwen3 and Llama families over whole sequences: pure functions of plain tfjs operations, with
 * gradients in every weight. Generation with a cache is in `generate.ts`; losses are in `training/`.
 *
 * Padding stands on the right. Attention is causal, so what stands right of a token never reaches it: rows of
 * unequal length need no further mask, and whatever comes out at padded positions must be ignored by the caller.
 */
import * as tf from '@tensorflow/tfjs-core';
import { widen } from '../compute/bfloat16.js';
import { attention, sequenceContext, type SequenceContext } from './attention.js';
import type { ModelConfig } from './config.js';
import { dropoutAt, type Dropout } from './dropout.js';
import { embed } from './embedding.js';
import { layerTensors, layerWeights, outerWeights, type LayerWeights } from './layer.js';
import { feedForward } from './mlp.js';
import { rmsNorm } from './norm.js';

export { sequenceContext, type SequenceContext };

export interface HiddenOptions {
  /** (B, T): which sequence of its row a token belongs to, where rows hold several. */
  readonly segments?: tf.Tensor2D | undefined;
  /** While adapters learn. */
  readonly dropout?: Dropout | undefined;
}

/** ids (B, T) int32, right-padded → hidden states after the final norm (B, T, d). */
export function hiddenStates(
  c: ModelConfig,
  parameters: readonly tf.Tensor[],
  ids: tf.Tensor,
  { segments, dropout }: HiddenOptions = {},
): tf.Tensor3D {
  const [batch, length] = ids.shape as [number, number];
  const { embed: table, finalNorm } = outerWeights(c, parameters);
  const context = sequenceContext(c, length, segments);
  let x: tf.Tensor = embed(table, tf.reshape(ids, [batch * length]));
  for (let layer = 0; layer < c.layers; layer++) {
    const w = layerWeights(c, layerTensors(c, parameters, layer), dropout && dropoutAt(dropout, { layer }));
    x = block(c, x, w, context);
  }
  return tf.reshape(rmsNorm(x, finalNorm, c.rmsNormEpsilon), [batch, length, c.hiddenSize]);
}

/** One block: x (B·T, d) → (B·T, d). */
export function block(c: ModelConfig, x: tf.Tensor, w: LayerWeights, context: SequenceContext): tf.Tensor2D {
  const attended = tf.add(
    x,
    attention(c, rmsNorm(x, w.inputNorm, c.rmsNormEpsilon) as tf.Tensor2D, w, context),
  ) as tf.Tensor2D;
  return tf.add(attended, feedForward(rmsNorm(attended, w.postNorm, c.rmsNormEpsilon) as tf.Tensor2D, w));
}

/** hidden (N, d) → logits (N, V). */
export function logitsOf(c: ModelConfig, parameters: readonly tf.Tensor[], hidden: tf.Tensor): tf.Tensor2D {
  return tf.matMul(hidden as tf.Tensor2D, widen(outerWeights(c, parameters).head), false, true);
}
