import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { naiveLogits, randomParameters, TINY } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { RandomKey } from '../lib/random.js';
import type { TokenSample } from './batches.js';
import { MuonAdamW } from './muon-adamw.js';
import { SftTrainer, type SftTrainerOptions } from './sft.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

/** Completions that count upwards from the prompt's token: learnable by two layers. */
function counting(count: number, seed: number): TokenSample[] {
  const random = RandomKey.of(seed, 'counting').stream();
  return Array.from({ length: count }, () => {
    const start = 3 + random.int(8);
    const length = 1 + random.int(5);
    return { prompt: [1, start], completion: [...Array.from({ length }, (_, i) => start + i + 1), 2] };
  });
}

const countOf = (samples: readonly TokenSample[]): number =>
  samples.reduce((sum, { completion }) => sum + completion.length, 0);

function setUp(): SftTrainerOptions & { optimiser: MuonAdamW } {
  const parameters = randomParameters(TINY, 3);
  const optimiser = new MuonAdamW({
    compute,
    parameters,
    muon: { learningRate: 0.02, momentum: 0.95 },
    adamw: { learningRate: 2e-3, betas: [0.9, 0.98], epsilon: 1e-8, weightDecay: 0.05 },
  });
  return { compute, config: TINY, parameters, optimiser, clipNorm: 1, microBatchTokens: 128 };
}

/** Loss of a step and all weights after it, from the same start. */
async function trained(
  samples: readonly TokenSample[],
  changes: Partial<SftTrainerOptions>,
): Promise<{ loss: number; weights: number[] }> {
  const options = setUp();
  const { loss } = await new SftTrainer({ ...options, ...changes }).step(samples, 1);
  const weights = options.parameters.tensors.flatMap((tensor) => Array.from(tensor.dataSync()));
  options.optimiser.dispose();
  options.parameters.dispose();
  return { loss, weights };
}

/** The mean over completion tokens, from the slow transformer, one sequence at a time. */
function naiveLoss(parameters: SftTrainerOptions['parameters'], samples: readonly TokenSample[]): number {
  let [total, tokens] = [0, 0];
  for (const { prompt, completion } of samples) {
    const logits = naiveLogits(TINY, parameters, [...prompt, ...completion.slice(0, -1)]);
    completion.forEach((target, j) => {
      const row = logits[prompt.length - 1 + j] as number[];
      const top = Math.max(...row);
      total += top + Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0)) - (row[target] as number);
      tokens++;
    });
  }
  return total / tokens;
}

describe('packed lines', () => {
  // Catches a token that sees another sequence of its line, or a position that matters.
  it.each([16, 32, 64])('of %i tokens give the loss of sequences that stand alone', async (packInto) => {
    const options = setUp();
    const samples = counting(23, 4);
    const trainer = new SftTrainer({ ...options, packInto, microBatchTokens: 96 });
    const expected = naiveLoss(options.parameters, samples);
    expect((await trainer.evaluate(samples)).loss).toBeCloseTo(expected, 5);
    expect((await trainer.evaluate(samples)).tokens).toBe(countOf(samples));
    expect((await trainer.step(samples, 1)).loss).toBeCloseTo(expected, 5);
    options.optimiser.dispose();
    options.parameters.dispose();
  });

  // Catches gradients that leak between neighbours though the loss does not, and rows weighted by their micro-batch.
  it('and micro-batches of any size lead to the weights of one large batch', async () => {
    const samples = counting(23, 5);
    const whole = await trained(samples, { microBatchTokens: 100_000 });
    for (const changes of [{ microBatchTokens: 32 }, { packInto: 32, microBatchTokens: 32 }, { packInto: 64 }]) {
      const { loss, weights } = await trained(samples, changes);
      expect(loss).toBeCloseTo(whole.loss, 5);
      // Muon and AdamW divide by what is summed, so the last bits are magnified.
      const furthest = Math.max(...weights.map((weight, i) => Math.abs(weight - (whole.weights[i] as number))));
      expect(furthest).toBeLessThan(2e-4);
    }
  });
});

describe('SftTrainer', () => {
  // Catches a loss that counts prompt or padding tokens, or averages per sample.
  it('reports the mean cross-entropy of completion tokens alone', async () => {
    const options = setUp();
    const samples = counting(7, 1);
    const expected = naiveLoss(options.parameters, samples);
    const metrics = await new SftTrainer(options).step(samples, 1);
    expect(metrics.loss).toBeCloseTo(expected, 4);
    expect(metrics.tokens).toBe(countOf(samples));
    options.optimiser.dispose();
    options.parameters.dispose();
  });

  // Catches an optimiser that mixes up which parameter gets which update, and tensors left behind.
  it('learns to count, and leaks nothing', async () => {
    const options = setUp();
    const trainer = new SftTrainer(options);
    const first = await trainer.step(counting(16, 0), 1);
    const before = tf.memory().numTensors;
    let last = first;
    for (let step = 1; step < 80; step++) last = await trainer.step(counting(16, step), 1);
    expect(tf.memory().numTensors).toBe(before);
    expect(first.loss).toBeGreaterThan(2);
    // What cannot be known is where counting stops: about 0.5 nats a token.
    expect(last.loss).toBeLessThan(0.8);
    options.optimiser.dispose();
    options.parameters.dispose();
  });
});
