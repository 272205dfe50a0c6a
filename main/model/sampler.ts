/**
 * Draws one token a row by inverting the cumulative distribution: one uniform number a token, made on the host from
 * the sequence's own key, so that what is drawn does not depend on the batch. Temperature first, then top-k, then
 * top-p among what is left, as `transformers` orders them.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface SamplingOptions {
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** Only the k likeliest tokens; 0 for all. */
  readonly topK: number;
  /** Only the smallest set of likeliest tokens whose probability reaches this; 1 for all. */
  readonly topP: number;
}

/** Vocabularies from this size on are searched in two levels: a running sum over all of it would be slow and coarse. */
const TWO_LEVELS_FROM = 4096;
const PIECE = 256;

/** logits (B, V), uniforms (B, 1) in [0, 1) → token ids (B) int32. */
export function drawTokens(logits: tf.Tensor2D, uniforms: tf.Tensor2D, sampling: SamplingOptions): tf.Tensor1D {
  if (sampling.temperature === 0) return tf.argMax(logits, -1);
  const scaled = sampling.temperature === 1 ? logits : tf.mul(logits, 1 / sampling.temperature);
  const vocabulary = logits.shape[1];
  const restricted = (sampling.topK > 0 && sampling.topK < vocabulary) || sampling.topP < 1;
  if (restricted) return drawFromTop(scaled as tf.Tensor2D, uniforms, sampling);
  const probabilities = tf.softmax(scaled as tf.Tensor2D);
  return vocabulary < TWO_LEVELS_FROM ? invert(probabilities, uniforms) : invertByPieces(probabilities, uniforms);
}

function drawFromTop(logits: tf.Tensor2D, uniforms: tf.Tensor2D, { topK, topP }: SamplingOptions): tf.Tensor1D {
  const vocabulary = logits.shape[1];
  const count = topK > 0 ? Math.min(topK, vocabulary) : vocabulary;
  const { values, indices } = tf.topk(logits, count, true);
  const probabilities = tf.softmax(values);
  // A token stays when those before it do not yet reach topP; the likeliest always does.
  const before = tf.cumsum(probabilities, 1, true);
  const kept = topP < 1 ? tf.mul(probabilities, tf.cast(tf.less(before, topP), 'float32')) : probabilities;
  return pick(indices as tf.Tensor2D, invert(kept as tf.Tensor2D, uniforms));
}

/** First index whose cumulative weight exceeds u times the total. Weights need not sum to 1; those of 0 are never met. */
function invert(weights: tf.Tensor2D, uniforms: tf.Tensor2D): tf.Tensor1D {
  const [rows, width] = weights.shape;
  const cumulative = tf.cumsum(weights, 1);
  const total = tf.slice(cumulative, [0, width - 1], [rows, 1]);
  return tf.sum(tf.cast(tf.lessEqual(cumulative, tf.mul(uniforms, total)), 'int32'), -1);
}

/** The same for a large vocabulary: first the piece, then the token within it. */
function invertByPieces(weights: tf.Tensor2D, uniforms: tf.Tensor2D): tf.Tensor1D {
  const [rows, width] = weights.shape;
  const pieces = Math.ceil(width / PIECE);
  const padded = tf.reshape(
    tf.pad(weights, [
      [0, 0],
      [0, pieces * PIECE - width],
    ]),
    [rows, pieces, PIECE],
  );
  const sums = tf.sum(padded, -1) as tf.Tensor2D;
  const cumulative = tf.cumsum(sums, 1);
  const target = tf.mul(uniforms, tf.slice(cumulative, [0, pieces - 1], [rows, 1]));
  const piece = tf.sum(tf.cast(tf.lessEqual(cumulative, target), 'int32'), -1) as tf.Tensor1D; // (B)
  const before = tf.reshape(pick(tf.sub(cumulative, sums) as tf.Tensor2D, piece), [rows, 1]);
  const row = tf.add(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(pieces, 'int32')), piece) as tf.Tensor1D;
  const within = tf.gather(tf.reshape(padded, [rows * pieces, PIECE]), row) as tf.Tensor2D;
  // Rounding may leave the target a hair past the piece's own sum: the last token with weight takes it.
  const inside = tf.cumsum(within, 1);
  const limit = tf.slice(inside, [0, PIECE - 1], [rows, 1]);
  const rest = tf.minimum(tf.sub(target, before), tf.mul(limit, 1 - 2 ** -23));
  const offset = tf.sum(tf.cast(tf.lessEqual(inside, rest), 'int32'), -1);
  return tf.add(tf.mul(piece, tf.scalar(PIECE, 'int32')), offset);
}

/** table (B, W), index (B) int32 → the entry of each row (B). */
export function pick(table: tf.Tensor2D, index: tf.Tensor1D): tf.Tensor1D {
  const [rows, width] = table.shape;
  const flat = tf.add(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(width, 'int32')), index) as tf.Tensor1D;
  return tf.gather(tf.reshape(table, [rows * width]), flat) as tf.Tensor1D;
}

/** log softmax(logits)[token], (N): logits (N, V), tokens (N) int32. */
export function logProbabilities(logits: tf.Tensor2D, tokens: tf.Tensor1D): tf.Tensor1D {
  const top = tf.max(logits, -1, true);
  const total = tf.log(tf.sum(tf.exp(tf.sub(logits, top)), -1));
  return tf.sub(tf.sub(pick(logits, tokens), tf.reshape(top, [-1])), total);
}
