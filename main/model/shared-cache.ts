/**
 * Attention of one new token a row over its prompt, whose keys and values stand there once for all its samples, and over
 * the columns of its own. The two are attended to apart and put together by their sums of exponentials, which is softmax
 * over both (the online softmax of arXiv 1805.02867; sharing the prefix so, arXiv 2402.05099).
 */
import * as tf from '@tensorflow/tfjs-core';
import { withRows } from '../compute/update-rows.js';
import type { ModelConfig } from './config.js';
import { maskBeyond, type Newcomer } from './kv-cache.js';

/** What all layers of a step need to know of the rows, as `sharedPlaces` makes it. */
export interface SharedPlaces {
  readonly mask: tf.Tensor; // (B, 1, 1, C): 0 where a row may look, MASKED where not
  readonly slots: tf.Tensor1D; // (B·K) int32, where the newcomers stand in the flattened cache
  readonly promptMask: tf.Tensor; // (P, 1, 1, C')
  readonly slotRows: tf.Tensor1D; // (P·S) int32
  readonly rowSlots: tf.Tensor1D; // (B) int32
}

/** Tensors of places. */
export const PLACES = 5;

/** From the own columns filled (B), and the prompts' (P). */
export function sharedPlaces(
  c: ModelConfig,
  { lengths, promptLengths }: { readonly lengths: tf.Tensor; readonly promptLengths: tf.Tensor },
  { columns, promptColumns }: { readonly columns: number; readonly promptColumns: number },
): Pick<SharedPlaces, 'mask' | 'slots' | 'promptMask'> {
  const [batch, prompts] = [lengths.size, promptLengths.size];
  const rows = tf.mul(tf.range(0, batch * c.kvHeads, 1, 'int32'), tf.scalar(columns, 'int32'));
  const slots = tf.add(tf.reshape(rows, [batch, c.kvHeads]), tf.reshape(lengths, [batch, 1]));
  const last = tf.sub(tf.reshape(promptLengths, [prompts, 1]), tf.scalar(1, 'int32'));
  return {
    mask: tf.reshape(maskBeyond(tf.reshape(lengths, [batch, 1]), columns), [batch, 1, 1, columns]),
    slots: tf.reshape(slots, [batch * c.kvHeads]),
    promptMask: tf.reshape(maskBeyond(last, promptColumns), [prompts, 1, 1, promptColumns]),
  };
}

export function placesFrom(tensors: readonly tf.Tensor[]): SharedPlaces {
  const [mask, slots, promptMask, slotRows, rowSlots] = tensors as [
    tf.Tensor,
    tf.Tensor1D,
    tf.Tensor,
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  return { mask, slots, promptMask, slotRows, rowSlots };
}

/** The keys and values of one layer: `own` each (B, K, C, D), `prompts` each (P, K, C', D). */
export interface SharedLayer {
  readonly own: readonly [tf.Tensor, tf.Tensor];
  readonly prompts: readonly [tf.Tensor, tf.Tensor];
}

/** One layer's cache for one step. */
export class SharedCache {
  private readonly tensors: [tf.Tensor, tf.Tensor];

  constructor(
    private readonly c: ModelConfig,
    private readonly layer: SharedLayer,
    private readonly places: SharedPlaces,
  ) {
    this.tensors = [...layer.own];
  }

  /** Appends the newcomer to its row and attends: (B, K, G, D). */
  attend({ queries, keys, values }: Newcomer): tf.Tensor {
    this.tensors[0] = this.appended(this.tensors[0], keys);
    this.tensors[1] = this.appended(this.tensors[1], values);
    const own = partOf(queries, this.tensors, this.places.mask);
    const ofPrompt = this.toRows(partOf(this.toSlots(queries), this.layer.prompts, this.places.promptMask));
    return together(own, ofPrompt);
  }

  /** The rows' own keys and values, with the newcomers in them. */
  get grown(): readonly tf.Tensor[] {
    return this.tensors;
  }

  private appended(table: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    const width = this.c.headDim;
    const flat = tf.reshape(table, [-1, width]) as tf.Tensor2D;
    const newcomers = tf.reshape(rows, [-1, width]);
    return tf.reshape(withRows(flat, this.places.slots, newcomers), table.shape);
  }

  /** (B, K, G, D) → (P, K, S·G, D). */
  private toSlots(queries: tf.Tensor): tf.Tensor {
    const { kvHeads, headDim } = this.c;
    const { promptMask, slotRows } = this.places;
    const [batch, , group] = queries.shape as [number, number, number];
    const prompts = promptMask.shape[0] as number;
    const slots = slotRows.size / prompts;
    const flat = tf.gather(tf.reshape(queries, [batch, kvHeads * group * headDim]), slotRows);
    const byPrompt = tf.transpose(tf.reshape(flat, [prompts, slots, kvHeads, group * headDim]), [0, 2, 1, 3]);
    return tf.reshape(byPrompt, [prompts, kvHeads, slots * group, headDim]);
  }

  /** (P, K, S·G, D) and (P, K, S·G, 1) → (B, K, G, D) and (B, K, G, 1). */
  private toRows({ sum, top, mixed }: Part): Part {
    const { kvHeads, heads, headDim } = this.c;
    const { rowSlots } = this.places;
    const [prompts, , rows] = mixed.shape as [number, number, number];
    const group = heads / kvHeads;
    const width = headDim + 2;
    const all = tf.reshape(tf.concat([mixed, sum, top], -1), [prompts, kvHeads, rows / group, group * width]);
    const bySlot = tf.reshape(tf.transpose(all, [0, 2, 1, 3]), [(prompts * rows) / group, heads * width]);
    const given = tf.reshape(tf.gather(bySlot, rowSlots), [rowSlots.size, kvHeads, group, width]);
    const [m, s, t] = tf.split(given, [headDim, 1, 1], -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { mixed: m, sum: s, top: t };
  }
}

/** Attention over some of the columns: Σ exp(score − top) · value, Σ exp(score − top), and the largest score. */
interface Part {
  readonly mixed: tf.Tensor; // (…, D)
  readonly sum: tf.Tensor; // (…, 1)
  readonly top: tf.Tensor; // (…, 1)
}

function partOf(queries: tf.Tensor, [keys, values]: readonly tf.Tensor[], mask: tf.Tensor): Part {
  const scores = tf.add(tf.matMul(queries, keys as tf.Tensor, false, true), mask);
  const top = tf.max(scores, -1, true);
  const weights = tf.exp(tf.sub(scores, top));
  return { mixed: tf.matMul(weights, values as tf.Tensor), sum: tf.sum(weights, -1, true), top };
}

/** Softmax over the columns of both. Where a prompt has no columns its top is MASKED, and its share exactly 0. */
function together(a: Part, b: Part): tf.Tensor {
  const top = tf.maximum(a.top, b.top);
  const [ofA, ofB] = [tf.exp(tf.sub(a.top, top)), tf.exp(tf.sub(b.top, top))];
  const mixed = tf.add(tf.mul(a.mixed, ofA), tf.mul(b.mixed, ofB));
  return tf.div(mixed, tf.add(tf.mul(a.sum, ofA), tf.mul(b.sum, ofB)));
}
