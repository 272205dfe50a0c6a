/**
 * Rollouts into padded micro-batches. Samples are sorted by length and packed greedily; lengths, batch sizes and row
 * counts take few distinct values, for every set of shapes is traced once. Only completion positions, called rows, are
 * scored: row r predicts `targets[r]` from the hidden state at `positions[r]` of the flattened (B·T) batch.
 */
import { LabError } from '../lib/errors.js';

export interface TokenSample {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

export interface MicroBatch {
  /** Indices into the samples given, one per used line of the batch. */
  readonly samples: readonly number[];
  readonly batch: number; // B
  readonly length: number; // T
  readonly rows: number; // N, padding rows included
  readonly ids: Int32Array; // (B, T)
  readonly positions: Int32Array; // (N), 0 in padding rows
  /** (B·T): the row read from each position, or N where there is none. The gradient of the gather is a gather by this. */
  readonly inverse: Int32Array;
  readonly targets: Int32Array; // (N), 0 in padding rows
  /** (N): the index of the row's sample, −1 in padding rows. */
  readonly owners: Int32Array;
  /** Rows that are not padding. */
  readonly tokens: number;
}

export interface BatchLimits {
  /** Bound on B·T; a single sample longer than this still gets a micro-batch of its own. */
  readonly tokens: number;
  readonly maxPositions: number;
  readonly padToken: number;
}

/** Lengths in steps of 16, growing to about an eighth of the length, so that padding and bucket count both stay small. */
export function bucketLength(length: number): number {
  const step = Math.max(16, 2 ** Math.floor(Math.log2(Math.max(1, length)) - 2));
  return Math.ceil(length / step) * step;
}

/** Completions scored together; every sample has at least one prompt token and one completion token. */
export function microBatches(samples: readonly TokenSample[], limits: BatchLimits): MicroBatch[] {
  const inputLength = samples.map((sample, i) => checkedLength(sample, i, limits.maxPositions));
  const order = samples
    .map((_, i) => i)
    .sort((a, b) => (inputLength[b] as number) - (inputLength[a] as number) || a - b);
  const result: MicroBatch[] = [];
  for (let start = 0; start < order.length;) {
    const length = Math.min(bucketLength(inputLength[order[start] as number] as number), limits.maxPositions);
    const full = Math.max(1, Math.floor(limits.tokens / length));
    const taken = order.slice(start, start + full);
    result.push(fill(samples, taken, { batch: shrunk(full, taken.length), length, padToken: limits.padToken }));
    start += taken.length;
  }
  return result;
}

/** The model's input is everything but the last token. */
function checkedLength(sample: TokenSample, index: number, maxPositions: number): number {
  if (sample.prompt.length === 0 || sample.completion.length === 0) {
    throw new LabError('internal', `Sample ${index} has an empty prompt or completion and cannot be trained on.`);
  }
  const length = sample.prompt.length + sample.completion.length - 1;
  if (length > maxPositions) {
    throw new LabError('model', `Sample ${index} has ${length} tokens; the model takes ${maxPositions}.`, {
      remedy: 'Lower max_new_tokens in the recipe.',
    });
  }
  return length;
}

/** The smallest of full, 3/4, 1/2, 3/8, 1/4, … of it that holds `count`. */
function shrunk(full: number, count: number): number {
  let size = full;
  for (let half = full; half > 1; half /= 2) {
    for (const smaller of [Math.ceil(half * 0.75), Math.ceil(half * 0.5)]) if (smaller >= count) size = smaller;
  }
  return size;
}

function fill(
  samples: readonly TokenSample[],
  taken: readonly number[],
  shape: { batch: number; length: number; padToken: number },
): MicroBatch {
  const { batch, length, padToken } = shape;
  const tokens = taken.reduce((sum, i) => sum + (samples[i] as TokenSample).completion.length, 0);
  const rows = shrunk(batch * length, tokens);
  const ids = new Int32Array(batch * length).fill(padToken);
  const positions = new Int32Array(rows);
  const inverse = new Int32Array(batch * length).fill(rows);
  const targets = new Int32Array(rows);
  const owners = new Int32Array(rows).fill(-1);
  let row = 0;
  taken.forEach((index, line) => {
    const { prompt, completion } = samples[index] as TokenSample;
    ids.set(prompt, line * length);
    ids.set(completion.slice(0, -1), line * length + prompt.length);
    completion.forEach((target, j) => {
      const position = line * length + prompt.length - 1 + j;
      positions[row] = position;
      inverse[position] = row;
      targets[row] = target;
      owners[row] = index;
      row++;
    });
  });
  return { samples: taken, batch, length, rows, ids, positions, inverse, targets, owners, tokens };
}
