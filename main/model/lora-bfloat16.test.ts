/** Whether a frozen base of bfloat16 computes, to the last bit, what its rounded weights compute in float32. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { raggedRequests } from '../../test/support/generation-suite.js';
import { gradientsOf, grpoTrainer, rollouts } from '../../test/support/grpo-fixtures.js';
import { ADAPTERS, blockSteps, randomAdapter } from '../../test/support/lora-fixtures.js';
import { randomParameters, VARIANTS } from '../../test/support/naive-transformer.js';
import { toBfloat16, widen } from '../compute/bfloat16.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import type { ModelConfig } from './config.js';
import { TextGenerator } from './generate.js';
import { joined, Parameters } from './parameters.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('tensorflow');
});

/** The same weights as bfloat16, and as float32 that were rounded. */
function bases(c: ModelConfig): { narrow: Parameters; rounded: Parameters } {
  const whole = randomParameters(c, 1);
  const narrow = whole.tensors.map((tensor) => (tensor.rank > 1 ? toBfloat16(tensor) : tensor.clone()));
  const rounded = narrow.map((tensor) => (tensor.rank > 1 ? widen(tensor) : tensor.clone()));
  whole.dispose();
  return { narrow: new Parameters(whole.specs, narrow), rounded: new Parameters(whole.specs, rounded) };
}

const cases = Object.entries(VARIANTS);

// Catches a matrix that is widened wrongly or not at all, forward, backward, in prefill, decoding, head or embedding.
it.each(cases)('%s: the same tokens, log-probabilities and gradients', async (_, shape) => {
  const config = { ...shape, lora: ADAPTERS['all matrices'] as NonNullable<ModelConfig['lora']> };
  const { narrow, rounded } = bases(config);
  const adapter = randomAdapter(config, 2);
  const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 10, stopTokens: [2] };
  const write = (base: Parameters): ReturnType<TextGenerator['generate']> =>
    new TextGenerator(compute, config).generate(joined(base, adapter), raggedRequests(3, 2), sampling);
  expect(await write(narrow)).toEqual(await write(rounded));
  const samples = rollouts(6);
  const gradients = (base: Parameters, blocks: boolean): Promise<number[][]> =>
    gradientsOf(
      (optimiser) =>
        grpoTrainer(
          {
            ...{ compute, config, frozen: base, reference: base, parameters: adapter, optimiser },
            ...(blocks && { steps: blockSteps(compute, config) }),
          },
          { kl: 0.1 },
        ),
      samples,
    );
  for (const blocks of [false, true]) {
    const expected = await gradients(rounded, blocks);
    // The step has moved the adapter: both begin from the same.
    adapter.replace(randomAdapter(config, 2).tensors);
    expect(await gradients(narrow, blocks)).toEqual(expected);
    adapter.replace(randomAdapter(config, 2).tensors);
  }
  tf.dispose([narrow.tensors as tf.Tensor[], rounded.tensors as tf.Tensor[]]);
  adapter.dispose();
});
