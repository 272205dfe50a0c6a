/**
 * The compiled steps of training over one micro-batch: forward and backward together, adding onto gradients that
 * earlier micro-batches left, and log-probabilities alone. One function serves every set of shapes of one model;
 * trainers of later phases share it, so nothing is traced again.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import type { ModelConfig } from '../model/config.js';
import { inLanes, lanesFor } from '../model/lanes.js';
import { outerWeights } from '../model/layer.js';
import { hiddenStates } from '../model/transformer.js';
import type { MicroBatch } from './batches.js';
import { headLoss, tokenLogProbs, type RowLoss } from './logprobs.js';
import { gatherRows } from './rows.js';
import { shared } from './shared-steps.js';

/** Tokens; below it, a lane would spend its time on starting ops. */
const SMALLEST_SHARE = 1024;

/** A micro-batch on the device. */
export interface DeviceBatch {
  readonly ids: tf.Tensor2D; // (B, T)
  readonly positions: tf.Tensor1D; // (N)
  readonly inverse: tf.Tensor1D; // (B·T)
  readonly targets: tf.Tensor1D; // (N)
  /** (B, T), of packed lines. */
  readonly segments: tf.Tensor2D | null;
}

export function toDevice(batch: MicroBatch): DeviceBatch {
  return {
    ids: tf.tensor2d(batch.ids, [batch.batch, batch.length], 'int32'),
    positions: tf.tensor1d(batch.positions, 'int32'),
    inverse: tf.tensor1d(batch.inverse, 'int32'),
    targets: tf.tensor1d(batch.targets, 'int32'),
    segments: batch.segments && tf.tensor2d(batch.segments, [batch.batch, batch.length], 'int32'),
  };
}

export function disposeBatch(batch: DeviceBatch): void {
  tf.dispose(inputsOf(batch));
}

/** The tensors of a batch as a compiled step takes them; `batchOf` puts them together again. */
function inputsOf({ ids, positions, inverse, targets, segments }: DeviceBatch): tf.Tensor[] {
  return [ids, positions, inverse, targets, ...(segments ? [segments] : [])];
}

/** @returns the batch, and the inputs behind it */
function batchOf(inputs: readonly tf.Tensor[], packed: boolean): { batch: DeviceBatch; rest: tf.Tensor[] } {
  const [ids, positions, inverse, targets, ...rest] = inputs as [
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
    ...tf.Tensor[],
  ];
  const segments = packed ? (rest.shift() as tf.Tensor2D) : null;
  return { batch: { ids, positions, inverse, targets, segments }, rest };
}

/** Hidden states of the completion rows, (N, d). */
function rowStates(c: ModelConfig, parameters: readonly tf.Tensor[], batch: DeviceBatch): tf.Tensor2D {
  const hidden = hiddenStates(c, parameters, batch.ids, batch.segments ?? undefined);
  const states = tf.reshape(hidden, [-1, c.hiddenSize]) as tf.Tensor2D;
  return gatherRows(states, batch.positions, batch.inverse);
}

export interface LossShape {
  /** Identifies the loss in the names of compiled steps. */
  readonly name: string;
  /** Per-row inputs (N) of the loss. */
  readonly extras: number;
  /** Makes the loss from its coefficients, a tensor that may change between calls. */
  readonly rowLoss: (coefficients: tf.Tensor) => RowLoss;
  /** Whether batches hold several sequences in a line (default false). */
  readonly packed?: boolean;
}

export interface GradientInput {
  readonly batch: DeviceBatch;
  readonly extras: readonly tf.Tensor[];
  readonly coefficients: tf.Tensor;
  readonly parameters: readonly tf.Tensor[];
  /** Gradients so far, in the order of parameters. */
  readonly accumulated: readonly tf.Tensor[];
}

/** Several micro-batches side by side, as many as the model's lanes; each has gradients of its own to add to. */
export type GradientStep = (inputs: readonly GradientInput[]) => { sums: tf.Tensor; gradients: tf.Tensor[] }[];

/** Forward and backward: the loss's sums (see `headLoss`), and gradients added to those accumulated. */
export function gradientStep(compute: Compute, c: ModelConfig, loss: LossShape): GradientStep {
  const packed = loss.packed ?? false;
  const step = shared(compute, c, `train.${loss.name}${packed ? '.packed' : ''}`, (inputs) => {
    const { batch, rest: behind } = batchOf(inputs, packed);
    const [coefficients, ...rest] = behind as [tf.Tensor, ...tf.Tensor[]];
    const extras = rest.slice(0, loss.extras);
    const count = (rest.length - loss.extras) / 2;
    const parameters = rest.slice(loss.extras, loss.extras + count);
    const accumulated = rest.slice(loss.extras + count);
    const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
      const rows = rowStates(c, weights, batch);
      const { head } = outerWeights(c, weights);
      return headLoss(rows, head, { targets: batch.targets, extras, rowLoss: loss.rowLoss(coefficients) }) as tf.Tensor;
    })(parameters);
    return [value, ...grads.map((gradient, i) => tf.add(gradient, accumulated[i] as tf.Tensor))];
  });
  return (inputs) => {
    const sets = inputs.map(({ batch, extras, coefficients, parameters, accumulated }) => [
      ...inputsOf(batch),
      coefficients,
      ...[...extras, ...parameters, ...accumulated],
    ]);
    return inLanes(compute, c, { step, sets }).map((outputs) => {
      const [sums, ...gradients] = outputs as [tf.Tensor, ...tf.Tensor[]];
      return { sums, gradients };
    });
  };
}

/**
 * How many micro-batches to work on side by side, and the bound on B·T to cut each for, so that all of them together hold
 * what the recipe allows.
 */
export function shareOut(
  compute: Compute,
  c: ModelConfig,
  microBatchTokens: number,
): { readonly lanes: number; readonly tokens: number } {
  const lanes = Math.max(1, Math.min(lanesFor(compute, c), Math.floor(microBatchTokens / SMALLEST_SHARE)));
  return { lanes, tokens: Math.floor(microBatchTokens / lanes) };
}

export type LogProbStep = (batches: readonly DeviceBatch[], parameters: readonly tf.Tensor[]) => tf.Tensor[];

/** Log-probabilities (N) of each micro-batch's completion rows. */
export function logProbStep(compute: Compute, c: ModelConfig, packed = false): LogProbStep {
  const step = shared(compute, c, packed ? 'logprobs.packed' : 'logprobs', (inputs) => {
    const { batch, rest: parameters } = batchOf(inputs, packed);
    const { head } = outerWeights(c, parameters);
    return [tokenLogProbs(rowStates(c, parameters, batch), head, batch.targets).logp];
  });
  return (batches, parameters) => {
    const sets = batches.map((batch) => [...inputsOf(batch), ...parameters]);
    return inLanes(compute, c, { step, sets }).map(([logp]) => logp as tf.Tensor);
  };
}
