/** How fast a backend is, in the three figures that decide: large products, small ops, and small ops once traced. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Compute } from './compute.js';

export interface Measurement {
  readonly description: string;
  readonly traces: boolean;
  /** float32 product of two square matrices, 10⁹ multiply-adds × 2 a second. */
  readonly matmulGflops: number;
  /** Time of one addition of small vectors, in a chain. */
  readonly eagerMicroseconds: number;
  /** The same inside a compiled step; equal to eager where nothing is traced. */
  readonly compiledMicroseconds: number;
  /** One call of a compiled step that does nearly nothing. */
  readonly callMicroseconds: number;
}

const CHAIN = 200;
/** Small, and yet more than tfjs's WebGPU backend would rather add on the host. */
const SMALL = 2048;

export async function measure(compute: Compute, budgetMs = 500): Promise<Measurement> {
  return {
    description: compute.description,
    traces: compute.traces,
    matmulGflops: await matmulGflops(budgetMs),
    ...(await smallOps(compute, budgetMs)),
  };
}

/** Grows until one product takes a fair share of the budget, so that software WebGPU is measured as well as a card. */
async function matmulGflops(budgetMs: number): Promise<number> {
  for (let size = 128; ; size *= 2) {
    const [a, b] = [tf.randomNormal([size, size]), tf.randomNormal([size, size])] as const;
    const multiply = (): Tensor => tf.tidy(() => tf.sum(tf.matMul(a, b)));
    const seconds = (await best(multiply, 3, budgetMs)) / 1000;
    tf.dispose([a, b]);
    if (seconds * 1000 > budgetMs / 20 || size >= 4096) return (2 * size ** 3) / seconds / 1e9;
  }
}

async function smallOps(
  compute: Compute,
  budgetMs: number,
): Promise<Pick<Measurement, 'eagerMicroseconds' | 'compiledMicroseconds' | 'callMicroseconds'>> {
  const x = tf.randomNormal([SMALL]);
  const chain = (start: Tensor): Tensor => {
    let y = start;
    for (let i = 0; i < CHAIN; i++) y = tf.add(y, x);
    return y;
  };
  const long = compute.compiled('doctor chain', ([start]) => [chain(start as Tensor)]);
  const short = compute.compiled('doctor call', ([start]) => [tf.neg(start as Tensor)]);
  const first = (outputs: Tensor[]): Tensor => outputs[0] as Tensor;
  const eager = await best(() => tf.tidy(() => chain(x)), 20, budgetMs);
  const compiled = await best(() => first(long([x])), 20, budgetMs);
  const call = await best(() => first(short([x])), 200, budgetMs);
  compute.forget('doctor');
  x.dispose();
  return {
    eagerMicroseconds: (eager * 1000) / CHAIN,
    compiledMicroseconds: (compiled * 1000) / CHAIN,
    callMicroseconds: call * 1000,
  };
}

/** Least time in ms, reading the result back included: other programs can only add to it. */
async function best(run: () => Tensor, repeats: number, budgetMs: number): Promise<number> {
  const until = performance.now() + budgetMs;
  let least = Infinity;
  // One run to warm up, which counts only when it used up the budget by itself.
  for (let i = 0; i <= repeats && (i < 2 || performance.now() < until); i++) {
    const start = performance.now();
    const result = run();
    await result.data();
    const elapsed = performance.now() - start;
    result.dispose();
    if (i > 0 || elapsed > budgetMs) least = Math.min(least, elapsed);
    if (elapsed > budgetMs) break;
  }
  return least;
}
