import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { grpoRowLoss } from './grpo-loss.js';
import { chunkRows, headLoss, tokenLogProbs, type RowLoss } from './logprobs.js';
import { gatherRows } from './rows.js';

const ROWS = 100;
const VOCABULARY = 60;

let hidden: tf.Tensor2D;
let head: tf.Tensor2D;
let targets: tf.Tensor1D;
beforeAll(async () => {
  await tf.setBackend('cpu');
  hidden = tf.randomNormal([ROWS, 8], 0, 1, 'float32', 1);
  head = tf.randomNormal([VOCABULARY, 8], 0, 1, 'float32', 2);
  targets = tf.tensor1d(
    Array.from({ length: ROWS }, (_, i) => (i * 7) % VOCABULARY),
    'int32',
  );
});

const largest = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);

/** The plain way: all logits, tfjs's own gradients. */
function plainLogProbs(h: tf.Tensor2D, e: tf.Tensor2D): tf.Tensor {
  const logp = tf.logSoftmax(tf.matMul(h, e, false, true));
  return tf.sum(tf.mul(tf.oneHot(targets, VOCABULARY), logp), -1);
}

describe('tokenLogProbs', () => {
  it.each([1 << 20, 40 * VOCABULARY])('equals log-softmax and its entropy, chunks of %i elements', (elements) => {
    const { logp, entropy } = tokenLogProbs(hidden, head, targets, elements);
    expect(largest(logp, plainLogProbs(hidden, head))).toBeLessThan(1e-5);
    const all = tf.logSoftmax(tf.matMul(hidden, head, false, true));
    expect(largest(entropy, tf.neg(tf.sum(tf.mul(tf.exp(all), all), -1)))).toBeLessThan(1e-5);
  });

  // Catches exp of unshifted logits.
  it('survives logits of ±1000', () => {
    const { logp, entropy } = tokenLogProbs(tf.mul(hidden, 300), head, targets);
    for (const value of [...logp.dataSync(), ...entropy.dataSync()]) expect(Number.isFinite(value)).toBe(true);
  });
});

describe('headLoss', () => {
  const square: RowLoss = (logp, entropy, extras) => {
    const weight = extras[0] as tf.Tensor;
    return { loss: tf.mul(tf.square(logp), weight), slope: tf.mul(tf.mul(logp, 2), weight), measures: [entropy] };
  };

  // Catches chunks whose gradients are lost, doubled or out of order, and a direct path that differs from the chunked.
  it.each([1 << 20, 40 * VOCABULARY, 64 * VOCABULARY])(
    'has the gradients of the plain way, chunks of %i elements',
    (chunkElements) => {
      const weight = tf.randomUniform([ROWS], 0, 1, 'float32', 3);
      const ours = tf.valueAndGrads((h: tf.Tensor, e: tf.Tensor) =>
        headLoss(h as tf.Tensor2D, e as tf.Tensor2D, { targets, extras: [weight], rowLoss: square, chunkElements }),
      )([hidden, head]);
      const plain = tf.valueAndGrads((h: tf.Tensor, e: tf.Tensor) =>
        tf.sum(tf.mul(tf.square(plainLogProbs(h as tf.Tensor2D, e as tf.Tensor2D)), weight)),
      )([hidden, head]);
      expect(Math.abs((ours.value.dataSync()[0] as number) / (plain.value.dataSync()[0] as number) - 1)).toBeLessThan(
        1e-5,
      );
      ours.grads.forEach((gradient, i) => expect(largest(gradient, plain.grads[i] as tf.Tensor)).toBeLessThan(1e-4));
      expect(chunkRows(ROWS, VOCABULARY, chunkElements)).toBe(
        { [1 << 20]: 100, [40 * VOCABULARY]: 32, [64 * VOCABULARY]: 64 }[chunkElements],
      );
    },
  );
});

describe('grpoRowLoss', () => {
  // Catches a slope that is not the derivative of the loss, in every region: both clip sides, both signs, beyond k3's cut.
  it('gives the derivative of its own loss', () => {
    const ratios = [-0.9, -0.3, -0.1, 0, 0.1, 0.3, 0.9];
    const logp = tf.tensor1d([...ratios, ...ratios, -14, -12]);
    const advantage = tf.tensor1d([...ratios.map(() => 1.5), ...ratios.map(() => -0.7), 1, -1]);
    const n = logp.size;
    const old = tf.tensor1d([...Array.from({ length: n - 2 }, () => 0), -14, -12]);
    const reference = tf.tensor1d(Array.from({ length: n }, (_, i) => (i < n - 2 ? Math.cos(i) : -1)));
    const extras = [advantage, tf.fill([n], 0.25), old, reference];
    const rows = grpoRowLoss({ old: true, reference: true }, tf.tensor1d([0.2, 0.3]));
    const at = (shift: number): ReturnType<RowLoss> => rows(tf.add(logp, shift), tf.zerosLike(logp), extras);
    const h = 1e-2;
    const numeric = tf.div(tf.sub(at(h).loss, at(-h).loss), 2 * h);
    const head = (x: tf.Tensor): tf.Tensor => tf.slice(x, 0, n - 2);
    expect(largest(head(at(0).slope), head(numeric))).toBeLessThan(1e-3);
    // Beyond the cut the loss is about 1650, which float32 differences resolve to 1e-2 only.
    expect(largest(at(0).slope, numeric)).toBeLessThan(2e-2);
    const cut = Array.from(at(0).measures[2]?.dataSync() ?? []).map((value) => value > 0);
    const expected = [...ratios.map((r) => Math.exp(r) > 1.2), ...ratios.map((r) => Math.exp(r) < 0.8), false, false];
    expect(cut).toEqual(expected);
  });
});

describe('gatherRows', () => {
  it('has the gradient of a gather, positions that nobody reads included', () => {
    const states = tf.randomNormal([6, 3], 0, 1, 'float32', 4) as tf.Tensor2D;
    const positions = tf.tensor1d([4, 1, 2, 0], 'int32'); // the last one is padding
    const inverse = tf.tensor1d([4, 1, 2, 4, 0, 4], 'int32');
    const mask = tf.tensor2d([[1], [1], [1], [0]]);
    const ours = tf.grad((x: tf.Tensor) =>
      tf.sum(tf.square(tf.mul(gatherRows(x as tf.Tensor2D, positions, inverse), mask))),
    )(states);
    const plain = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.mul(tf.gather(x, positions), mask))))(states);
    expect(largest(ours, plain)).toBe(0);
  });
});
