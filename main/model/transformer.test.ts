import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { naiveLogits, randomParameters, TINY, VARIANTS } from '../../test/support/naive-transformer.js';
import type { ModelConfig } from './config.js';
import type { Parameters } from './parameters.js';
import { hiddenStates, logitsOf } from './transformer.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function logits(c: ModelConfig, parameters: readonly tf.Tensor[], rows: readonly (readonly number[])[]): tf.Tensor3D {
  return tf.tidy(() => {
    const ids = tf.tensor2d(rows as number[][], undefined, 'int32');
    const hidden = hiddenStates(c, parameters, ids);
    const flat = logitsOf(c, parameters, tf.reshape(hidden, [-1, c.hiddenSize]));
    return tf.reshape(flat, [...ids.shape, c.vocabSize]) as tf.Tensor3D;
  });
}

const IDS = [1, 5, 9, 16, 3, 3, 7, 12, 4, 11];

function largestDifference(a: readonly number[][], b: readonly number[][]): number {
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? Infinity)))));
}

describe('hiddenStates and logitsOf', () => {
  // Catches a wrong head order, scale, rotation pairing, norm placement, bias or tying.
  it.each(Object.entries(VARIANTS))('equal the naive double-precision decoder: %s', (_name, c) => {
    const parameters = randomParameters(c, 3);
    const [ours] = logits(c, parameters.tensors, [IDS]).arraySync();
    expect(largestDifference(ours as number[][], naiveLogits(c, parameters, IDS))).toBeLessThan(2e-5);
    parameters.dispose();
  });

  // Catches padding that leaks into real positions, and attention that looks ahead.
  it('do not depend on what stands to the right', () => {
    const parameters = randomParameters(TINY, 4);
    const short = IDS.slice(0, 6);
    const padded = [...short, 0, 0, 0, 0];
    const other = [...short, 9, 1, 2, 8];
    const [a, b] = logits(TINY, parameters.tensors, [padded, other]).arraySync() as [number[][], number[][]];
    const [alone] = logits(TINY, parameters.tensors, [short]).arraySync() as [number[][]];
    expect(largestDifference(a.slice(0, 6), b.slice(0, 6))).toBe(0);
    expect(largestDifference(alone, a.slice(0, 6))).toBeLessThan(1e-5);
    parameters.dispose();
  });
});

describe('gradients', () => {
  const loss = (c: ModelConfig, tensors: readonly tf.Tensor[]): tf.Scalar => {
    const ids = tf.tensor2d([IDS, [...IDS].reverse()], undefined, 'int32');
    const hidden = hiddenStates(c, tensors, ids);
    const out = logitsOf(c, tensors, tf.reshape(hidden, [-1, c.hiddenSize]));
    const weights = tf.tensor2d(
      Array.from({ length: out.size }, (_, i) => Math.sin(i)),
      out.shape,
    );
    return tf.sum(tf.mul(out, weights));
  };
  const gradients = (c: ModelConfig, parameters: Parameters): tf.Tensor[] =>
    tf.tidy(() => tf.grads((...tensors: tf.Tensor[]) => loss(c, tensors))([...parameters.tensors]));

  // Catches a wrong hand-written gradient in any op, for every weight: directional derivative by central differences.
  it.each(Object.entries(VARIANTS))('agree with finite differences: %s', (_name, c) => {
    const parameters = randomParameters(c, 5);
    const found = gradients(c, parameters);
    for (const [index, spec] of parameters.specs.entries()) {
      const direction = tf.randomNormal([...spec.shape], 0, 1, 'float32', index + 1);
      const slope = tf.sum(tf.mul(found[index] as tf.Tensor, direction)).dataSync()[0] as number;
      const step = 5e-4;
      const at = (sign: number): number => {
        const moved = parameters.tensors.map((t, i) => (i === index ? tf.add(t, tf.mul(direction, sign * step)) : t));
        return loss(c, moved).dataSync()[0] as number;
      };
      const numeric = (at(1) - at(-1)) / (2 * step);
      expect(Math.abs(slope - numeric), spec.name).toBeLessThan(0.02 * Math.max(1, Math.abs(numeric)));
    }
  });

  // Catches tensors that a custom gradient keeps alive.
  it('leak nothing', () => {
    const parameters = randomParameters(TINY, 6);
    tf.dispose(gradients(TINY, parameters));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) tf.dispose(gradients(TINY, parameters));
    expect(tf.memory().numTensors).toBe(before);
    parameters.dispose();
  });
});
