import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { onDevice, reusableArray } from './on-device.js';
import { openCompute } from './open.js';

beforeAll(async () => {
  await openCompute('auto');
});

// Would catch: a tensor that goes on lying in the caller's array, as TensorFlow's do where the array happens to be aligned.
it.each([
  ['an array made for it', reusableArray],
  ['any array', (count: number) => new Float32Array(count)],
  ['a part of one', (count: number) => new Float32Array(count + 16).subarray(16)],
])('takes a copy of %s', async (_, make) => {
  const made = Array.from({ length: 200 }, (_unused, i): [tf.Tensor, number] => {
    const values = make(1 + i * 7).fill(i);
    const tensor = onDevice(values, [values.length]);
    values.fill(-1);
    return [tensor, i];
  });
  for (const [tensor, value] of made) {
    expect(new Set(await tensor.data())).toEqual(new Set([value]));
    tensor.dispose();
  }
});
