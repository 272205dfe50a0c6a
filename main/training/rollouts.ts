/** Rollouts as micro-batches on the device, with the per-row inputs of GRPO's loss. */
import * as tf from '@tensorflow/tfjs-core';
import type { RowPlan } from './row-plan.js';
import { disposeBatch, type DeviceBatch, type TrainingSteps } from './steps.js';

export interface AdvantageSample {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  readonly advantage: number;
  /**
   * Log-probabilities of the completion under the policy that wrote it. Needed only where that is not the present
   * policy; heeded only where every sample of the batch has them.
   */
  readonly oldLogProbs?: Float32Array;
}

export interface Prepared {
  readonly plan: RowPlan;
  /** For each of the plan's samples, its index in the caller's batch. */
  readonly origin: readonly number[];
  readonly device: DeviceBatch;
  /** (N) each: advantages and weights of the rows, and old log-probabilities where the ratio is not simply 1. */
  readonly extras: tf.Tensor[];
}

export interface PrepareOptions {
  readonly steps: TrainingSteps;
  readonly padToken: number;
}

/** Whether old log-probabilities come with the samples; they are heeded only where every sample has them. */
export function bringOldLogProbs(batch: readonly AdvantageSample[]): boolean {
  return batch.every((sample) => sample.oldLogProbs !== undefined);
}

/** The samples of `batch` at the indices `part`, as one minibatch whose rows weigh 1 / tokens each. */
export function prepare(
  batch: readonly AdvantageSample[],
  part: readonly number[],
  options: PrepareOptions,
): Prepared[] {
  const samples = part.map((i) => batch[i] as AdvantageSample);
  const total = samples.reduce((sum, sample) => sum + sample.completion.length, 0);
  const given = bringOldLogProbs(batch);
  const devices = options.steps.cut(samples, { padToken: options.padToken, sharePrompts: true, packInto: null });
  return devices.map((device) => ({
    plan: device.plan,
    origin: device.plan.samples.map((sample) => part[sample] as number),
    device,
    extras: [
      rowValues(device.plan, (sample) => (samples[sample] as AdvantageSample).advantage),
      rowValues(device.plan, () => 1 / total),
      ...(given ? [givenOldLogProbs(device.plan, samples)] : []),
    ],
  }));
}

export function release(prepared: Prepared): void {
  disposeBatch(prepared.device);
  tf.dispose([...prepared.extras]);
}

/** A value for every row from its sample, 0 in padding rows. */
function rowValues(plan: RowPlan, value: (sample: number) => number): tf.Tensor1D {
  return tf.tensor1d(Float32Array.from(plan.owners, (owner) => (owner < 0 ? 0 : value(owner))));
}

function givenOldLogProbs(plan: RowPlan, samples: readonly AdvantageSample[]): tf.Tensor1D {
  const values = new Float32Array(plan.rows);
  let row = 0;
  for (const sample of plan.samples) {
    const old = samples[sample]?.oldLogProbs as Float32Array;
    values.set(old, row);
    row += old.length;
  }
  return tf.tensor1d(values);
}
