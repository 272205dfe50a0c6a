/** Whether a network with adapters computes what its merged weights compute, cached or not, forward and backward. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientsOf, grpoTrainer, relativeError, rollouts } from '../../test/support/grpo-fixtures.js';
import { raggedRequests } from '../../test/support/generation-suite.js';
import { ADAPTERS, randomAdapter } from '../../test/support/lora-fixtures.js';
import { naiveLogits, randomParameters, TINY, VARIANTS } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import type { ModelConfig } from './config.js';
import { TextGenerator } from './generate.js';
import { fusedParts } from '../sizes/adapters.js';
import type { LoraShape } from './lora.js';
import { merged } from './lora-merge.js';
import { joined, type Parameters } from './parameters.js';
import { hiddenStates, logitsOf } from './transformer.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

const shapes = Object.entries(ADAPTERS);
const IDS = [1, 5, 9, 3, 14, 2, 7];

describe('a network with adapters', () => {
  const cases = Object.entries(VARIANTS).flatMap(([name, c]) =>
    shapes.map(([targets, lora]) => ({ name: `${name}: ${targets}`, config: { ...c, lora } })),
  );

  // Catches adapters at the wrong layer or matrix, a wrong part of a fused one, and a scale that is not alpha / r.
  it.each(cases)('has the logits of its merged weights: $name', ({ config }) => {
    const base = randomParameters(config, 1);
    const adapter = randomAdapter(config, 2);
    const whole = merged(config, base, adapter);
    const expected = naiveLogits(config, whole, IDS).flat();
    const network = joined(base, adapter).tensors;
    const logits = tf.tidy(() =>
      logitsOf(
        config,
        network,
        tf.reshape(hiddenStates(config, network, tf.tensor2d([IDS], undefined, 'int32')), [IDS.length, -1]),
      ),
    );
    expect(relativeError(Array.from(logits.dataSync()), expected)).toBeLessThan(1e-5);
    expect(relativeError(naiveLogits(config, base, IDS).flat(), expected)).toBeGreaterThan(1e-2);
    tf.dispose(logits);
    [base, adapter, whole].forEach((owner) => owner.dispose());
  });

  // Catches adapters that generation leaves out, in prefill or in decoding.
  it.each(shapes)('writes what its merged weights write: %s', async (_, lora) => {
    const config = { ...TINY, lora };
    const base = randomParameters(config, 3);
    const adapter = randomAdapter(config, 4);
    const whole = merged(config, base, adapter);
    const requests = raggedRequests(3, 2);
    const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 12, stopTokens: [] };
    const written = await new TextGenerator(compute, config).generate(joined(base, adapter), requests, sampling);
    const expected = await new TextGenerator(compute, TINY).generate(whole, requests, sampling);
    expect(written.flat().map(({ tokens }) => tokens)).toEqual(expected.flat().map(({ tokens }) => tokens));
    const scores = (all: typeof written): number[] => all.flat().flatMap(({ logprobs }) => Array.from(logprobs));
    expect(relativeError(scores(written), scores(expected))).toBeLessThan(1e-4);
    [base, adapter, whole].forEach((owner) => owner.dispose());
  });

  // Catches a wrong chain rule, gradients of the frozen weights among the trained ones, and a swapped A and B.
  it.each(shapes)('has gradients that follow from those of its merged weights: %s', async (_, lora) => {
    const config = { ...TINY, lora };
    const base = randomParameters(config, 5);
    const adapter = randomAdapter(config, 6);
    const whole = merged(config, base, adapter);
    const samples = rollouts(6);
    const own = { compute, config, frozen: base, parameters: adapter };
    const ofWhole = await gradientsOf(
      (recipe) => grpoTrainer({ compute, parameters: whole, optimiser: recipe }),
      samples,
    );
    const expected = chained(
      config,
      adapter,
      (name) => ofWhole[whole.specs.findIndex((spec) => spec.name === name)] as number[],
    );
    const gradients = await gradientsOf((recipe) => grpoTrainer({ ...own, optimiser: recipe }), samples);
    expect(gradients).toHaveLength(expected.length);
    gradients.forEach((gradient, i) => expect(relativeError(gradient, expected[i] as number[])).toBeLessThan(1e-4));
    [base, adapter, whole].forEach((owner) => owner.dispose());
  });
});

/** With dW of the merged matrix: dA = scale · dW · Bᵀ and dB = scale · Aᵀ · dW. */
function chained(c: ModelConfig, adapter: Parameters, slopeOf: (name: string) => number[]): number[][] {
  const { alpha, rank } = c.lora as LoraShape;
  const matrices = Object.entries(fusedParts(c));
  return adapter.specs.map(({ name }, at) => {
    const [layer, target, factor] = name.replace('layers.', '').split('.') as [string, string, string];
    const [matrix, parts] = matrices.find(([, all]) =>
      all.some((part) => part.target === target),
    ) as (typeof matrices)[number];
    const before = parts.findIndex((part) => part.target === target);
    const start = parts.slice(0, before).reduce((sum, { width }) => sum + width, 0);
    const width = parts.reduce((sum, part) => sum + part.width, 0);
    return tf.tidy(() => {
      const values = slopeOf(`layers.${layer}.${matrix}`);
      const all = tf.tensor2d(values, [values.length / width, width]);
      const slope = tf.slice(all, [0, start], [-1, parts[before]?.width as number]);
      const other = adapter.tensors[factor === 'loraA' ? at + 1 : at - 1] as tf.Tensor2D;
      const product = factor === 'loraA' ? tf.matMul(slope, other, false, true) : tf.matMul(other, slope, true, false);
      return Array.from(tf.mul(product, alpha / rank).dataSync());
    });
  });
}
