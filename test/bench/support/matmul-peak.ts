/**
 * How fast a backend multiplies the very matrices of a model: each product of a training step (forward, gradient of the input,
 * gradient of the weight) at a micro-batch's rows, weighted as in the model. What a perfect trainer could reach at most.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../../../main/model/config.js';

export interface Product {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** How many of it the model has. */
  readonly count: number;
}

/** The matrix products of a token's way through the model. */
export function productsOf(c: ModelConfig): Product[] {
  const { hiddenSize: d, intermediateSize: f, layers } = c;
  const q = c.heads * c.headDim;
  const kv = c.kvHeads * c.headDim;
  return [
    { name: 'qkv', from: d, to: q + 2 * kv, count: layers },
    { name: 'o', from: q, to: d, count: layers },
    { name: 'gateUp', from: d, to: 2 * f, count: layers },
    { name: 'down', from: f, to: d, count: layers },
    { name: 'head', from: d, to: c.vocabSize, count: 1 },
  ];
}

export interface Peak {
  /** Floating-point operations a second over all products, each as often as the model has it. */
  readonly flops: number;
  readonly products: readonly { readonly name: string; readonly gflops: number }[];
}

/** @param rows tokens of a micro-batch; the head may work through fewer at a time */
export async function matmulPeak(
  products: readonly Product[],
  { rows, headRows, repeats }: { rows: number; headRows: number; repeats: number },
): Promise<Peak> {
  let seconds = 0;
  let operations = 0;
  const each: { name: string; gflops: number }[] = [];
  for (const { name, from, to, count } of products) {
    const n = name === 'head' ? headRows : rows;
    const x = tf.randomNormal([n, from]) as tf.Tensor2D;
    const w = tf.randomNormal([from, to]) as tf.Tensor2D;
    const y = tf.randomNormal([n, to]) as tf.Tensor2D;
    const passes = [() => tf.matMul(x, w), () => tf.matMul(y, w, false, true), () => tf.matMul(x, y, true, false)];
    let best = 0;
    for (const pass of passes) best += await fastest(pass, repeats);
    tf.dispose([x, w, y]);
    const done = 3 * 2 * n * from * to;
    each.push({ name, gflops: Math.round(done / best / 1e9) });
    // As many tokens through the head as through the layers.
    const share = (count * rows) / n;
    seconds += share * best;
    operations += share * done;
  }
  return { flops: operations / seconds, products: each };
}

async function fastest(product: () => tf.Tensor, repeats: number): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const made = product();
    // One number read back waits for the product without moving it.
    const one = tf.slice(made, [0, 0], [1, 1]);
    await one.data();
    best = Math.min(best, (performance.now() - start) / 1000);
    tf.dispose([made, one]);
  }
  return best;
}

/** Useful operations of a training step: 6 a weight and token, and causal attention; recomputation is not counted. */
export function trainingOperations(c: ModelConfig, lengths: readonly number[]): number {
  const weights = productsOf(c).reduce((sum, { from, to, count }) => sum + from * to * count, 0);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  // Scores and their weighted sum, 2 operations each, over the positions a token may see; forward once, backward twice.
  const seen = lengths.reduce((sum, length) => sum + (length * (length + 1)) / 2, 0);
  return 6 * weights * tokens + 3 * 4 * c.layers * c.heads * c.headDim * seen;
}
