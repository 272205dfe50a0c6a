/**
 * Weights and optimiser moments during one step. The originals stay until `commit`, so that a step that is aborted or
 * fails half-way, after the first of several minibatches even, leaves everything as it was.
 */
import * as tf from '@tensorflow/tfjs-core';
import { zerosOnDevice } from '../compute/on-device.js';
import type { Parameters } from '../model/parameters.js';

export type Slots = readonly (readonly tf.Tensor[])[];

export class WorkingSet {
  private fresh = false;
  private slots: Slots;

  /** `owners`: the weights, then one or more sets of moments. */
  constructor(private readonly owners: readonly Parameters[]) {
    this.slots = owners.map((owner) => owner.tensors);
  }

  get(index: number): readonly tf.Tensor[] {
    return this.slots[index] as readonly tf.Tensor[];
  }

  /** New values for all owners; intermediate ones are disposed, originals are not. */
  set(slots: Slots): void {
    this.discard();
    this.slots = slots;
    this.fresh = true;
  }

  commit(): void {
    if (!this.fresh) return;
    this.owners.forEach((owner, i) => owner.replace(this.get(i)));
    this.fresh = false;
  }

  /** Drops what was not committed. */
  discard(): void {
    if (this.fresh) for (const slot of this.slots) tf.dispose([...slot]);
    this.slots = this.owners.map((owner) => owner.tensors);
    this.fresh = false;
  }
}

/** Zeros in the shapes of `parameters`. */
export function zerosLike(parameters: Parameters): tf.Tensor[] {
  return parameters.specs.map((spec) => zerosOnDevice([...spec.shape]));
}
