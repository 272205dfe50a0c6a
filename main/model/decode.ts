/**
 * The two steps of generation, as functions that can be traced: `prefill` makes the cache of a batch of prompts, `decode`
 * appends S sampled tokens to every row of a batch, sampling included, so that the host is asked once a block.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  attend,
  headScales,
  project,
  projectSequence,
  rotate,
  sequenceContext,
  type SequenceContext,
} from './attention.js';
import type { ModelConfig } from './config.js';
import { lookUp } from './embedding.js';
import { headLogits, type HeadWeights } from './head.js';
import { openBlock, type Newcomer } from './kv-cache.js';
import { layerTensors, layerWeights, outerWeights, type LayerWeights } from './layer.js';
import { addBias, linear } from './linear.js';
import { feedForward } from './mlp.js';
import { rmsNorm } from './norm.js';
import { rotationTables, swapMatrix, type Rotation } from './rope.js';
import { drawTokens, logProbabilities, type SamplingOptions } from './sampler.js';

export interface DecodeInputs {
  readonly parameters: readonly tf.Tensor[];
  readonly tokens: tf.Tensor1D; // (B) int32, the last token of each row, not yet in the cache
  readonly lengths: tf.Tensor1D; // (B) int32, positions already in the cache
  readonly uniforms: tf.Tensor2D; // (S, B)
  /** Keys and values of layer 0, of layer 1, …, each (B, K, C, D); taken over, for they may be written in place. */
  readonly cache: readonly tf.Tensor[];
}

export interface DecodeOutputs {
  readonly tokens: tf.Tensor; // (S, B) int32
  readonly logprobs: tf.Tensor; // (S, B), under the model's own distribution: temperature 1, nothing cut off
  readonly cache: readonly tf.Tensor[];
}

export function decode(c: ModelConfig, inputs: DecodeInputs, sampling: SamplingOptions): DecodeOutputs {
  const { parameters, uniforms, lengths, cache: tensors } = inputs;
  const [steps, batch] = uniforms.shape;
  const { embed, finalNorm, head } = outerWeights(c, parameters);
  const layers = Array.from({ length: c.layers }, (_, i) => layerWeights(c, layerTensors(c, parameters, i)));
  const rotations = stepRotations(c, inputs);
  const cache = openBlock(c, { tensors, lengths, steps });
  const draws = tf.split(uniforms, steps, 0);
  const drawn: tf.Tensor1D[] = [];
  const scores: tf.Tensor2D[] = [];
  let token = inputs.tokens;
  for (let step = 0; step < steps; step++) {
    const rotation = rotations[step] as Turn;
    let x = lookUp(embed, token);
    for (const [layer, w] of layers.entries()) {
      x = decodeBlock(c, x, w, { rotation, attend: (newcomer) => cache.attend(layer, step, newcomer) });
    }
    const logits = headLogits(c, x, { norm: finalNorm, head });
    token = drawTokens(logits, tf.reshape(draws[step] as tf.Tensor, [batch, 1]), sampling);
    drawn.push(token);
    scores.push(logits);
  }
  const tokens = tf.concat(drawn);
  const logprobs = logProbabilities(tf.concat(scores, 0), tokens);
  return {
    tokens: tf.reshape(tokens, [steps, batch]),
    logprobs: tf.reshape(logprobs, [steps, batch]),
    cache: cache.finish(),
  };
}

/** The rotation of every row at every step, made at once for all layers: cos and sin (B, H + K, D) a step. */
function stepRotations(c: ModelConfig, { lengths, uniforms, cache }: DecodeInputs): Turn[] {
  const [steps, batch] = uniforms.shape;
  const capacity = (cache[0] as tf.Tensor).shape[2] as number;
  const positions = tf.add(tf.reshape(tf.range(0, steps, 1, 'int32'), [steps, 1]), lengths);
  const { cos, sin } = rotationsAt(c, tf.reshape(positions, [steps * batch]) as tf.Tensor1D, capacity);
  const sines = tf.split(sin, steps, 0);
  return tf.split(cos, steps, 0).map((cosine, step) => ({ cos: cosine, sin: sines[step] as tf.Tensor }));
}

/** Rotations of rows at `positions` (N), all below `capacity`: cos and sin (N, H + K, D). */
export function rotationsAt(c: ModelConfig, positions: tf.Tensor1D, capacity: number): Turn {
  const { cos, sin } = rotationTables(c, capacity);
  const scales = headScales(c);
  const at = (table: tf.Tensor): tf.Tensor =>
    tf.mul(tf.reshape(tf.gather(table, positions), [positions.size, 1, c.headDim]), scales);
  return { cos: at(cos), sin: at(sin) };
}

/** x (B, d), uniforms (S, B) → the tokens drawn and their log-probabilities under the model's own distribution. */
export function scored(
  c: ModelConfig,
  given: HeadWeights & {
    readonly x: tf.Tensor2D;
    readonly uniforms: tf.Tensor2D; // (1, B)
  },
  sampling: SamplingOptions,
): [tf.Tensor, tf.Tensor] {
  const [, batch] = given.uniforms.shape;
  const logits = headLogits(c, given.x, given);
  const tokens = drawTokens(logits, tf.reshape(given.uniforms, [batch, 1]), sampling);
  return [tf.reshape(tokens, [1, batch]), tf.reshape(logProbabilities(logits, tokens), [1, batch])];
}

type Turn = Pick<Rotation, 'cos' | 'sin'>;

interface Place {
  readonly rotation: Turn;
  /** Attention of the newcomers over what their rows have seen, themselves included: (B, K, G, D). */
  readonly attend: (newcomer: Newcomer) => tf.Tensor;
}

/** One block of one step: x (B, d) → (B, d). */
export function decodeBlock(
  c: ModelConfig,
  x: tf.Tensor2D,
  w: LayerWeights,
  { rotation, attend: attendTo }: Place,
): tf.Tensor2D {
  const batch = x.shape[0];
  const { queriesKeys, values } = project(c, rmsNorm(x, w.inputNorm, c.rmsNormEpsilon) as tf.Tensor2D, w);
  const [q, keys] = tf.split(
    rotate(queriesKeys, { ...rotation, swap: swapMatrix(c.headDim) }),
    [c.heads, c.kvHeads],
    1,
  ) as [tf.Tensor, tf.Tensor];
  const queries = tf.reshape(q, [batch, c.kvHeads, c.heads / c.kvHeads, c.headDim]);
  const mixed = tf.reshape(attendTo({ queries, keys, values }), [batch, c.heads * c.headDim]);
  const attended = tf.add(
    x,
    addBias(linear(mixed as tf.Tensor2D, { weight: w.o, adapters: w.adapters.o }), w.oBias),
  ) as tf.Tensor2D;
  return tf.add(attended, feedForward(rmsNorm(attended, w.postNorm, c.rmsNormEpsilon) as tf.Tensor2D, w));
}

/** ids (R, T) int32, right-padded → keys and values of every layer, each (R, K, T, D); those of padding are garbage. */
export function prefill(c: ModelConfig, parameters: readonly tf.Tensor[], ids: tf.Tensor2D): tf.Tensor[] {
  const [rows, length] = ids.shape;
  const context = sequenceContext(c, length);
  const cache: tf.Tensor[] = [];
  let x = lookUp(outerWeights(c, parameters).embed, tf.reshape(ids, [rows * length]));
  for (let layer = 0; layer < c.layers; layer++) {
    const w = layerWeights(c, layerTensors(c, parameters, layer));
    const { keys, values, y } = prefillBlock(c, x, { w, context });
    cache.push(keys, values);
    // What the last layer would add to the hidden states, nobody reads.
    if (layer < c.layers - 1) x = y();
  }
  return cache;
}

/** One block over whole prompts: keys and values (R, K, T, D) of x (R·T, d), and what comes out of it, where it is asked for. */
export function prefillBlock(
  c: ModelConfig,
  x: tf.Tensor2D,
  { w, context }: { readonly w: LayerWeights; readonly context: SequenceContext },
): { readonly keys: tf.Tensor; readonly values: tf.Tensor; readonly y: () => tf.Tensor2D } {
  const projected = projectSequence(c, rmsNorm(x, w.inputNorm, c.rmsNormEpsilon) as tf.Tensor2D, w, context);
  const y = (): tf.Tensor2D => {
    const attended = tf.add(x, attend(c, projected, w, context)) as tf.Tensor2D;
    return tf.add(attended, feedForward(rmsNorm(attended, w.postNorm, c.rmsNormEpsilon) as tf.Tensor2D, w));
  };
  return { keys: projected.keys, values: projected.values, y };
}
