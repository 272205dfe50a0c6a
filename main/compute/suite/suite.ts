/**
 * One suite for every backend. tfjs holds one backend per process, so each backend has a test file of its own, which
 * calls this. A backend that cannot run here is skipped by name, with what would make it run.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { describeError } from '../../lib/errors.js';
import type { BackendName, Compute } from '../compute.js';
import { openCompute } from '../open.js';
import { toTensor } from './case.js';
import type { Case, Input } from './case.js';
import { arithmeticCases } from './cases-arithmetic.js';
import { decoderCases } from './cases-decoder.js';
import { shapeCases } from './cases-shape.js';
import { differences } from './differences.js';
import type { Reference } from './reference.js';
import { stepSuite } from './steps-suite.js';

export async function backendSuite(backend: BackendName, remedy: string): Promise<void> {
  const cases = [...arithmeticCases(), ...shapeCases(), ...decoderCases()];
  let compute: Compute;
  try {
    compute = await openCompute(backend);
  } catch (error) {
    describe.skip(`${backend} (skipped: ${describeError(error)} To run this: ${remedy})`, () => it('runs', () => {}));
    return;
  }
  describe(backend, () => {
    afterAll(() => compute.forget());
    describe('kernels agree with double precision, eager and compiled', () => {
      it.each(cases)('$name', (kernel) => checkKernel(compute, kernel));
    });
    describe('gradients agree with differences in double precision, eager and compiled', () => {
      it.each(cases.filter((kernel) => kernel.differentiable))('$name', (kernel) => checkGradients(compute, kernel));
    });
    stepSuite(compute);
  });
}

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

const host = (tensors: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));

/** float32 carries 7 digits; sums and transcendental functions lose one or two. */
function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    const allowed = tolerance * Math.max(1, Math.abs(value));
    const off = Math.abs((actual[i] as number) - value);
    expect(off <= allowed, `${what}[${i}] is ${actual[i]}, not ${value}`).toBe(true);
  });
}

async function checkKernel(compute: Compute, kernel: Case): Promise<void> {
  const before = tf.memory().numTensors;
  const inputs = kernel.inputs.map(toTensor);
  const expected = list(kernel.reference(kernel.inputs));
  const step = compute.compiled(`kernel ${kernel.name}`, (tensors) => list(kernel.run([...tensors])));
  const eager = tf.tidy(() => list(kernel.run(inputs)));
  const compiled = step(inputs);
  for (const [how, results] of [
    ['eager', eager],
    ['compiled', compiled],
  ] as const) {
    expect(
      results.map(({ shape }) => shape),
      how,
    ).toEqual(expected.map(({ shape }) => shape));
    const values = await host(results);
    values.forEach((value, i) =>
      expectClose(
        value,
        (expected[i] as Reference).data,
        kernel.tolerance?.[compute.backend] ?? 2e-5,
        `${how} output ${i}`,
      ),
    );
  }
  expect(compiled.map(({ dtype }) => dtype)).toEqual(eager.map(({ dtype }) => dtype));
  const [plain, replayed] = [await host(eager), await host(compiled)];
  plain.forEach((value, i) => expectClose(replayed[i] as number[], value, 1e-6, `compiled against eager, output ${i}`));
  tf.dispose([...inputs, ...eager, ...compiled]);
  expect(tf.memory().numTensors).toBe(before);
}

async function checkGradients(compute: Compute, kernel: Case): Promise<void> {
  const chosen = kernel.differentiable as readonly number[];
  const inputs = kernel.inputs.map(toTensor);
  const outputs = list(kernel.reference(kernel.inputs));
  // A weighted sum of all outputs, so that no gradient is the sum over a whole output, which hides permutations.
  const weightsOf = (output: Reference, i: number): number[] => output.data.map((_, j) => Math.cos(1 + i + 2 * j));
  const lossOf = (values: readonly Input[]): number =>
    list(kernel.reference(values)).reduce((sum, output, i) => {
      const weights = weightsOf(output, i);
      return sum + output.data.reduce((part, value, j) => part + value * (weights[j] as number), 0);
    }, 0);
  const expected = chosen.map((index) => differences(kernel.inputs, index, lossOf));
  const gradient = (all: readonly Tensor[]): Tensor[] => {
    const loss = (...parts: Tensor[]): Tensor => {
      const full = [...all];
      chosen.forEach((index, i) => (full[index] = parts[i] as Tensor));
      const terms = list(kernel.run(full)).map((output, i) => {
        const weights = weightsOf(outputs[i] as Reference, i);
        return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
      });
      return tf.addN(terms);
    };
    return tf.grads(loss)(chosen.map((index) => all[index] as Tensor));
  };
  const eager = tf.tidy(() => gradient(inputs));
  const compiled = compute.compiled(`gradient of ${kernel.name}`, gradient)(inputs);
  for (const [how, results] of [
    ['eager', eager],
    ['compiled', compiled],
  ] as const) {
    const values = await host(results);
    values.forEach((value, i) =>
      expectClose(
        value,
        expected[i] as number[],
        Math.max(2e-4, 4 * (kernel.tolerance?.[compute.backend] ?? 0)),
        `${how} gradient ${i}`,
      ),
    );
  }
  tf.dispose([...inputs, ...eager, ...compiled]);
}
