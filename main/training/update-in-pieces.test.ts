import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCompute } from '../compute/open.js';
import { updatesInPlace } from '../compute/update-rows.js';
import { Parameters } from '../model/parameters.js';
import { rowPieces } from './row-pieces.js';
import { addProduct } from './rows.js';
import { updateInPieces } from './update-in-pieces.js';

beforeAll(async () => {
  await openCompute('auto');
});

describe('rowPieces', () => {
  // Catches rows that are left out or taken twice where they do not divide, and a matrix of rows larger than a piece.
  it.each([
    [[10, 3], 6, [2, 2, 2, 2, 2]],
    [[7, 4], 12, [3, 3, 1]],
    [[3, 100], 8, [1, 1, 1]],
    [[5, 2], 10, [5]],
    [[1000], 10, [1000]],
    [[2, 3, 4], 1, [2]],
  ])('cuts %j by %i elements', (shape, most, rows) => {
    const pieces = rowPieces(shape, most);
    expect(pieces.map((piece) => piece.rows)).toEqual(rows);
    let next = 0;
    for (const { start, rows: length } of pieces) {
      expect(start).toBe(next);
      next += length;
    }
    expect(next).toBe(shape[0]);
  });
});

describe('updateInPieces', () => {
  // Catches pieces written to the wrong rows or into each other's tensors, buffers still shared, and tensors left behind.
  it('does what the update does in one piece', () => {
    if (!updatesInPlace()) return;
    const shapes = [[7, 4], [4], [3, 5]];
    const specs = shapes.map((shape, i) => ({ name: `w${i}`, shape }));
    const owner = (seed: number): Parameters =>
      new Parameters(
        specs,
        shapes.map((shape, i) => tf.randomNormal(shape, 0, 1, 'float32', seed + i)),
      );
    const owners = [owner(10), owner(20), owner(30)] as const;
    const gradients = shapes.map((shape, i) => tf.randomNormal(shape, 0, 1, 'float32', 40 + i));
    const copies = [
      owners[0].clone().tensors,
      gradients.map((g) => tf.add(g, 0)),
      ...owners.slice(1).map((o) => o.clone().tensors),
    ];
    const before = tf.memory().numTensors;
    const step = ([w, g, m, v]: readonly tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() => [tf.sub(w!, tf.mul(g!, v!)), tf.add(m!, g!), tf.mul(v!, tf.add(g!, w!))]);
    const expected = shapes.map((_, i) =>
      step(copies.map((tensors) => tensors[i] as tf.Tensor)).map((t) => t.dataSync()),
    );
    const made = tf.memory().numTensors - before;
    updateInPieces(owners, gradients, step, 8);
    expect(tf.memory().numTensors).toBe(before + made - gradients.length);
    owners.forEach((updated, slot) => {
      updated.tensors.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(expected[i]?.[slot]));
    });
  });
});

describe('addProduct', () => {
  // Catches the product of other rows, a sum without what was there, and a table that is not taken over.
  it('adds aᵀ · b', () => {
    const table = tf.randomNormal([6000, 800], 0, 1, 'float32', 1) as tf.Tensor2D;
    const [a, b] = [2, 3].map((seed) => tf.randomNormal([5, seed === 2 ? 6000 : 800], 0, 1, 'float32', seed)) as [
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    expect(rowPieces(table.shape).length).toBeGreaterThan(1);
    const expected = tf.add(table, tf.matMul(a, b, true, false));
    const sum = addProduct(table, a, b);
    expect(table.isDisposed).toBe(true);
    expect(tf.max(tf.abs(tf.sub(sum, expected))).dataSync()[0]).toBeLessThan(1e-5);
  });
});
