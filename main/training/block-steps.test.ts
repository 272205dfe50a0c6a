/** Whether training block by block is training: against the model as one function, whose gradients PyTorch confirms. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hostValues, relativeError } from '../../test/support/grpo-fixtures.js';
import { ADAPTERS, randomAdapter } from '../../test/support/lora-fixtures.js';
import { randomParameters, TINY } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { RandomKey } from '../lib/random.js';
import type { ModelConfig } from '../model/config.js';
import { joined } from '../model/parameters.js';
import type { TokenSample } from './batches.js';
import { accumulateGradients } from './accumulate.js';
import { BlockSteps } from './block-steps.js';
import type { Kept } from '../sizes/work-size.js';
import { grpoRowLoss } from './grpo-loss.js';
import { disposeBatch, type CutLimits, type TrainingSteps } from './steps.js';
import { WholeSteps } from './whole-steps.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

/** Groups of completions of unequal length behind prompts of unequal length, one of a single token. */
function samplesOf(seed = 1): TokenSample[] {
  return Array.from({ length: 6 }, (_, group) => {
    const random = RandomKey.of(seed, 'group', group).stream();
    const tokens = (n: number): number[] => Array.from({ length: n }, () => 1 + random.int(16));
    const prompt = tokens(group === 0 ? 1 : 2 + random.int(30));
    return Array.from({ length: 4 }, () => ({ prompt, completion: tokens(1 + random.int(24)) }));
  }).flat();
}

/** Log-probabilities by sample, and sums and gradients of a loss in which every row has a weight of its own. */
async function computed(
  steps: TrainingSteps,
  c: ModelConfig,
  { samples, limits, alone = false }: { samples: readonly TokenSample[]; limits: Partial<CutLimits>; alone?: boolean },
): Promise<{ logp: number[][]; sums: number[]; gradients: number[][] }> {
  const base = randomParameters(c, 3);
  const adapter = c.lora === null ? null : randomAdapter(c, 4);
  const trained = (adapter ?? base).tensors;
  const network = adapter ? joined(base, adapter).tensors : base.tensors;
  const batches = steps.cut(samples, { padToken: 0, sharePrompts: true, packInto: null, ...limits });
  const logp: number[][] = samples.map(() => []);
  for (const batch of batches) {
    const [scores] = steps.logProbs([batch], alone ? base.tensors : network) as [tf.Tensor];
    const values = await scores.data();
    batch.plan.owners.forEach((owner, row) => owner >= 0 && logp[owner]?.push(values[row] as number));
    scores.dispose();
  }
  const parts = batches.map((device) => {
    const seen = new Map<number, number>();
    const weight = Float32Array.from(device.plan.owners, (owner) => {
      const place = seen.get(owner) ?? 0;
      seen.set(owner, place + 1);
      return owner < 0 ? 0 : Math.sin(1 + owner + 0.3 * place);
    });
    return { device, extras: [tf.tensor1d(weight), tf.tensor1d(weight.map(Math.abs))] };
  });
  const coefficients = tf.tensor1d([0.2, 0]);
  const { sums, gradients } = await accumulateGradients(parts, {
    step: steps.gradients({
      name: 'test',
      extras: 2,
      rowLoss: (given) => {
        const loss = grpoRowLoss({ old: false, reference: false }, given);
        // The policy's own loss is a constant on policy; the log-probability itself is not.
        return (scores, entropy, [advantage, weight]) => {
          const terms = loss(scores, entropy, [advantage as tf.Tensor, weight as tf.Tensor]);
          return { ...terms, loss: tf.mul(scores, terms.slope) };
        };
      },
    }),
    weights: { frozen: adapter ? base.tensors : [], trained },
    coefficients,
    lanes: steps.lanes,
    onBroken: () => Promise.resolve(new Error('not finite')),
  });
  const result = { logp, sums, gradients: await hostValues(gradients) };
  tf.dispose([gradients, coefficients, parts.map(({ extras }) => extras)]);
  batches.forEach(disposeBatch);
  [base, ...(adapter ? [adapter] : [])].forEach((owner) => owner.dispose());
  return result;
}

const shapes: [string, ModelConfig][] = [
  ['tied, grouped queries', TINY],
  [
    'untied, with biases and head norms',
    { ...TINY, tieWordEmbeddings: false, qkvBias: true, oBias: true, qkNorm: !TINY.qkNorm },
  ],
];

for (const [targets, lora] of Object.entries(ADAPTERS)) shapes.push([`with adapters: ${targets}`, { ...TINY, lora }]);

describe.each(shapes)('block by block, a model %s', (_, c) => {
  // Would catch: a branch that sees another's tokens or its prompt's padding, a wrong position, a gradient lost in a chunk,
  // a block, the shared prompt or the embedding; products kept in another order than they are asked for.
  it.each([
    ['products', 4096],
    ['products', 96],
    ['inputs', 96],
  ] as [Kept, number][])(
    'keeping %s, in batches of %d tokens, gives what the whole model gives',
    async (kept, tokens) => {
      const samples = samplesOf();
      const expected = await computed(new WholeSteps(compute, c, 4096), c, { samples, limits: {} });
      const found = await computed(new BlockSteps(compute, c, { tokens, kept }), c, { samples, limits: {} });
      found.logp.forEach((row, i) => {
        expect(row).toHaveLength(samples[i]?.completion.length as number);
        expect(relativeError(row, expected.logp[i] as number[])).toBeLessThan(1e-5);
      });
      found.sums.forEach((sum, i) => expect(sum).toBeCloseTo(expected.sums[i] as number, 3));
      found.gradients.forEach((gradient, i) => {
        expect(relativeError(gradient, expected.gradients[i] as number[]), `gradient ${i}`).toBeLessThan(2e-5);
      });
    },
  );
});

// Would catch: a reference that is the present policy, whose KL is always 0.
it('scores the base alone where only its tensors are given', async () => {
  const c = { ...TINY, lora: Object.values(ADAPTERS)[0] ?? null };
  const given = { samples: samplesOf(), limits: {} };
  const steps = new BlockSteps(compute, c, { tokens: 96, kept: 'products' });
  const whole = new WholeSteps(compute, c, 4096);
  const [base, plain, adapted] = [
    await computed(steps, c, { ...given, alone: true }),
    await computed(whole, c, { ...given, alone: true }),
    await computed(steps, c, given),
  ].map(({ logp }) => logp.flat()) as [number[], number[], number[]];
  expect(relativeError(base, plain)).toBeLessThan(1e-5);
  expect(relativeError(base, adapted)).toBeGreaterThan(1e-3);
});

describe('without shared prompts', () => {
  it.each([null, 64])('samples in lines of %s tokens have the same gradients', async (packInto) => {
    const samples = samplesOf(2);
    const expected = await computed(new WholeSteps(compute, TINY, 4096), TINY, { samples, limits: {} });
    const steps = new BlockSteps(compute, TINY, { tokens: 200, kept: 'products' });
    const found = await computed(steps, TINY, { samples, limits: { sharePrompts: false, packInto } });
    found.gradients.forEach((gradient, i) => {
      expect(relativeError(gradient, expected.gradients[i] as number[]), `gradient ${i}`).toBeLessThan(2e-5);
    });
  });
});

// Would catch: tensors left behind at each step of a long phase.
it('leaves nothing behind', async () => {
  const steps = new BlockSteps(compute, TINY, { tokens: 96, kept: 'products' });
  await computed(steps, TINY, { samples: samplesOf(), limits: {} });
  const before = tf.memory().numTensors;
  await computed(steps, TINY, { samples: samplesOf(), limits: {} });
  expect(tf.memory().numTensors).toBe(before);
});
