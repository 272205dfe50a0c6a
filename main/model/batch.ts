/**
 * The rows that are being decoded together: which sequence stands in which row, and their cache on the device. The rows
 * are dealt into lanes of equal size, each with a cache of its own, so that lanes can be decoded side by side. Rows
 * whose sequence has finished stay, idle, until the batch is laid out anew; then they leave, newcomers enter, and the
 * cache takes the next bucket of rows and columns. Buckets keep the number of traced shapes small.
 */
import * as tf from '@tensorflow/tfjs-core';
import { zerosOnDevice } from '../compute/on-device.js';
import type { ModelConfig } from './config.js';
import type { Sequence } from './sequence.js';

/** Sequences just prefilled: their cache has one row a distinct prompt, and `source` says which each sequence takes. */
export interface Entrants {
  readonly sequences: readonly Sequence[];
  readonly source: readonly number[];
  readonly cache: readonly tf.Tensor[]; // each (R, K, T, D)
}

export interface Layout {
  readonly lanes: number;
  /** Rows of one lane. */
  readonly rows: number;
  readonly columns: number;
}

export interface Lane {
  /** Null where a row only fills the bucket. */
  readonly sequences: readonly (Sequence | null)[];
  /** Keys and values of layer 0, of layer 1, …, each (B, K, C, D). */
  readonly cache: readonly tf.Tensor[];
  /** Of wide models, whose rows have their completions alone in the cache. */
  readonly prompts: SharedPrompts | null;
}

/** Prompts of a batch of B rows on the device: P of them, S slots each. */
export interface SharedPrompts {
  /** Keys and values of layer 0, of layer 1, …, each (P, K, C, D). */
  readonly cache: readonly tf.Tensor[];
  readonly lengths: tf.Tensor1D; // (P) int32, columns filled
  readonly slotRows: tf.Tensor1D; // (P·S) int32, the row of each slot; any where the slot is empty
  readonly rowSlots: tf.Tensor1D; // (B) int32, the slot of each row
  readonly starts: tf.Tensor1D; // (B) int32, the position of a row's own column 0
}

export interface DecodingBatch {
  readonly lanes: readonly Lane[];
  /** Those still at work. */
  readonly active: Sequence[];
  readonly layout: Layout;
  /** Columns a sequence has filled in its row. */
  columnsOf(sequence: Sequence): number;
  /** The caches that a step returned, lane by lane, in place of those it was given. */
  replaceCaches(caches: readonly (readonly tf.Tensor[])[]): void;
  /** Drops finished rows, adds entrants, and makes the cache `layout`: the one copy it ever gets outside a step. */
  relayout(entrants: Entrants, layout: Layout): void;
  dispose(): void;
}

/** A sequence on its way into a new layout, with the row of the cache that holds its past. */
interface Move {
  readonly sequence: Sequence;
  readonly cache: readonly tf.Tensor[];
  readonly row: number;
}

export class Batch implements DecodingBatch {
  private current: readonly Lane[] = [];
  private columns = 0;

  constructor(private readonly c: ModelConfig) {}

  get lanes(): readonly Lane[] {
    return this.current;
  }

  get active(): Sequence[] {
    return this.moves().map((move) => move.sequence);
  }

  get layout(): Layout {
    return { lanes: this.current.length, rows: this.current[0]?.sequences.length ?? 0, columns: this.columns };
  }

  columnsOf(sequence: Sequence): number {
    return sequence.cached;
  }

  replaceCaches(caches: readonly (readonly tf.Tensor[])[]): void {
    for (const { cache } of this.current) tf.dispose(cache as tf.Tensor[]);
    this.current = this.current.map((lane, i) => ({ ...lane, cache: caches[i] ?? [] }));
  }

  relayout(entrants: Entrants, { lanes, rows, columns }: Layout): void {
    const entering = entrants.sequences.map((sequence, i) => ({
      sequence,
      cache: entrants.cache,
      row: entrants.source[i] as number,
    }));
    const moves = [...this.moves(), ...entering];
    const dealt = Array.from({ length: lanes }, (_, lane) => moves.slice(lane * rows, (lane + 1) * rows));
    const caches: tf.Tensor[][] = dealt.map(() => []);
    try {
      for (let at = 0; at < 2 * this.c.layers; at++) {
        for (const [lane, here] of dealt.entries()) {
          caches[lane]?.push(this.collect(here, at, { idle: rows - here.length, columns }));
        }
        // One layer after the other, so that hardly more than one cache exists at a time.
        for (const { cache } of this.current) cache[at]?.dispose();
      }
    } catch (error) {
      tf.dispose(caches);
      throw error;
    }
    this.current = dealt.map((here, lane) => ({
      sequences: [...here.map((move) => move.sequence), ...Array.from({ length: rows - here.length }, () => null)],
      cache: caches[lane] ?? [],
      prompts: null,
    }));
    this.columns = columns;
  }

  dispose(): void {
    this.replaceCaches([]);
    this.current = [];
    this.columns = 0;
  }

  /** Every sequence still at work, from where it stands. */
  private moves(): Move[] {
    return this.current.flatMap(({ sequences, cache }) =>
      sequences.flatMap((sequence, row) =>
        sequence !== null && sequence.finish === null ? [{ sequence, cache, row }] : [],
      ),
    );
  }

  /** Tensor `at` of a lane's cache, from wherever its rows stood. */
  private collect(moves: readonly Move[], at: number, { idle, columns }: { idle: number; columns: number }): tf.Tensor {
    const sources = [...new Set(moves.map((move) => move.cache))];
    return tf.tidy(() => {
      const parts = sources.map((cache) => {
        const rows = moves.filter((move) => move.cache === cache).map((move) => move.row);
        return select(cache[at] as tf.Tensor, rows, columns);
      });
      if (idle > 0) parts.push(zerosOnDevice([idle, this.c.kvHeads, columns, this.c.headDim]));
      return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 0);
    });
  }
}

/** Rows of a cache (B, K, C, D), cut or padded to `columns`. */
export function select(cache: tf.Tensor, rows: readonly number[], columns: number): tf.Tensor {
  return tf.gather(cutOrPad(cache, columns), tf.tensor1d(rows as number[], 'int32'));
}

export function cutOrPad(cache: tf.Tensor, columns: number): tf.Tensor {
  const [rows, kvHeads, width, headDim] = cache.shape as [number, number, number, number];
  if (width === columns) return cache;
  if (width > columns) return tf.slice(cache, [0, 0, 0, 0], [rows, kvHeads, columns, headDim]);
  return tf.concat([cache, zerosOnDevice([rows, kvHeads, columns - width, headDim])], 2);
}
