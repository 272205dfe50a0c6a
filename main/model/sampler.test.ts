import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCompute } from '../compute/open.js';
import type { Compute } from '../compute/compute.js';
import { RandomKey } from '../lib/random.js';
import { drawTokens, logProbabilities, type SamplingOptions } from './sampler.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

const DRAWS = 20_000;

function randomLogits(vocabulary: number, seed: number): number[] {
  const stream = RandomKey.of(seed, 'logits').stream();
  return Array.from({ length: vocabulary }, () => 2 * stream.normal());
}

/** What must come out, in doubles: temperature, then top-k, then top-p among what is left. */
function expectedDistribution(logits: readonly number[], { temperature, topK, topP }: SamplingOptions): number[] {
  const order = logits.map((_, i) => i).sort((a, b) => (logits[b] as number) - (logits[a] as number));
  const top = Math.max(...logits);
  const weight = (i: number): number => Math.exp(((logits[i] as number) - top) / temperature);
  const candidates = topK > 0 ? order.slice(0, topK) : order;
  const total = candidates.reduce((sum, i) => sum + weight(i), 0);
  const result = logits.map(() => 0);
  let before = 0;
  for (const i of candidates) {
    if (before < topP) result[i] = weight(i);
    before += weight(i) / total;
  }
  const kept = result.reduce((a, b) => a + b, 0);
  return result.map((x) => x / kept);
}

function draw(logits: readonly number[], uniforms: readonly number[], sampling: SamplingOptions): number[] {
  const step = compute.compiled('test.draw', ([row, u]) => {
    const rows = tf.tile(tf.reshape(row as tf.Tensor, [1, logits.length]), [uniforms.length, 1]) as tf.Tensor2D;
    return [drawTokens(rows, tf.reshape(u as tf.Tensor, [uniforms.length, 1]), sampling)];
  });
  const inputs = [tf.tensor1d([...logits]), tf.tensor1d([...uniforms])];
  const [tokens] = step(inputs) as [tf.Tensor];
  const values = Array.from(tokens.dataSync());
  tf.dispose([...inputs, tokens]);
  return values;
}

/** Pearson's statistic, cells of fewer than 5 expected draws taken together; and its degrees of freedom. */
function chiSquared(
  tokens: readonly number[],
  distribution: readonly number[],
): { statistic: number; freedom: number } {
  const counts = distribution.map(() => 0);
  for (const token of tokens) counts[token] = (counts[token] ?? 0) + 1;
  let statistic = 0;
  let cells = 0;
  const rest = { expected: 0, seen: 0 };
  distribution.forEach((p, i) => {
    const expected = p * tokens.length;
    if (expected < 5) {
      rest.expected += expected;
      rest.seen += counts[i] as number;
      return;
    }
    statistic += ((counts[i] as number) - expected) ** 2 / expected;
    cells++;
  });
  if (rest.expected >= 1) {
    statistic += (rest.seen - rest.expected) ** 2 / rest.expected;
    cells++;
  }
  return { statistic, freedom: cells - 1 };
}

/** Upper 0.1 % point of the distribution (Wilson and Hilferty's approximation). */
function criticalValue(freedom: number): number {
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + 3.0902 * Math.sqrt(spread)) ** 3;
}

const CASES: readonly [string, number, SamplingOptions][] = [
  ['all tokens', 23, { temperature: 1, topK: 0, topP: 1 }],
  ['hot', 23, { temperature: 1.7, topK: 0, topP: 1 }],
  ['cold', 23, { temperature: 0.6, topK: 0, topP: 1 }],
  ['top-k', 23, { temperature: 1, topK: 5, topP: 1 }],
  ['top-p', 23, { temperature: 1, topK: 0, topP: 0.8 }],
  ['top-k and top-p, warm', 40, { temperature: 1.3, topK: 12, topP: 0.7 }],
  ['a vocabulary of two levels', 5000, { temperature: 0.5, topK: 0, topP: 1 }],
];

describe('drawTokens', () => {
  // Catches a biased draw, a filter applied in the wrong order or off by one, and tokens that were cut off.
  it.each(CASES)('draws at the right frequencies: %s', (_name, vocabulary, sampling) => {
    const logits = randomLogits(vocabulary, vocabulary);
    const stream = RandomKey.of(7, 'uniforms').stream();
    const tokens: number[] = [];
    while (tokens.length < DRAWS) {
      tokens.push(
        ...draw(
          logits,
          Array.from({ length: 1000 }, () => stream.uniform()),
          sampling,
        ),
      );
    }
    const distribution = expectedDistribution(logits, sampling);
    for (const token of tokens) expect(distribution[token]).toBeGreaterThan(0);
    const { statistic, freedom } = chiSquared(tokens, distribution);
    expect(freedom).toBeGreaterThan(2);
    expect(statistic).toBeLessThan(criticalValue(freedom));
  });

  // Catches an index past the vocabulary, or a token without probability, at both ends of the uniform's range.
  it.each([23, 5000])('never leaves the distribution: V = %i', (vocabulary) => {
    const logits = Array.from({ length: vocabulary }, (_, i) =>
      i % 3 === 1 && i < vocabulary - 5 ? i / vocabulary : -200,
    );
    const edges = [0, 2 ** -24, 0.25, 0.5, 1 - 2 ** -23, 1 - 2 ** -24];
    const tokens = draw(logits, edges, { temperature: 1, topK: 0, topP: 1 });
    for (const token of tokens) expect(logits[token]).toBeGreaterThan(-200);
    expect(tokens[0]).toBe(1);
  });

  // Catches a greedy mode that samples.
  it('takes the likeliest at temperature 0', () => {
    const logits = randomLogits(23, 1);
    const best = logits.indexOf(Math.max(...logits));
    expect(draw(logits, [0, 0.5, 0.99], { temperature: 0, topK: 3, topP: 0.5 })).toEqual([best, best, best]);
  });
});

// Catches overflow in the softmax and rows that pick another row's token.
it('logProbabilities agree with doubles, however large the logits', () => {
  const rows = [randomLogits(9, 1), randomLogits(9, 2).map((x) => x + 500), randomLogits(9, 3).map((x) => 30 * x)];
  const tokens = [3, 0, 8];
  const found = tf.tidy(() => logProbabilities(tf.tensor2d(rows), tf.tensor1d(tokens, 'int32')).arraySync());
  rows.forEach((row, i) => {
    const top = Math.max(...row);
    const expected =
      (row[tokens[i] as number] as number) - top - Math.log(row.reduce((s, x) => s + Math.exp(x - top), 0));
    expect(Math.abs((found[i] as number) - expected)).toBeLessThan(1e-4);
  });
});
