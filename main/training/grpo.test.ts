import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GrpoRecipe } from '../../preload/contract/recipe.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import type { Parameters } from '../model/parameters.js';
import { readParameters, writeParameters } from '../model/weights.js';
import type { GrpoTrainer } from './grpo.js';
import { type GrpoTrainerOptions } from './grpo.js';

import { grpoTrainer, hostValues, optimiser, rollouts } from '../../test/support/grpo-fixtures.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

/** On the backend in use, unless the options name another. */
const trainer = (
  options: Partial<GrpoTrainerOptions> & { parameters: Parameters },
  grpo: Partial<GrpoRecipe> = {},
): GrpoTrainer => grpoTrainer({ compute, ...options }, grpo);

describe('a step', () => {
  it('without any advantage changes nothing but the schedule, and says so', async () => {
    const parameters = randomParameters(TINY, 7);
    const before = await hostValues(parameters.tensors);
    const one = trainer({ parameters, optimiser: { ...optimiser, warmup_steps: 4 } });
    const metrics = await one.step(rollouts(4).map((sample) => ({ ...sample, advantage: 0 })));
    expect(metrics).toMatchObject({ trainedSamples: 0, tokens: 0, loss: 0, gradientNorm: 0, learningRate: 0.25e-3 });
    expect(await hostValues(parameters.tensors)).toEqual(before);
    expect(one.optimiserState()).toMatchObject({ step: 1, updates: 0 });
    one.dispose();
    parameters.dispose();
  });

  // Catches a NaN that silently reaches every weight.
  it('names the sample or the parameter that is not a number, and changes nothing', async () => {
    const parameters = randomParameters(TINY, 7);
    const before = await hostValues(parameters.tensors);
    const one = trainer({ parameters }, { micro_batch_tokens: 64 });
    const batch = rollouts(8);
    await expect(one.step(batch.map((s, i) => (i === 5 ? { ...s, advantage: NaN } : s)))).rejects.toThrow(
      /advantage of sample 5 is NaN/,
    );
    const old = batch.map((s, i) => ({
      ...s,
      advantage: -1,
      oldLogProbs: new Float32Array(s.completion.length).fill(i === 3 ? -Infinity : -2),
    }));
    await expect(one.step(old)).rejects.toThrow(/log-probabilities of sample 3 are not finite/);
    expect(await hostValues(parameters.tensors)).toEqual(before);

    const broken = randomParameters(TINY, 7);
    const table = await (broken.tensors[0] as tf.Tensor).data();
    table.fill(NaN, 16 * TINY.hiddenSize); // the last token's embedding
    broken.replace([
      tf.tensor(table, [...(broken.specs[0]?.shape ?? [])]),
      ...broken.tensors.slice(1).map((t) => tf.add(t, 0)),
    ]);
    await expect(trainer({ parameters: broken }).step(batch)).rejects.toThrow(
      /log-probabilities of sample \d are not finite/,
    );
    one.dispose();
    parameters.dispose();
    broken.dispose();
  });

  it('aborted between micro-batches leaves weights and optimiser as they were', async () => {
    const parameters = randomParameters(TINY, 7);
    const one = trainer({ parameters }, { micro_batch_tokens: 32, minibatches: 2 });
    await one.step(rollouts(8));
    const before = await hostValues([...parameters.tensors, ...one.optimiserState().second.tensors]);
    const controller = new AbortController();
    const running = one.step(rollouts(30, 3), controller.signal);
    setTimeout(() => controller.abort(), 5);
    await expect(running).rejects.toThrow(/abort/i);
    expect(await hostValues([...parameters.tensors, ...one.optimiserState().second.tensors])).toEqual(before);
    expect(one.optimiserState().step).toBe(1);
    one.dispose();
    parameters.dispose();
  });

  // Catches a ratio that is stuck at 1, or old log-probabilities taken after the first update.
  it('with several minibatches meets ratios other than 1 from the second on', async () => {
    const parameters = randomParameters(TINY, 7);
    const one = trainer({ parameters, optimiser: { ...optimiser, learning_rate: 0.2 } }, { minibatches: 4 });
    const metrics = await one.step(rollouts(32));
    expect(metrics.clippedFraction).toBeGreaterThan(0.02);
    expect(one.optimiserState()).toMatchObject({ step: 1, updates: 4 });
    one.dispose();
    parameters.dispose();
  });

  it('leaks no tensor over 100 steps', async () => {
    const parameters = randomParameters(TINY, 7);
    const reference = randomParameters(TINY, 8);
    const one = trainer({ parameters, reference }, { micro_batch_tokens: 150, minibatches: 2 });
    await one.step(rollouts(6));
    const before = tf.memory().numTensors;
    for (let step = 0; step < 100; step++) await one.step(rollouts(6));
    expect(tf.memory().numTensors).toBe(before);
    one.dispose();
    parameters.dispose();
    reference.dispose();
  });
});

describe('resume', () => {
  // Catches state that is not saved (moments, bias correction, schedule) or not saved exactly.
  it('from a saved state is bit-identical to going on', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rzero-training-'));
    const recipe = { ...optimiser, warmup_steps: 3, decay: 'linear' as const, weight_decay: 0.1 };
    const reference = randomParameters(TINY, 8);
    const make = (parameters: Parameters): GrpoTrainer =>
      trainer({ parameters, reference, optimiser: recipe, totalSteps: 8 }, { micro_batch_tokens: 100 });
    const parameters = randomParameters(TINY, 7);
    const whole = make(parameters);
    for (let step = 0; step < 4; step++) await whole.step(rollouts(12, step));

    const { step, updates, first, second } = whole.optimiserState();
    for (const [name, one] of Object.entries({ parameters, first, second }))
      await writeParameters(join(directory, name), TINY, { parameters: one });
    writeFileSync(join(directory, 'counts.json'), JSON.stringify({ step, updates }));
    for (let s = 4; s < 8; s++) await whole.step(rollouts(12, s));

    compute.forget(); // a new process traces everything again
    const read = (name: string): Promise<Parameters> => readParameters(join(directory, name), TINY);
    const restored = await read('parameters');
    const resumed = make(restored);
    const counts = JSON.parse(readFileSync(join(directory, 'counts.json'), 'utf8')) as {
      step: number;
      updates: number;
    };
    resumed.restore({ ...counts, first: await read('first'), second: await read('second') });
    for (let s = 4; s < 8; s++) await resumed.step(rollouts(12, s));

    expect(await hostValues(restored.tensors)).toEqual(await hostValues(parameters.tensors));
    whole.dispose();
    resumed.dispose();
    for (const one of [parameters, restored, reference]) one.dispose();
    rmSync(directory, { recursive: true });
  });
});
