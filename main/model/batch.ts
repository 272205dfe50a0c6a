/**
 * The rows that are being decoded together: which sequence stands in which row, and their cache on the device. Rows
 * whose sequence has finished stay, idle, until the batch is laid out anew; then they leave, newcomers enter, and the
 * cache takes the next bucket of rows and columns. Buckets keep the number of traced shapes small.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';
import type { Sequence } from './sequence.js';

/** Sequences just prefilled: their cache has one row a distinct prompt, and `source` says which each sequence takes. */
export interface Entrants {
  readonly sequences: readonly Sequence[];
  readonly source: readonly number[];
  readonly cache: readonly tf.Tensor[]; // each (R, K, T, D)
}

export interface Layout {
  readonly rows: number;
  readonly columns: number;
}

export class Batch {
  private rows: (Sequence | null)[] = [];
  private tensors: readonly tf.Tensor[] = [];
  private columns = 0;

  constructor(private readonly c: ModelConfig) {}

  get sequences(): readonly (Sequence | null)[] {
    return this.rows;
  }

  get cache(): readonly tf.Tensor[] {
    return this.tensors;
  }

  get active(): Sequence[] {
    return this.rows.filter((row) => row !== null && row.finish === null) as Sequence[];
  }

  get layout(): Layout {
    return { rows: this.rows.length, columns: this.columns };
  }

  /** The cache that a step returned, in place of the one it was given. */
  replaceCache(tensors: readonly tf.Tensor[]): void {
    tf.dispose(this.tensors as tf.Tensor[]);
    this.tensors = tensors;
  }

  /** Drops finished rows, adds entrants, and makes the cache `layout`: the one copy it ever gets outside a step. */
  relayout(entrants: Entrants, layout: Layout): void {
    const stay = this.rows.flatMap((row, index) => (row !== null && row.finish === null ? [index] : []));
    const kept = stay.map((index) => this.rows[index] as Sequence);
    const idle = layout.rows - kept.length - entrants.sequences.length;
    const cache = Array.from({ length: 2 * this.c.layers }, (_, at) =>
      tf.tidy(() => {
        const parts: tf.Tensor[] = [];
        if (stay.length > 0) parts.push(select(this.tensors[at] as tf.Tensor, stay, layout.columns));
        if (entrants.source.length > 0)
          parts.push(select(entrants.cache[at] as tf.Tensor, entrants.source, layout.columns));
        if (idle > 0) parts.push(tf.zeros([idle, this.c.kvHeads, layout.columns, this.c.headDim]));
        return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 0);
      }),
    );
    this.replaceCache(cache);
    this.rows = [...kept, ...entrants.sequences, ...Array.from({ length: idle }, () => null)];
    this.columns = layout.columns;
  }

  dispose(): void {
    this.replaceCache([]);
    this.rows = [];
    this.columns = 0;
  }
}

/** Rows of a cache, cut or padded to `columns`. */
function select(cache: tf.Tensor, rows: readonly number[], columns: number): tf.Tensor {
  const [, kvHeads, width, headDim] = cache.shape as [number, number, number, number];
  const wide = cutOrPad(cache, [kvHeads, width, headDim], columns);
  return tf.gather(wide, tf.tensor1d(rows as number[], 'int32'));
}

function cutOrPad(cache: tf.Tensor, [kvHeads, width, headDim]: [number, number, number], columns: number): tf.Tensor {
  if (width === columns) return cache;
  const rows = cache.shape[0] as number;
  if (width > columns) return tf.slice(cache, [0, 0, 0, 0], [rows, kvHeads, columns, headDim]);
  return tf.concat([cache, tf.zeros([rows, kvHeads, columns - width, headDim])], 2);
}
