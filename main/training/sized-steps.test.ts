/** Whether a step that does not fit is made in smaller pieces, and says so where the smallest do not. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { grpoTrainer, hostValues, optimiser, rollouts } from '../../test/support/grpo-fixtures.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import type { CompiledStep, Compute, Step } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import type { ModelConfig } from '../model/config.js';
import { grpoSchema } from '../../preload/contract/recipe-parts.js';
import { GrpoTrainer } from './grpo.js';
import { AdamW } from './adamw-optimiser.js';
import { SftTrainer } from './sft.js';
import { chosenSize, microBatchBytes, smaller, type WorkSize } from '../sizes/work-size.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

/** A machine on which no step takes more than so many tokens. */
function tight(tokens: number): Compute {
  return {
    ...compute,
    lanes: 1,
    compiled: (name: string, step: Step): CompiledStep => {
      const run = compute.compiled(name, step);
      const checked = (inputs: readonly tf.Tensor[]): tf.Tensor[] => {
        const [ids] = inputs;
        if (ids?.dtype === 'int32' && ids.size > tokens)
          throw new Error(`OOM when allocating tensor with shape[${ids.size}]`);
        return run(inputs);
      };
      return Object.assign(checked, { each: (sets: readonly (readonly tf.Tensor[])[]) => sets.map(checked) });
    },
  };
}

// Would catch: a step that is lost, made twice or made with half of its samples where memory ran out in its midst.
it('makes a step again in smaller pieces, and then it is the step of that size', async () => {
  const batch = rollouts(24);
  const [found, expected] = [randomParameters(TINY, 1), randomParameters(TINY, 1)];
  const told: WorkSize[] = [];
  const grpo = { micro_batch_tokens: 512, minibatches: 2 };
  const onSmaller = (size: WorkSize): void => void told.push(size);
  const one = grpoTrainer({ compute: tight(128), parameters: found, onSmaller }, grpo);
  const other = grpoTrainer({ compute: tight(128), parameters: expected }, { ...grpo, micro_batch_tokens: 128 });
  expect(await one.step(batch)).toEqual(await other.step(batch));
  expect(told.map(({ tokens }) => tokens)).toEqual([256, 128]);
  expect(one.size.tokens).toBe(128);
  expect(await hostValues(found.tensors)).toEqual(await hostValues(expected.tensors));
  one.dispose();
  other.dispose();
  [found, expected].forEach((owner) => owner.dispose());
});

// Would catch: weights changed, or tensors left behind, by a step that could not be made; an error that helps nobody.
it('leaves everything as it was where the smallest do not fit', async () => {
  const parameters = randomParameters(TINY, 1);
  const before = await hostValues(parameters.tensors);
  const one = grpoTrainer({ compute: tight(8), parameters });
  const tensors = tf.memory().numTensors;
  await expect(one.step(rollouts(8))).rejects.toMatchObject({
    code: 'memory',
    message: expect.stringMatching(/needs about .*iB of memory.*OOM when allocating/) as string,
  });
  expect(await hostValues(parameters.tensors)).toEqual(before);
  expect(tf.memory().numTensors).toBe(tensors);
  one.dispose();
  parameters.dispose();
});

// Would catch: a program that the system ends because it asks for more than there is.
it('asks what there is before the first step of a size, and not again', async () => {
  const parameters = randomParameters(TINY, 1);
  const answers: number[] = [];
  let free = 1e6;
  const available = (): number => {
    answers.push(free);
    return free;
  };
  const one = grpoTrainer({ compute: { ...compute, usesHostMemory: true }, parameters, available });
  await expect(one.step(rollouts(4))).rejects.toMatchObject({ code: 'memory' });
  free = 1e12;
  const asked = answers.length;
  await one.step(rollouts(4));
  await one.step(rollouts(4));
  expect(answers.length).toBe(asked + 1);
  one.dispose();
  parameters.dispose();
});

// Would catch: fine-tuning that gives up where the loop would not.
it('gives way in fine-tuning too', async () => {
  const parameters = randomParameters(TINY, 2);
  const state = new AdamW({ compute, parameters, recipe: optimiser });
  const given = { config: TINY, parameters, optimiser: state, clipNorm: 1, microBatchTokens: 256 };
  const trainer = new SftTrainer({ compute: tight(64), ...given });
  const samples = rollouts(12);
  const { loss } = await trainer.evaluate(samples);
  expect((await trainer.step(samples, 1e-3)).loss).toBeCloseTo(loss, 5);
  expect(trainer.size.tokens).toBe(64);
  state.dispose();
  parameters.dispose();
});

const WIDE: ModelConfig = {
  ...TINY,
  hiddenSize: 2048,
  intermediateSize: 8192,
  layers: 32,
  vocabSize: 128_000,
  headDim: 64,
  heads: 32,
  kvHeads: 8,
};

// Would catch: a size that takes all there is, or one smaller than need be; on a resumed run another than before.
it('chooses by the memory there is', () => {
  const wish = { tokens: 'auto' as const, trained: 1e6 };
  const host = { usesHostMemory: true };
  const roomy = chosenSize(host, WIDE, { ...wish, available: 1e12 });
  expect(roomy).toEqual({ tokens: 2048, kept: 'products' });
  for (const available of [20e9, 8e9, 5e9]) {
    const size = chosenSize(host, WIDE, { ...wish, available });
    expect(microBatchBytes(WIDE, size)).toBeLessThan(0.7 * available);
    expect(smaller(WIDE, roomy)).not.toBeNull();
  }
  expect(chosenSize(host, WIDE, { ...wish, available: 1e6 })).toEqual({ tokens: 64, kept: 'inputs' });
  expect(chosenSize(host, TINY, { ...wish, available: 1e6 }).tokens).toBe(16_384);
  expect(chosenSize(host, WIDE, { ...wish, tokens: 333, available: 1e6 }).tokens).toBe(333);
});

// Would catch: a phase that goes on in another size than it began with.
it('takes the size it is given', () => {
  const parameters = randomParameters(TINY, 1);
  const size = { tokens: 96, kept: 'inputs' } as const;
  const one = new GrpoTrainer({
    ...{ compute, config: TINY, parameters, reference: null, optimiser, totalSteps: 1, size },
    grpo: grpoSchema.parse({}),
  });
  expect(one.size).toEqual(size);
  one.dispose();
  parameters.dispose();
});
