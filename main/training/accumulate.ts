/** Loss and gradients over several micro-batches, as if they were one batch. */
import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import type { DeviceBatch, GradientStep } from './gradients.js';

export interface BatchPart {
  readonly device: DeviceBatch;
  /** Per-row inputs of the loss that live as long as the batch. */
  readonly extras: readonly tf.Tensor[];
}

export interface AccumulateOptions<P extends BatchPart> {
  readonly step: GradientStep;
  readonly weights: readonly tf.Tensor[];
  readonly coefficients: tf.Tensor;
  /** Further per-row inputs, made when a micro-batch comes up and disposed after it. */
  readonly moreExtras?: (part: P) => tf.Tensor[];
  /** The error to throw where a sum is not finite. */
  readonly onBroken: (part: P) => Promise<Error>;
  readonly signal?: AbortSignal | undefined;
}

/** The loss's sums over all parts, and the gradients, which belong to the caller. Nothing is left behind on an error. */
export async function accumulateGradients<P extends BatchPart>(
  parts: readonly P[],
  options: AccumulateOptions<P>,
): Promise<{ sums: number[]; gradients: tf.Tensor[] }> {
  const { step, weights, coefficients, moreExtras, onBroken, signal } = options;
  let gradients = weights.map((weight) => tf.zeros(weight.shape));
  let totals: number[] = [];
  try {
    for (const part of parts) {
      await setImmediate(); // lets an abort arrive: numerics hold the thread
      signal?.throwIfAborted();
      const more = moreExtras?.(part) ?? [];
      const input = { extras: [...part.extras, ...more], coefficients, parameters: weights, accumulated: gradients };
      const result = step(part.device, input);
      tf.dispose([...more, ...gradients]);
      gradients = result.gradients;
      const sums = Array.from(await result.sums.data());
      result.sums.dispose();
      if (!sums.every(Number.isFinite)) throw await onBroken(part);
      totals = sums.map((sum, i) => sum + (totals[i] ?? 0));
    }
    return { sums: totals, gradients };
  } catch (error) {
    tf.dispose(gradients);
    throw error;
  }
}
