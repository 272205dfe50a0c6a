/** Loss and gradients over several micro-batches, as if they were one batch. */
import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import { zerosOnDevice } from '../compute/on-device.js';
import { disposing } from '../compute/steps.js';
import type { RandomKey } from '../lib/random.js';
import { dropoutSeed } from '../model/dropout.js';
import type { DeviceBatch, GradientStep, SplitWeights } from './steps.js';

export interface BatchPart {
  readonly device: DeviceBatch;
  /** Per-row inputs of the loss that live as long as the batch. */
  readonly extras: readonly tf.Tensor[];
}

export interface AccumulateOptions<P extends BatchPart> {
  readonly step: GradientStep;
  readonly weights: SplitWeights;
  readonly coefficients: tf.Tensor;
  /** Of this minibatch: what adapters leave out is drawn by it and a micro-batch's place. */
  readonly dropout?: RandomKey | undefined;
  /** Micro-batches to work on side by side. */
  readonly lanes: number;
  /** Further per-row inputs of each part, made when it comes up and disposed after it. */
  readonly moreExtras?: (parts: readonly P[]) => tf.Tensor[][];
  /** The error to throw where a sum is not finite. */
  readonly onBroken: (part: P) => Promise<Error>;
  readonly signal?: AbortSignal | undefined;
}

/** The loss's sums over all parts, and the gradients, which belong to the caller. Nothing is left behind on an error. */
export async function accumulateGradients<P extends BatchPart>(
  parts: readonly P[],
  options: AccumulateOptions<P>,
): Promise<{ sums: number[]; gradients: tf.Tensor[] }> {
  const { weights, signal, onBroken } = options;
  const lanes = Math.max(1, Math.min(options.lanes, parts.length));
  const zeros = (): tf.Tensor[] => weights.trained.map((weight) => zerosOnDevice(weight.shape));
  // Every lane adds up its own micro-batches.
  const gradients = Array.from({ length: lanes }, zeros);
  let totals: number[] = [];
  try {
    for (let start = 0; start < parts.length; start += lanes) {
      await setImmediate(); // lets an abort arrive: numerics hold the thread
      signal?.throwIfAborted();
      const group = parts.slice(start, start + lanes);
      for (const [i, sums] of (await addGroup({ group, start }, gradients, options)).entries()) {
        if (!sums.every(Number.isFinite)) throw await onBroken(group[i] as P);
        totals = sums.map((sum, at) => sum + (totals[at] ?? 0));
      }
    }
    return { sums: totals, gradients: addedUp(gradients) };
  } catch (error) {
    tf.dispose(gradients);
    throw error;
  }
}

/** Adds a part's gradients to each lane's, in place of those there. @returns the sums of each part */
async function addGroup<P extends BatchPart>(
  { group, start }: { readonly group: readonly P[]; readonly start: number },
  gradients: tf.Tensor[][],
  { step, weights, coefficients, dropout, moreExtras }: AccumulateOptions<P>,
): Promise<number[][]> {
  const more = moreExtras?.(group) ?? [];
  const seeds = dropout ? group.map((_, lane) => dropoutSeed(dropout.child(start + lane))) : [];
  const inputs = group.map((part, lane) => ({
    batch: part.device,
    extras: [...part.extras, ...(more[lane] ?? [])],
    coefficients,
    seed: seeds[lane],
    weights,
    accumulated: gradients[lane] as tf.Tensor[],
  }));
  const results = disposing([...more, seeds], () => step(inputs));
  for (const [lane, result] of results.entries()) gradients[lane] = result.gradients;
  const sums = await Promise.all(results.map(async (result) => Array.from(await result.sums.data())));
  for (const result of results) result.sums.dispose();
  return sums;
}

/** The sum over lanes, which are used up. */
function addedUp(lanes: readonly tf.Tensor[][]): tf.Tensor[] {
  const [first, ...others] = lanes as [tf.Tensor[], ...tf.Tensor[][]];
  if (others.length === 0) return first;
  const sums = first.map((gradient, i) => tf.addN([gradient, ...others.map((lane) => lane[i] as tf.Tensor)]));
  tf.dispose([...lanes]);
  return sums;
}
