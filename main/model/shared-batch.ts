/**
 * The rows of a wide model that are being decoded together. The keys and values of a prompt stand there once for all its
 * samples, and a row's own cache holds its completion only: what a step reads, and what a batch takes, is the less the more
 * samples a prompt has. Slots bring rows together by prompt: prompt p's rows are those of slots p·S … p·S + S − 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { zerosOnDevice } from '../compute/on-device.js';
import {
  cutOrPad,
  select,
  type DecodingBatch,
  type Entrants,
  type Lane,
  type Layout,
  type SharedPrompts,
} from './batch.js';
import type { ModelConfig } from './config.js';
import type { Sequence } from './sequence.js';

/** Where the keys and values of a request's prompt stand. */
interface PromptSource {
  readonly cache: readonly tf.Tensor[];
  readonly row: number;
}

/** A sequence on its way into a new layout; `row` of the present caches holds its past, null: it has none yet. */
interface Move {
  readonly sequence: Sequence;
  readonly row: number | null;
}

export class SharedBatch implements DecodingBatch {
  private rows: readonly (Sequence | null)[] = [];
  private own: readonly tf.Tensor[] = []; // each (B, K, C, D)
  private prompts: SharedPrompts | null = null;
  /** Requests in the order of their prompts. */
  private requests: readonly number[] = [];
  private columns = 0;

  constructor(private readonly c: ModelConfig) {}

  get lanes(): readonly Lane[] {
    return this.prompts === null ? [] : [{ sequences: this.rows, cache: this.own, prompts: this.prompts }];
  }

  get active(): Sequence[] {
    return this.moves().map(({ sequence }) => sequence);
  }

  get layout(): Layout {
    return { lanes: this.prompts === null ? 0 : 1, rows: this.rows.length, columns: this.columns };
  }

  columnsOf(sequence: Sequence): number {
    return sequence.tokens.length;
  }

  replaceCaches(caches: readonly (readonly tf.Tensor[])[]): void {
    tf.dispose(this.own as tf.Tensor[]);
    this.own = caches[0] ?? [];
  }

  relayout(entrants: Entrants, { rows, columns }: Layout): void {
    const moves: Move[] = [...this.moves(), ...entrants.sequences.map((sequence) => ({ sequence, row: null }))];
    const own: tf.Tensor[] = [];
    let prompts: SharedPrompts | null = null;
    const requests = [...new Set(moves.map(({ sequence }) => sequence.place.request))];
    try {
      prompts = this.promptsOf(moves, requests, { entrants, rows });
      for (let at = 0; at < 2 * this.c.layers; at++) {
        own.push(this.collect(moves, at, { rows, columns }));
        // One layer after the other, so that hardly more than one cache exists at a time.
        this.own[at]?.dispose();
      }
    } catch (error) {
      tf.dispose(own);
      if (prompts) disposePrompts(prompts, this.prompts);
      throw error;
    }
    if (this.prompts) disposePrompts(this.prompts, prompts);
    this.rows = [...moves.map(({ sequence }) => sequence), ...Array.from({ length: rows - moves.length }, () => null)];
    [this.own, this.prompts, this.requests, this.columns] = [own, prompts, requests, columns];
  }

  dispose(): void {
    this.replaceCaches([]);
    if (this.prompts) disposePrompts(this.prompts, null);
    [this.rows, this.prompts, this.requests, this.columns] = [[], null, [], 0];
  }

  /** Every sequence still at work, from where it stands. */
  private moves(): Move[] {
    return this.rows.flatMap((sequence, row) =>
      sequence !== null && sequence.finish === null ? [{ sequence, row }] : [],
    );
  }

  private promptsOf(
    moves: readonly Move[],
    requests: readonly number[],
    { entrants, rows }: { readonly entrants: Entrants; readonly rows: number },
  ): SharedPrompts {
    const lengths = requests.map(() => 0);
    const indexOf = new Map(requests.map((request, index) => [request, index]));
    const members = requests.map((): number[] => []);
    moves.forEach(({ sequence }, row) => {
      const index = indexOf.get(sequence.place.request) as number;
      members[index]?.push(row);
      lengths[index] = sequence.prompt.length - 1;
    });
    const slots = Math.max(1, ...members.map(({ length }) => length));
    const slotRows = new Int32Array(requests.length * slots);
    const [rowSlots, starts] = [new Int32Array(rows), new Int32Array(rows)];
    members.forEach((of, index) => {
      of.forEach((row, slot) => {
        slotRows[index * slots + slot] = row;
        rowSlots[row] = index * slots + slot;
        starts[row] = lengths[index] as number;
      });
    });
    const cache = this.promptCaches(requests, entrants);
    const ints = (values: ArrayLike<number>): tf.Tensor1D => tf.tensor1d(Int32Array.from(values), 'int32');
    return {
      ...{ cache, lengths: ints(lengths) },
      ...{ slotRows: ints(slotRows), rowSlots: ints(rowSlots), starts: ints(starts) },
    };
  }

  private promptCaches(requests: readonly number[], entrants: Entrants): readonly tf.Tensor[] {
    const known = this.prompts?.cache ?? [];
    const same = requests.length === this.requests.length && requests.every((one, i) => one === this.requests[i]);
    if (same) return known;
    const sources = new Map<number, PromptSource>();
    entrants.sequences.forEach(({ place }, i) => {
      sources.set(place.request, { cache: entrants.cache, row: entrants.source[i] as number });
    });
    this.requests.forEach((request, row) => sources.set(request, { cache: known, row }));
    const wanted = requests.map((request) => sources.get(request) as PromptSource);
    const columns = Math.max(...wanted.map(({ cache }) => widthOf(cache)));
    const made: tf.Tensor[] = [];
    try {
      for (let at = 0; at < 2 * this.c.layers; at++) made.push(stacked(wanted, at, columns));
      return made;
    } catch (error) {
      tf.dispose(made);
      throw error;
    }
  }

  /** Tensor `at` of the rows' own caches; those that begin find zeros, which nothing sees. */
  private collect(moves: readonly Move[], at: number, { rows, columns }: { rows: number; columns: number }): tf.Tensor {
    return tf.tidy(() => {
      const past = moves.flatMap(({ row }) => (row === null ? [] : [row]));
      const parts = past.length > 0 ? [select(this.own[at] as tf.Tensor, past, columns)] : [];
      const empty = rows - past.length;
      if (empty > 0) parts.push(zerosOnDevice([empty, this.c.kvHeads, columns, this.c.headDim]));
      return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 0);
    });
  }
}

/** Tensor `at` of every prompt, in order: (P, K, columns, D). */
function stacked(wanted: readonly PromptSource[], at: number, columns: number): tf.Tensor {
  return tf.tidy(() => {
    const caches = [...new Set(wanted.map(({ cache }) => cache))];
    const tables = caches.map((cache) => cutOrPad(cache[at] as tf.Tensor, columns));
    let before = 0;
    const offsets = new Map(
      caches.map((cache, i) => {
        const offset = before;
        before += tables[i]?.shape[0] as number;
        return [cache, offset];
      }),
    );
    const index = wanted.map(({ cache, row }) => (offsets.get(cache) as number) + row);
    const all = tables.length === 1 ? (tables[0] as tf.Tensor) : tf.concat(tables, 0);
    return tf.gather(all, tf.tensor1d(index, 'int32'));
  });
}

function widthOf(cache: readonly tf.Tensor[]): number {
  return cache[0]?.shape[2] as number;
}

/** What `kept` has of them stays. */
function disposePrompts(prompts: SharedPrompts, kept: SharedPrompts | null): void {
  tf.dispose([prompts.lengths, prompts.slotRows, prompts.rowSlots, prompts.starts]);
  if (prompts.cache !== kept?.cache) tf.dispose(prompts.cache as tf.Tensor[]);
}
