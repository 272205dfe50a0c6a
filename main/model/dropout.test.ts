import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { grpoTrainer, hostValues, rollouts } from '../../test/support/grpo-fixtures.js';
import { blockSteps, randomAdapter } from '../../test/support/lora-fixtures.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { requireDropout } from '../lib/backend-needs.js';
import { openCompute } from '../compute/open.js';
import { RandomKey } from '../lib/random.js';
import { dropoutAt, dropoutSeed, dropped } from './dropout.js';
import { LORA_TARGETS } from './lora.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('tensorflow');
});

const seed = (value: number): tf.Tensor1D => dropoutSeed(RandomKey.of(value));

// Catches a rate that is the share kept, and a mean that falls with it.
it('leaves out its share and keeps the mean', () => {
  const x = tf.ones([400, 100]) as tf.Tensor2D;
  const values = Array.from(dropped(x, { rate: 0.25, seed: seed(1) }).dataSync());
  expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  expect(values.filter((v) => v === 0).length / values.length).toBeCloseTo(0.25, 1);
});

// Catches masks that are frozen into the graph, that differ from call to call, and that all layers or matrices share.
it('draws by seed and place alone, traced too', () => {
  const step = compute.compiled('test.dropout', ([x, s]) => {
    const all = { rate: 0.5, seed: s as tf.Tensor1D };
    const at = (layer: number, matrix: number) => dropoutAt(dropoutAt(all, { layer }), { matrix });
    return [at(0, 0), at(1, 0), at(0, 1)].map((place) => dropped(x as tf.Tensor2D, place));
  });
  const masks = (of: tf.Tensor1D): string[] => step([tf.ones([8, 8]), of]).map((mask) => mask.dataSync().join());
  const [first, second] = [masks(seed(1)), masks(seed(2))];
  expect(masks(seed(1))).toEqual(first);
  expect(new Set([...first, ...second]).size).toBe(6);
});

describe('a step with dropout', () => {
  const config = { ...TINY, lora: { rank: 3, alpha: 6, dropout: 0.3, targets: LORA_TARGETS } };
  const after = async (dropout: RandomKey | undefined, { rate = 0.3, blocks = false } = {}): Promise<number[][]> => {
    const [base, adapter] = [randomParameters(config, 1), randomAdapter(config, 2)];
    const shape = { ...config, lora: { ...config.lora, dropout: rate } };
    const own = { compute, config: shape, frozen: base, reference: base, parameters: adapter };
    const steps = blocks && { steps: blockSteps(compute, shape) };
    const trainer = grpoTrainer({ ...own, ...steps, ...(dropout && { dropout }) }, { minibatches: 2, kl: 0.1 });
    await trainer.step(rollouts(6));
    await trainer.step(rollouts(6));
    const values = await hostValues(adapter.tensors);
    trainer.dispose();
    [base, adapter].forEach((owner) => owner.dispose());
    return values;
  };

  // Catches a step that cannot be repeated, and dropout that reaches nothing.
  it.each([false, true])('repeats by its key, and differs by another and from none; in blocks: %s', async (blocks) => {
    const one = await after(RandomKey.of(1), { blocks });
    expect(await after(RandomKey.of(1), { blocks })).toEqual(one);
    expect(await after(RandomKey.of(2), { blocks })).not.toEqual(one);
    expect(await after(RandomKey.of(1), { rate: 0, blocks })).not.toEqual(one);
  });

  // Catches a run that would silently train with masks that no resumption can repeat.
  it('is refused without a key, and on other backends', async () => {
    await expect(after(undefined)).rejects.toThrow(/without a seed/);
    expect(() => requireDropout('webgpu')).toThrow(/needs TensorFlow; this computes on webgpu/);
  });
});
