import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { generationSuite, raggedRequests } from '../../test/support/generation-suite.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import { openCompute } from '../compute/open.js';
import { TextGenerator } from './generate.js';
import { Parameters } from './parameters.js';

generationSuite(() => openCompute('auto'));

// Catches shape buckets that grow with the number of calls, which would trace for ever.
it('meets few shapes', async () => {
  const compute = await openCompute('auto');
  compute.forget();
  const parameters = randomParameters(TINY, 5);
  const generator = new TextGenerator(compute, TINY);
  for (let i = 1; i < 12; i++) {
    await generator.generate(parameters, raggedRequests(i, 3), {
      temperature: 1,
      topK: 0,
      topP: 1,
      maxNewTokens: 20 + i,
      stopTokens: [2],
    });
  }
  const buckets = Object.fromEntries(compute.statistics().map((step) => [step.name, step.buckets]));
  expect(buckets['decode']).toBeLessThanOrEqual(6);
  expect(buckets['prefill']).toBeLessThanOrEqual(4);
  parameters.dispose();
});

// Catches broken weights that answer in gibberish, whose votes would label questions.
it.each([0, 1])('refuses logits that are not numbers, at temperature %d', async (temperature) => {
  const compute = await openCompute('auto');
  const whole = randomParameters(TINY, 5);
  // The first tensor is the embedding, which is the output layer too.
  const broken = new Parameters(
    whole.specs,
    whole.tensors.map((tensor, i) => (i === 0 ? tf.fill(tensor.shape, NaN) : tensor.clone())),
  );
  const sampling = { temperature, topK: 0, topP: 1, maxNewTokens: 8, stopTokens: [2] };
  const made = new TextGenerator(compute, TINY).generate(broken, raggedRequests(2, 1), sampling);
  await expect(made).rejects.toMatchObject({
    code: 'numeric',
    message: expect.stringMatching(/^The log-probability of token 0 of request [01], sample 0, is NaN\.$/) as string,
  });
  broken.dispose();
  whole.dispose();
});
