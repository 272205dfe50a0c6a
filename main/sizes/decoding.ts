/** How many sequences are decoded together, and what their keys and values take. Pure. */
import { isNarrow, type NetworkSize } from './network.js';

/** Keys and values of a whole batch may take this much. */
const CACHE_BYTES = { narrow: 2 ** 30, wide: 2 ** 31 };
/** More rows than this win nothing: the matrix products are at full speed, and the cache no longer fits near the core. */
const LARGEST_BATCH = 1024;
/** Caches grow by so many columns at a time. */
export const COLUMN_BUCKET = 32;

const FLOAT = 4;

/** What is to be decoded. */
export interface DecodingWork {
  readonly sequences: number;
  /** Distinct prompts among them. */
  readonly prompts: number;
  /** Tokens of the longest prompt, and the most that a sequence may write. */
  readonly promptTokens: number;
  readonly newTokens: number;
  /** The longest prompt and completion together, where both ends are not the same sequence's. */
  readonly rowTokens?: number;
  /** Tokens that are written in one call. */
  readonly steps: number;
}

/** Bytes of a row's keys and values. */
function rowBytes({ layers, kvHeads, headDim }: NetworkSize, columns: number): number {
  return 2 * layers * kvHeads * headDim * Math.ceil(columns / COLUMN_BUCKET) * COLUMN_BUCKET * FLOAT;
}

/** Bytes a sequence takes: in a wide model a prompt stands there once for all its samples. */
function sequenceBytes(c: NetworkSize, work: DecodingWork): number {
  const { sequences, prompts, promptTokens, newTokens, steps } = work;
  if (isNarrow(c)) return rowBytes(c, (work.rowTokens ?? promptTokens + newTokens) + steps);
  return rowBytes(c, newTokens + steps) + rowBytes(c, promptTokens) * (prompts / Math.max(1, sequences));
}

/** Rows that are decoded together. */
export function rowsThatFit(c: NetworkSize, work: DecodingWork): number {
  const each = sequenceBytes(c, work);
  if (isNarrow(c)) {
    const fitting = Math.max(1, Math.floor(CACHE_BYTES.narrow / each));
    return Math.min(LARGEST_BATCH, 2 ** Math.floor(Math.log2(fitting)));
  }
  const { sequences } = work;
  // Waves of one size: a small last one would have the weights read for few rows.
  const most = Math.min(LARGEST_BATCH, Math.max(1, Math.floor(CACHE_BYTES.wide / each)));
  return Math.max(1, Math.min(most, Math.ceil(sequences / Math.max(1, Math.ceil(sequences / most)))));
}

/** Bytes of the keys and values of all rows that are decoded together, when the longest are as long as they may be. */
export function cacheBytes(c: NetworkSize, work: DecodingWork): number {
  return Math.min(rowsThatFit(c, work), Math.max(1, work.sequences)) * sequenceBytes(c, work);
}
