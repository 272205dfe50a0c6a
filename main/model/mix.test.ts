/** Attention in pieces against attention at once: what it makes, and its gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { RandomKey } from '../lib/random.js';
import { causalMask } from './attention.js';
import { mix } from './mix.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

const [BATCH, HEADS, GROUP, LENGTH, WIDTH] = [2, 3, 2, 7, 4];

function random(shape: number[], name: string): tf.Tensor {
  const stream = RandomKey.of(5, name).stream();
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, () => stream.int(2001) / 1000 - 1),
    shape,
  );
}

function inputs(): tf.Tensor[] {
  const [q, rest] = [
    [BATCH, HEADS, LENGTH * GROUP, WIDTH],
    [BATCH, HEADS, LENGTH, WIDTH],
  ];
  return [random(q as number[], 'q'), random(rest as number[], 'k'), random(rest as number[], 'v')];
}

/** One mask for all rows of the batch, and one for each, in which the second row hides its first tokens. */
const MASKS: Record<string, () => tf.Tensor> = {
  'a mask for all': () => causalMask(LENGTH, GROUP),
  'a mask a row': () =>
    tf.stack([
      tf.reshape(causalMask(LENGTH, GROUP), [1, LENGTH * GROUP, LENGTH]),
      tf.reshape(tf.zeros([LENGTH * GROUP, LENGTH]), [1, LENGTH * GROUP, LENGTH]),
    ]),
};

type Values = number[][];

function all(mask: tf.Tensor, most: number, recalled = false): Values {
  const given = inputs();
  const dy = random([BATCH, HEADS, LENGTH * GROUP, WIDTH], 'dy');
  const value = mix(given as [tf.Tensor, tf.Tensor, tf.Tensor], mask, undefined, most);
  const known = recalled ? value : undefined;
  const gradients = tf.grads((...args: tf.Tensor[]) =>
    mix(args as [tf.Tensor, tf.Tensor, tf.Tensor], mask, known, most),
  )(given, dy);
  return [value, ...gradients].map((tensor) => Array.from(tensor.dataSync()));
}

describe.each(Object.entries(MASKS))('%s', (_, maskOf) => {
  // Catches a piece that takes the mask, the slope or the result of another, keys that get the gradient of one piece only.
  it.each([1, 100, 200, 587])('at most %d scores at once: the same value and gradients', (most) => {
    const mask = maskOf();
    const whole = all(mask, Infinity);
    const pieces = all(mask, most);
    expect(pieces.map((values) => values.length)).toEqual(whole.map((values) => values.length));
    pieces.forEach((values, i) =>
      values.forEach((value, j) => expect(value).toBeCloseTo((whole[i] as number[])[j] as number, 5)),
    );
    expect(all(mask, most, true)).toEqual(pieces);
  });

  // Catches a graph that was traced with pieces and is replayed wrongly, and scores that outlive their piece.
  it('is the same when its steps are replayed, and leaves nothing behind', () => {
    const mask = maskOf();
    const step = compute.compiled(`test.mix.${mask.rank}`, ([m, ...given]) => {
      const run = (...args: tf.Tensor[]): tf.Tensor =>
        mix(args as [tf.Tensor, tf.Tensor, tf.Tensor], m as tf.Tensor, undefined, 100);
      return tf.grads(run)(given, tf.onesLike(given[0] as tf.Tensor));
    });
    const given = inputs();
    const first = step([mask, ...given]).map((tensor) => Array.from(tensor.dataSync()));
    const before = tf.memory().numTensors;
    const again = step([mask, ...given]);
    expect(again.map((tensor) => Array.from(tensor.dataSync()))).toEqual(first);
    tf.dispose(again);
    expect(tf.memory().numTensors).toBe(before);
  });
});
