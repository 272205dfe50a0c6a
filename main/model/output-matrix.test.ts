/** An output matrix of bfloat16 in pieces against the same one widened whole. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { toBfloat16, widen } from '../compute/bfloat16.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { outputMatrix } from './output-matrix.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('tensorflow');
});

const [VOCABULARY, WIDTH, ROWS] = [11, 4, 3];

function ramp(shape: [number, number], scale: number): tf.Tensor2D {
  const values = Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i * scale));
  return tf.tensor2d(values, shape);
}

// Catches pieces in the wrong order, a last one that is cut off, products that forget all pieces but one.
it.each([1, WIDTH, 3 * WIDTH, 5 * WIDTH + 1, 1000])('at most %d numbers at once: as if it were whole', (most) => {
  const narrow = toBfloat16(ramp([VOCABULARY, WIDTH], 1.3)) as tf.Tensor2D;
  const whole = outputMatrix(widen(narrow));
  const pieces = outputMatrix(narrow, most);
  const [h, p] = [ramp([ROWS, WIDTH], 0.7), ramp([ROWS, VOCABULARY], 0.9)];
  const ids = tf.tensor1d([10, 0, 7], 'int32');
  expect(pieces.logits(h).arraySync()).toEqual(whole.logits(h).arraySync());
  expect(pieces.rows(ids).arraySync()).toEqual(whole.rows(ids).arraySync());
  const [sum, expected] = [pieces.mixed(p).dataSync(), whole.mixed(p).dataSync()];
  sum.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5));
});

// Catches a slice whose bounds are frozen into a replayed graph as those of another piece.
it('is the same when its steps are replayed', () => {
  const step = compute.compiled('test.output-matrix', ([head, h]) => {
    const matrix = outputMatrix(head as tf.Tensor2D, 4 * WIDTH);
    const logits = matrix.logits(h as tf.Tensor2D);
    return [logits, matrix.mixed(logits)];
  });
  const narrow = toBfloat16(ramp([VOCABULARY, WIDTH], 1.3));
  const whole = outputMatrix(widen(narrow) as tf.Tensor2D);
  for (const scale of [0.3, 0.5]) {
    const h = ramp([ROWS, WIDTH], scale);
    const [logits] = step([narrow, h]) as [tf.Tensor, tf.Tensor];
    expect(logits.arraySync()).toEqual(whole.logits(h).arraySync());
  }
});
