import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { grpoSchema, optimiserSchema, type GrpoRecipe } from '../../preload/contract/recipe.js';
import { eagerCompute } from '../../test/support/eager-compute.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { RandomKey } from '../lib/random.js';
import type { ModelConfig } from '../model/config.js';
import { readHfConfig } from '../model/hf-config.js';
import type { Parameters } from '../model/parameters.js';
import { readParameters, writeParameters } from '../model/weights.js';
import { headLoss } from './logprobs.js';
import { crossEntropy } from './sft.js';
import { GrpoTrainer, type AdvantageSample, type GrpoTrainerOptions } from './grpo.js';

const folder = fileURLToPath(new URL('../../test/golden/training/', import.meta.url));

interface Golden {
  clip: number;
  kl: number;
  config: Record<string, unknown>;
  samples: { prompt: number[]; completion: number[]; advantage: number; oldLogProbs: number[] }[];
  onPolicy: GoldenMetrics;
  offPolicy: GoldenMetrics;
}
interface GoldenMetrics {
  loss: number;
  kl: number;
  entropy: number;
  clipped: number;
  gradientNorm: number;
  tokens: number;
}

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

const optimiser = optimiserSchema.parse({ learning_rate: 1e-3, betas: [0.9, 0.95], weight_decay: 0 });

function trainer(
  options: Partial<GrpoTrainerOptions> & { parameters: Parameters; config?: ModelConfig },
  grpo: Partial<GrpoRecipe> = {},
): GrpoTrainer {
  return new GrpoTrainer({
    compute,
    config: TINY,
    reference: null,
    optimiser,
    totalSteps: 10,
    ...options,
    grpo: grpoSchema.parse(grpo),
  });
}

/** Rollouts over the 17 tokens of TINY. */
function rollouts(count: number, seed = 1): AdvantageSample[] {
  return Array.from({ length: count }, (_, i) => {
    const random = RandomKey.of(seed, 'rollout', i).stream();
    const tokens = (n: number): number[] => Array.from({ length: n }, () => 1 + random.int(16));
    return { prompt: tokens(1 + random.int(8)), completion: tokens(1 + random.int(20)), advantage: random.normal() };
  });
}

const hostValues = async (tensors: readonly tf.Tensor[]): Promise<number[][]> =>
  Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));

/**
 * The gradients of one step, read off the first moments after it: with β1 = 0 they are the gradients themselves.
 * Clipping is put out of reach.
 */
async function gradientsOf(
  make: (recipe: typeof optimiser) => GrpoTrainer,
  batch: readonly AdvantageSample[],
): Promise<number[][]> {
  const one = make({ ...optimiser, betas: [0, 0.999], clip_norm: 1e9 });
  await one.step(batch);
  const gradients = await hostValues(one.optimiserState().first.tensors);
  one.dispose();
  return gradients;
}

/** ‖a − b‖ / ‖b‖. */
function relativeError(a: readonly number[], b: readonly number[]): number {
  const difference = Math.hypot(...a.map((value, i) => value - (b[i] as number)));
  return difference / Math.hypot(...b);
}

describe('against PyTorch', () => {
  const golden = JSON.parse(readFileSync(join(folder, 'grpo.json'), 'utf8')) as Golden;
  const config = readHfConfig('golden', { model_type: 'qwen3', ...golden.config } as never);
  const cases = [
    { name: 'on policy', file: 'gradients-on-policy', metrics: golden.onPolicy, old: false },
    { name: 'off policy, clipped from both sides', file: 'gradients-off-policy', metrics: golden.offPolicy, old: true },
  ];

  // Catches a wrong sign, normaliser, mask, clip side, KL direction or gradient anywhere in the model.
  it.each(cases)('loss, KL, entropy, clipping and every gradient agree: $name', async ({ file, metrics, old }) => {
    const samples: AdvantageSample[] = golden.samples.map(({ oldLogProbs, ...sample }) => ({
      ...sample,
      ...(old ? { oldLogProbs: Float32Array.from(oldLogProbs) } : {}),
    }));
    const weights = (): Promise<Parameters> => readParameters(join(folder, 'weights.safetensors'), config);
    const reference = await readParameters(join(folder, 'reference.safetensors'), config);
    const expected = await readParameters(join(folder, `${file}.safetensors`), config);
    const grpo = { clip: golden.clip, kl: golden.kl };

    const parameters = await weights();
    const plain = trainer({ parameters, reference, config }, grpo);
    const found = await plain.step(samples);
    expect(found.loss).toBeCloseTo(metrics.loss, 5);
    expect(Math.abs(found.loss / metrics.loss - 1)).toBeLessThan(1e-4);
    expect(Math.abs(found.kl / metrics.kl - 1)).toBeLessThan(1e-4);
    expect(Math.abs(found.entropy / metrics.entropy - 1)).toBeLessThan(1e-4);
    expect(found.clippedFraction).toBeCloseTo(metrics.clipped, 6);
    expect(Math.abs(found.gradientNorm / metrics.gradientNorm - 1)).toBeLessThan(1e-4);
    expect(found.tokens).toBe(metrics.tokens);
    expect(found.trainedSamples).toBe(golden.samples.filter((sample) => sample.advantage !== 0).length);

    const fresh = await weights();
    const gradients = await gradientsOf(
      (recipe) => trainer({ parameters: fresh, reference, config, optimiser: recipe }, grpo),
      samples,
    );
    (await hostValues(expected.tensors)).forEach((gradient, i) => {
      expect(relativeError(gradients[i] as number[], gradient), expected.specs[i]?.name).toBeLessThan(1e-4);
    });
    for (const one of [parameters, fresh, reference, expected]) one.dispose();
    plain.dispose();
  });
});

describe('micro-batches', () => {
  const batch = rollouts(24);
  const reference = (): Parameters => randomParameters(TINY, 8);
  const gradients = async (
    grpo: Partial<GrpoRecipe>,
    samples = batch,
    other: Compute = compute,
  ): Promise<number[][]> => {
    const parameters = randomParameters(TINY, 7);
    const frozen = reference();
    const found = await gradientsOf(
      (recipe) => trainer({ parameters, reference: frozen, optimiser: recipe, compute: other }, grpo),
      samples,
    );
    parameters.dispose();
    frozen.dispose();
    return found;
  };
  const close = (a: number[][], b: number[][], limit: number): void =>
    a.forEach((one, i) => expect(relativeError(one, b[i] as number[])).toBeLessThan(limit));

  // Catches gradients averaged per micro-batch instead of over all tokens, and padding that contributes:
  // other sizes pad the same samples differently.
  it('of any size give the gradients of one big batch', async () => {
    const whole = await gradients({ micro_batch_tokens: 1 << 20 });
    for (const tokens of [48, 300]) close(await gradients({ micro_batch_tokens: tokens }), whole, 1e-5);
  });

  it('give the same gradients in any order of samples', async () => {
    const forward = await gradients({ micro_batch_tokens: 128 });
    close(await gradients({ micro_batch_tokens: 128 }, [...batch].reverse()), forward, 1e-6);
  });

  // Catches samples without advantage that still pull on the KL or count as tokens.
  it('leave out samples without advantage', async () => {
    const idle = rollouts(6, 5).map((sample) => ({ ...sample, advantage: 0 }));
    close(await gradients({}, [...idle, ...batch]), await gradients({}), 1e-6);
  });

  it('give the same gradients traced and eagerly', async () => {
    close(
      await gradients({ micro_batch_tokens: 200 }),
      await gradients({ micro_batch_tokens: 200 }, batch, eagerCompute()),
      1e-5,
    );
  });
});

describe('the head in chunks', () => {
  // Catches a traced graph that merges, reorders or drops chunks.
  it('gives traced the loss and gradients of the head in one piece', async () => {
    const rows = 90;
    const hidden = tf.randomNormal([rows, 8], 0, 1, 'float32', 1);
    const head = tf.randomNormal([50, 8], 0, 1, 'float32', 2);
    const targets = tf.tensor1d(
      Array.from({ length: rows }, (_, i) => (i * 7) % 50),
      'int32',
    );
    const weights = tf.fill([rows], 1 / rows);
    const results = [1 << 20, 32 * 50].map((chunkElements) => {
      const step = compute.compiled('test.head', ([h, e, t, w]) => {
        const { value, grads } = tf.valueAndGrads((x: tf.Tensor, table: tf.Tensor) =>
          headLoss(x as tf.Tensor2D, table as tf.Tensor2D, {
            targets: t as tf.Tensor1D,
            extras: [w as tf.Tensor],
            rowLoss: crossEntropy,
            chunkElements,
          }),
        )([h as tf.Tensor, e as tf.Tensor]);
        return [value, ...grads];
      });
      return step([hidden, head, targets, weights]);
    });
    const [whole, chunked] = await Promise.all(results.map(hostValues));
    chunked?.forEach((values, i) => expect(relativeError(values, whole?.[i] as number[])).toBeLessThan(1e-5));
    tf.dispose([hidden, head, targets, weights, ...results.flat()]);
  });
});

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
      await writeParameters(join(directory, name), TINY, one);
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
