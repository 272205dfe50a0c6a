/**
 * Keys and values of the tokens seen so far, and attention of one new token a row over them.
 *
 * A row is left-aligned: column t of a layer's (B, K, C, D) holds the rotated key, or the value, of position t, so that
 * rows of any length stand side by side, and what a row may see is `column ≤ position`. Nothing copies the
 * cache at each token: where the backend writes in place, a token goes straight to its column; elsewhere the tokens of
 * one block stay apart, a few columns wide, and join the rest once, when the block ends.
 */
import * as tf from '@tensorflow/tfjs-core';
import { inPlace, updatesInPlace } from '../compute/update-rows.js';
import { MASKED } from './attention.js';
import type { ModelConfig } from './config.js';

/** One new token of every row, in one layer. */
export interface Newcomer {
  readonly queries: tf.Tensor; // (B, K, G, D), rotated and scaled
  readonly keys: tf.Tensor; // (B, K, D), rotated
  readonly values: tf.Tensor; // (B, K, D)
}

/** A cache within one block of steps. Steps are taken in order, and all layers within a step. */
export interface BlockCache {
  /** Appends the newcomer to its row and attends: (B, K, G, D). */
  attend(layer: number, step: number, newcomer: Newcomer): tf.Tensor;
  /** The tensors given, with the block's keys and values in them. */
  finish(): tf.Tensor[];
}

/** Keys and values of layer 0, of layer 1, …; lengths (B) int32 are the columns filled. */
export interface BlockStart {
  readonly tensors: readonly tf.Tensor[]; // each (B, K, C, D)
  readonly lengths: tf.Tensor1D;
  readonly steps: number;
}

export function openBlock(c: ModelConfig, start: BlockStart): BlockCache {
  return updatesInPlace() ? new InPlaceCache(start) : new SegmentedCache(c, start);
}

/** For every row and step, 0 where the row may look and MASKED beyond `last` (N, 1): (N, C). */
export function maskBeyond(last: tf.Tensor, capacity: number): tf.Tensor {
  return tf.mul(tf.cast(tf.greater(tf.range(0, capacity, 1, 'int32'), last), 'float32'), MASKED);
}

/** Where column `lengths` of every row stands in the flattened cache: (B, K) int32. */
function firstSlots({ tensors, lengths }: BlockStart): tf.Tensor {
  const [batch, kvHeads, capacity] = (tensors[0] as tf.Tensor).shape as [number, number, number];
  const rows = tf.mul(tf.range(0, batch * kvHeads, 1, 'int32'), tf.scalar(capacity, 'int32'));
  return tf.add(tf.reshape(rows, [batch, kvHeads]), tf.reshape(lengths, [batch, 1]));
}

class InPlaceCache implements BlockCache {
  private readonly tensors: tf.Tensor[];
  private readonly masks: readonly tf.Tensor[]; // per step (B, 1, 1, C)
  private readonly slots: readonly tf.Tensor1D[]; // per step (B·K)

  constructor(start: BlockStart) {
    const [batch, kvHeads, capacity] = (start.tensors[0] as tf.Tensor).shape as [number, number, number];
    const { steps, lengths } = start;
    this.tensors = [...start.tensors];
    const offsets = tf.reshape(tf.range(0, steps, 1, 'int32'), [steps, 1]);
    const positions = tf.reshape(tf.add(offsets, lengths), [steps * batch, 1]);
    this.masks = tf
      .split(maskBeyond(positions, capacity), steps, 0)
      .map((mask) => tf.reshape(mask, [batch, 1, 1, capacity]));
    const slots = tf.add(offsets, tf.reshape(firstSlots(start), [1, batch * kvHeads]));
    this.slots = tf.split(slots, steps, 0).map((slot) => tf.reshape(slot, [batch * kvHeads]));
  }

  attend(layer: number, step: number, { queries, keys, values }: Newcomer): tf.Tensor {
    const allKeys = this.write(2 * layer, step, keys);
    const allValues = this.write(2 * layer + 1, step, values);
    const scores = tf.add(tf.matMul(queries, allKeys, false, true), this.masks[step] as tf.Tensor);
    return tf.matMul(tf.softmax(scores), allValues);
  }

  finish(): tf.Tensor[] {
    return this.tensors;
  }

  private write(at: number, step: number, rows: tf.Tensor): tf.Tensor {
    const table = this.tensors[at] as tf.Tensor;
    const width = table.shape[3] as number;
    const flat = tf.reshape(table, [-1, width]) as tf.Tensor2D;
    const index = this.slots[step] as tf.Tensor1D;
    const written = inPlace('InplaceUpdate', flat, { index, rows: tf.reshape(rows, [-1, width]) });
    return (this.tensors[at] = tf.reshape(written, table.shape));
  }
}

class SegmentedCache implements BlockCache {
  private readonly recent: tf.Tensor[][];
  private readonly mask: tf.Tensor; // (B, 1, 1, C)

  constructor(
    private readonly c: ModelConfig,
    private readonly start: BlockStart,
  ) {
    const [batch, , capacity] = (start.tensors[0] as tf.Tensor).shape as [number, number, number];
    this.recent = start.tensors.map(() => []);
    const last = tf.sub(tf.reshape(start.lengths, [batch, 1]), tf.scalar(1, 'int32'));
    this.mask = tf.reshape(maskBeyond(last, capacity), [batch, 1, 1, capacity]);
  }

  attend(layer: number, _step: number, { queries, keys, values }: Newcomer): tf.Tensor {
    const [pastKeys, pastValues] = [this.start.tensors[2 * layer], this.start.tensors[2 * layer + 1]] as [
      tf.Tensor,
      tf.Tensor,
    ];
    const newKeys = this.append(2 * layer, keys); // (B, K, s + 1, D)
    const newValues = this.append(2 * layer + 1, values);
    const past = tf.add(tf.matMul(queries, pastKeys, false, true), this.mask);
    const weights = tf.softmax(tf.concat([past, tf.matMul(queries, newKeys, false, true)], -1));
    const widths = [pastKeys.shape[2] as number, newKeys.shape[2] as number];
    const [onPast, onNew] = tf.split(weights, widths, -1) as [tf.Tensor, tf.Tensor];
    return tf.add(tf.matMul(onPast, pastValues), tf.matMul(onNew, newValues));
  }

  finish(): tf.Tensor[] {
    const { steps, tensors } = this.start;
    const slots = tf.add(tf.expandDims(firstSlots(this.start), 2), tf.range(0, steps, 1, 'int32')); // (B, K, S)
    const index = tf.reshape(slots, [slots.size, 1]);
    return tensors.map((table, at) => {
      const rows = tf.reshape(tf.concat(this.recent[at] as tf.Tensor[], 2), [-1, this.c.headDim]);
      return tf.reshape(tf.tensorScatterUpdate(tf.reshape(table, [-1, this.c.headDim]), index, rows), table.shape);
    });
  }

  private append(at: number, rows: tf.Tensor): tf.Tensor {
    const segment = this.recent[at] as tf.Tensor[];
    segment.push(tf.reshape(rows, [rows.shape[0] as number, this.c.kvHeads, 1, this.c.headDim]));
    return segment.length === 1 ? (segment[0] as tf.Tensor) : tf.concat(segment, 2);
  }
}
