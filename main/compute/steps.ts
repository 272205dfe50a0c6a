/** What every backend keeps about its compiled steps: their shape buckets, and the figures that are reported. */
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isBfloat16 } from './bfloat16.js';
import type { StepStatistics } from './compute.js';

export interface StepEntry<T> {
  readonly name: string;
  readonly buckets: Map<string, T>;
  traceMs: number;
  calls: number;
  nodes: number;
}

/** Shapes and dtypes of a step's inputs, as one key. */
export function bucketOf(inputs: readonly Tensor[]): string {
  let key = '';
  for (const tensor of inputs) {
    key += isBfloat16(tensor) ? 'h' : tensor.dtype.charAt(0);
    for (const length of tensor.shape) key += `${length},`;
  }
  return key;
}

/** A step on one set of inputs after another. Where one of them fails, the outputs of those before it are disposed. */
export function inTurn(sets: readonly (readonly Tensor[])[], run: (inputs: readonly Tensor[]) => Tensor[]): Tensor[][] {
  const made: Tensor[][] = [];
  try {
    for (const inputs of sets) made.push(run(inputs));
    return made;
  } catch (error) {
    dispose(made);
    throw error;
  }
}

/** The work's result; the tensors are disposed when it is done, or has failed. */
export function disposing<T>(tensors: Tensor[][], work: () => T): T {
  try {
    return work();
  } finally {
    dispose(tensors);
  }
}

export class StepRegistry<T> {
  private readonly entries = new Set<StepEntry<T>>();

  constructor(private readonly drop: (bucket: T) => void) {}

  /** An entry joins the registry when it first holds something, so steps nobody calls cost nothing. */
  add(name: string): StepEntry<T> {
    return { name, buckets: new Map(), traceMs: 0, calls: 0, nodes: 0 };
  }

  met(entry: StepEntry<T>, nodes: number): void {
    entry.nodes = Math.max(entry.nodes, nodes);
    this.entries.add(entry);
  }

  /** Steps of one name (one per trainer or generator built) count together. */
  statistics(): StepStatistics[] {
    const byName = new Map<string, StepStatistics>();
    for (const { name, buckets, traceMs, calls, nodes } of this.entries) {
      const sum = byName.get(name);
      byName.set(name, {
        name,
        buckets: buckets.size + (sum?.buckets ?? 0),
        traceMs: traceMs + (sum?.traceMs ?? 0),
        calls: calls + (sum?.calls ?? 0),
        nodes: Math.max(nodes, sum?.nodes ?? 0),
      });
    }
    return [...byName.values()];
  }

  forget(prefix: string): void {
    for (const entry of this.entries) {
      if (!entry.name.startsWith(prefix)) continue;
      for (const bucket of entry.buckets.values()) this.drop(bucket);
      entry.buckets.clear();
      this.entries.delete(entry);
    }
  }
}
