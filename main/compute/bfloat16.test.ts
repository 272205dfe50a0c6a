import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { requireBfloat16 } from '../lib/backend-needs.js';
import { gatherWide, isBfloat16, toBfloat16, widen } from './bfloat16.js';
import type { Compute } from './compute.js';
import { openCompute } from './open.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('tensorflow');
});

/** Round to nearest, ties to even, on the bits. */
function rounded(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  const word = bits[0] as number;
  bits[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0] as number;
}

// Catches truncation in place of rounding, and a widening that is not exact.
it('rounds to the nearest, ties to even, and widens exactly', () => {
  const values = [1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.14159, -1e-30, 65535, 0, 1e38];
  const narrow = toBfloat16(tf.tensor1d(values));
  expect(isBfloat16(narrow)).toBe(true);
  expect(Array.from(widen(narrow).dataSync())).toEqual(values.map(rounded));
});

// Catches a table whose rows come out of order or as raw bits.
it('looks rows up and widens those alone', () => {
  const table = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const rows = gatherWide(toBfloat16(table) as tf.Tensor2D, tf.tensor1d([2, 0, 2], 'int32'));
  expect(isBfloat16(rows)).toBe(false);
  expect(rows.arraySync()).toEqual([
    [5, 6],
    [1, 2],
    [5, 6],
  ]);
});

// Catches a graph that was traced for float32 and is replayed with bfloat16, or the other way round, and small weights that
// are frozen into the graph as constants.
it('is traced apart from float32', () => {
  const step = compute.compiled('test.bfloat16', ([x, w]) => [tf.matMul(x as tf.Tensor2D, widen(w as tf.Tensor2D))]);
  const x = tf.tensor2d([1, 1], [1, 2]);
  const weight = tf.tensor2d([1.001, 2, 3, 4], [2, 2]);
  const narrow = toBfloat16(weight);
  const product = (w: tf.Tensor): number[] => Array.from((step([x, w])[0] as tf.Tensor).dataSync());
  expect(product(weight)[0]).toBeCloseTo(4.001, 5);
  expect(product(narrow)).toEqual([4, 6]);
  expect(product(weight)[0]).toBeCloseTo(4.001, 5);
});

// Catches a run on another backend that would fail in the middle, or silently compute in something else.
it('is refused on other backends by name', () => {
  expect(() => requireBfloat16('wasm')).toThrow(/need TensorFlow; this computes on wasm/);
});
