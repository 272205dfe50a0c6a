import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../lib/errors.js';
import type { NodeBackend } from './binding.js';
import type { Compute, Step } from './compute.js';
import { openCompute } from './open.js';
import { inPlace } from './update-rows.js';

let compute: Compute;
let missing = '';
let lanes = 1;
try {
  compute = await openCompute('tensorflow');
  lanes = compute.lanes;
  if (!compute.traces) missing = 'the TensorFlow binding cannot make functions';
} catch (error) {
  missing = error instanceof Error ? error.message : String(error);
}

const values = async (tensors: readonly tf.Tensor[]): Promise<number[][]> =>
  Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));

async function sameAsEager(name: string, step: Step, inputs: readonly tf.Tensor[]): Promise<void> {
  const eager = tf.tidy(() => step(inputs).map((tensor) => tf.clone(tensor)));
  const expected = await values(eager);
  const traced = compute.compiled(name, step);
  for (let call = 0; call < 2; call++) {
    const results = traced(inputs);
    expect(results.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      eager.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    expect(await values(results)).toEqual(expected);
    // Each output is its own: disposing all of them twice over would throw.
    for (const result of results) result.dispose();
    for (const input of inputs) expect(input.isDisposed).toBe(false);
  }
  tf.dispose(eager);
}

describe.skipIf(missing)(`traced steps ${missing && `(skipped: ${missing}; run \`npm start\` to set it up)`}`, () => {
  beforeAll(() => {
    expect(compute.traces).toBe(true);
  });
  afterAll(() => compute.forget());

  it('repeats a step with every way of passing tensors', async () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const unused = tf.tensor1d([9]);
    const ids = tf.tensor1d([1, 0], 'int32');
    const captured = tf.tensor1d([0.5, 0.25, 2]);
    const large = tf.randomNormal([300, 100]);
    await sameAsEager(
      'ways',
      ([a, , b, c]) => {
        const gathered = tf.gather(a as tf.Tensor, c as tf.Tensor);
        return [
          tf.mul(tf.add(a as tf.Tensor, b as tf.Tensor), captured),
          tf.greater(gathered, 2),
          tf.sum(large),
          tf.argMax(gathered, 1),
          a as tf.Tensor,
          gathered,
          gathered,
          tf.scalar(7),
          tf.zeros([0, 3]),
          tf.ones([40, 30]),
        ];
      },
      [x, unused, x, ids],
    );
    tf.dispose([x, unused, ids, captured, large]);
  });

  it('keeps one value apart from another that was the same tensor when the step was traced', async () => {
    const a = tf.scalar(1);
    const b = tf.scalar(10);
    const subtract = compute.compiled('subtract', ([x, y]) => [tf.sub(x as tf.Tensor, y as tf.Tensor)]);
    expect(await values(subtract([a, a]))).toEqual([[0]]);
    expect(await values(subtract([b, a]))).toEqual([[9]]);
  });

  it('freezes what the step closes over, even when that is disposed afterwards', async () => {
    for (const length of [3, 40_000]) {
      const frozen = tf.linspace(0, 1, length);
      const sum = (await values([tf.sum(frozen)]))[0];
      const step = compute.compiled('frozen', ([x]) => [tf.sum(tf.mul(frozen, x as tf.Tensor))]);
      const one = tf.scalar(1);
      const first = await values(step([one]));
      frozen.dispose();
      expect(await values(step([one]))).toEqual(first);
      expect(first[0]?.[0]).toBeCloseTo(sum?.[0] as number, 0);
    }
  });

  it('refuses to read back, naming the step, and leaves the backend usable', async () => {
    const x = tf.tensor1d([1, 2]);
    const reading = compute.compiled('reading', ([t]) => {
      tf.square(t as tf.Tensor).dataSync();
      return [];
    });
    expect(() => reading([x])).toThrow(LabError);
    expect(() => reading([x])).toThrow(/'reading'/);
    const failing = compute.compiled('failing', ([t]) => [tf.matMul(t as tf.Tensor2D, t as tf.Tensor2D)]);
    expect(() => failing([x])).toThrow();
    const before = tf.memory().numTensors;
    expect(() => failing([x])).toThrow();
    expect(tf.memory().numTensors).toBe(before);
    expect(await values([tf.square(x)])).toEqual([[1, 4]]);
  });
});

describe.skipIf(missing)('tracing', () => {
  // Would catch a first call that sees what the recording of it wrote.
  it('leaves what a step writes into as it was', async () => {
    const step = compute.compiled('written', ([table, index, cells]) => {
      const before = tf.sum(table as tf.Tensor);
      const once = inPlace('InplaceUpdate', table as tf.Tensor2D, {
        index: index as tf.Tensor1D,
        rows: tf.add(cells as tf.Tensor2D, before),
      });
      const next = tf.add(index as tf.Tensor1D, tf.scalar(1, 'int32')) as tf.Tensor1D;
      return [inPlace('InplaceUpdate', once, { index: next, rows: cells as tf.Tensor })];
    });
    const fresh = (): tf.Tensor[] => [tf.ones([3, 2]), tf.tensor1d([0], 'int32'), tf.fill([1, 2], 5)];
    const first = await values(step(fresh()));
    expect(first).toEqual([[11, 11, 5, 5, 1, 1]]);
    expect(await values(step(fresh()))).toEqual(first);
  });
});

describe.skipIf(missing || lanes === 1)('lanes', () => {
  it('name the failure of one set, and work on', async () => {
    const step = compute.compiled('gathering', ([table, index]) => [
      tf.gather(table as tf.Tensor, index as tf.Tensor1D),
    ]);
    const table = tf.tensor1d([1, 2, 3]);
    const [good, bad] = [tf.tensor1d([2], 'int32'), tf.tensor1d([7], 'int32')];
    tf.dispose(step.each([[table, good]]));
    const before = tf.memory().numTensors;
    const native = (tf.backend() as unknown as NodeBackend).binding;
    const handles = native.getNumOfTensors();
    expect(() =>
      step.each([
        [table, good],
        [table, bad],
      ]),
    ).toThrow(/7/);
    expect(tf.memory().numTensors).toBe(before);
    // The index that came from the host has been handed over by the call that failed.
    expect(native.getNumOfTensors()).toBeLessThanOrEqual(handles + 1);
    expect(await values(step.each([[table, good]])[0] as tf.Tensor[])).toEqual([[3]]);
  });

  it('do not let one set see what another writes', async () => {
    const step = compute.compiled('writing', ([rows, index, cells]) => [
      inPlace('InplaceUpdate', rows as tf.Tensor2D, { index: index as tf.Tensor1D, rows: cells as tf.Tensor }),
    ]);
    const sets = Array.from({ length: 8 }, (_, i) => [
      tf.zeros([2, 2]),
      tf.tensor1d([i % 2], 'int32'),
      tf.fill([1, 2], i + 1),
    ]);
    const results = await values(step.each(sets).map(([table]) => table as tf.Tensor));
    expect(results).toEqual(sets.map((_, i) => (i % 2 === 0 ? [i + 1, i + 1, 0, 0] : [0, 0, i + 1, i + 1])));
  });
});

describe.skipIf(missing)('recomputation', () => {
  // Merged, the chain written out eight times costs what one costs; whole, eight times that. A third of it tells them
  // apart on any machine.
  it('is not merged with what it repeats', async () => {
    const w = tf.randomNormal<tf.Rank.R2>([512, 512], 0, 0.04);
    const chain = (start: tf.Tensor): tf.Tensor => {
      let x = start;
      for (let i = 0; i < 4; i++) x = tf.tanh(tf.matMul(tf.reshape(x, [512, 512]), w));
      return x;
    };
    const once = compute.compiled('once', ([x]) => [chain(x as tf.Tensor)]);
    const often = compute.compiled('eight times', ([x]) => [
      tf.addN(Array.from({ length: 8 }, () => chain(x as tf.Tensor))),
    ]);
    const x = tf.randomNormal([512, 512]);
    // Processor time, since other programs only lengthen the clock's.
    const cost = async (step: Step): Promise<number> => {
      const start = process.cpuUsage();
      const results = step([x]);
      const sum = (await values(results))[0] as number[];
      expect(sum).toHaveLength(512 * 512);
      tf.dispose(results);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    const least = async (step: Step): Promise<number> => {
      const costs: number[] = [];
      for (let i = 0; i < 8; i++) costs.push(await cost(step));
      return Math.min(...costs);
    };
    expect((await least(often)) / (await least(once))).toBeGreaterThan(3);
  });
});
