/**
 * How generation cuts its work into shapes: lanes, rows a lane, columns a cache, tokens a block, prompts a prefill. All are
 * rounded up to few buckets, for every set of shapes is traced once, and depend on the model and the requests only.
 */
import { LabError } from '../lib/errors.js';
import { COLUMN_BUCKET, rowsThatFit } from '../sizes/decoding.js';
import { isNarrow } from '../sizes/network.js';
import type { Layout } from './batch.js';
import type { ModelConfig } from './config.js';
import type { Sequence } from './sequence.js';

/** Blocks of narrow models are unrolled to about this many layers, so that a graph stays small enough to trace quickly. */
const UNROLLED_LAYERS = 24;
const MAX_STEPS = 8;
/** Tokens of one prefill at most; longer single prompts still run, alone. */
const PREFILL_TOKENS = 16_384;
const FEWEST_IN_LANE = 16;

export interface PrefillChunk {
  readonly ids: Int32Array; // (rows, columns)
  readonly rows: number;
  readonly columns: number;
  /** Rows that hold a prompt; the rest fill the bucket. */
  readonly used: number;
}

export interface GenerationPlan {
  readonly maxBatch: number;
  /**
   * Waiting sequences enter when no more than this many rows are at work. Sooner costs more relayouts, later more idle
   * rows: at half of the batch 1.32 rows were computed a token kept (nano, 15,000 sequences), at seven eighths 1.13.
   */
  readonly refillAt: number;
  /** Tokens a block. */
  readonly steps: number;
  /** Bucketed shape for `rows` sequences of which the longest has `cached` columns of its own. */
  layout(rows: number, cached: number): Layout;
  prefillChunks(prompts: readonly (readonly number[])[]): PrefillChunk[];
}

export function planFor(
  c: ModelConfig,
  wanted: {
    readonly sequences: readonly Sequence[];
    /** Most lanes to deal the rows into. */
    readonly lanes: number;
    readonly maxBatch?: number | undefined;
  },
): GenerationPlan {
  const steps = isNarrow(c) ? Math.max(1, Math.min(MAX_STEPS, Math.floor(UNROLLED_LAYERS / c.layers))) : 1;
  // A narrow model spends its time on the number of operations, not on idle rows; a wide one the other way round.
  const fewest = isNarrow(c) ? 32 : 1;
  const maxBatch = wanted.maxBatch ?? batchThatFits(c, wanted.sequences, steps);
  if (!(Number.isInteger(maxBatch) && maxBatch > 0)) {
    throw new LabError('usage', `maxBatch is ${maxBatch}; it must be a whole number above 0.`);
  }
  return {
    maxBatch,
    refillAt: Math.floor((maxBatch * 7) / 8),
    steps,
    layout: (rows, cached) => ({
      ...(isNarrow(c)
        ? dealt(Math.max(rows, Math.min(fewest, powerOfTwo(maxBatch))), wanted.lanes)
        : { lanes: 1, rows: eighths(rows) }),
      columns: roundUp(cached + steps, COLUMN_BUCKET),
    }),
    prefillChunks: (prompts) => chunksOf(prompts, fewest === 1 ? 1 : 8),
  };
}

function batchThatFits(c: ModelConfig, sequences: readonly Sequence[], steps: number): number {
  const longest = (of: (sequence: Sequence) => number): number =>
    sequences.reduce((most, sequence) => Math.max(most, of(sequence)), 0);
  return rowsThatFit(c, {
    sequences: sequences.length,
    prompts: new Set(sequences.map(({ place }) => place.request)).size,
    promptTokens: longest(({ prompt }) => prompt.length),
    newTokens: longest(({ limit }) => limit),
    rowTokens: longest(({ prompt, limit }) => prompt.length + limit),
    steps,
  });
}

/** Lanes, and the bucket of rows of one; not so many lanes that their rows would be too few. */
function dealt(rows: number, most: number): { lanes: number; rows: number } {
  const each = rowBucket(Math.max(Math.ceil(rows / most), Math.min(rows, FEWEST_IN_LANE)));
  return { lanes: Math.ceil(rows / each), rows: each };
}

/** Prompts of all chunks are padded to the longest of all, so that their caches can be joined. */
function chunksOf(prompts: readonly (readonly number[])[], fewest: number): PrefillChunk[] {
  const columns = roundUp(Math.max(1, ...prompts.map((prompt) => prompt.length)), COLUMN_BUCKET / 2);
  const most = Math.max(1, 2 ** Math.floor(Math.log2(PREFILL_TOKENS / columns)));
  const chunks: PrefillChunk[] = [];
  for (let start = 0; start < prompts.length; start += most) {
    const part = prompts.slice(start, start + most);
    const rows = powerOfTwo(Math.max(part.length, Math.min(fewest, most)));
    const ids = new Int32Array(rows * columns);
    part.forEach((prompt, row) => ids.set(prompt, row * columns));
    chunks.push({ ids, rows, columns, used: part.length });
  }
  return chunks;
}

/** Powers of two, and three quarters of them where idle rows would cost more than another trace. */
function rowBucket(rows: number): number {
  const bucket = powerOfTwo(rows);
  return bucket >= 128 && rows <= (bucket * 3) / 4 ? (bucket * 3) / 4 : bucket;
}

/** Counts up to 16, then in steps of an eighth: a wide model's idle rows cost more than another trace of a block. */
function eighths(rows: number): number {
  return roundUp(rows, 2 ** Math.max(0, Math.floor(Math.log2(rows)) - 3));
}

function powerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, n)));
}

function roundUp(n: number, multiple: number): number {
  return Math.ceil(n / multiple) * multiple;
}
