/** The parts of a narrow model's batch that the processor's cores work on side by side. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute } from '../compute/compute.js';
import { inTurn } from '../compute/steps.js';
import { isNarrow } from '../sizes/network.js';
import type { ModelConfig } from './config.js';

/** How many parts of a batch to work on side by side; 1 for plain calls. */
export function lanesFor(compute: Compute, c: ModelConfig): number {
  return isNarrow(c) ? compute.lanes : 1;
}

/** The step on every part of a batch, side by side where the model has lanes. */
export function inLanes(
  compute: Compute,
  c: ModelConfig,
  { step, sets }: { readonly step: CompiledStep; readonly sets: readonly (readonly Tensor[])[] },
): Tensor[][] {
  return lanesFor(compute, c) > 1 ? step.each(sets) : inTurn(sets, step);
}
