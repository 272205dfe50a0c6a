import { expect, it } from 'vitest';
import { generationSuite, raggedRequests } from '../../test/support/generation-suite.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import { openCompute } from '../compute/open.js';
import { TextGenerator } from './generate.js';

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
