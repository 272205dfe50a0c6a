/**
 * Rollouts into padded micro-batches. Samples are sorted by length and packed greedily; lengths, batch sizes and row
 * counts take few distinct values, for every set of shapes is traced once. Only completion positions, called rows, are
 * scored: row r predicts `targets[r]` from the hidden state at `positions[r]` of the flattened (B·T) batch.
 */
import { LabError } from '../lib/errors.js';
import type { RowPlan } from './row-plan.js';

export interface TokenSample {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

export interface MicroBatch extends RowPlan {
  readonly batch: number; // B
  readonly length: number; // T
  readonly ids: Int32Array; // (B, T)
  readonly positions: Int32Array; // (N), 0 in padding rows
  /** (B·T): the row read from each position, or N where there is none. The gradient of the gather is a gather by this. */
  readonly inverse: Int32Array;
  /** (B, T), of packed lines: which of its line's samples a token belongs to, counted from 1; 0 is padding. */
  readonly segments: Int32Array | null;
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
    const shape = { batch: shrunk(full, taken.length), length, padToken: limits.padToken };
    const lines = taken.map((index) => [index]);
    result.push({ ...fill(samples, lines, shape), segments: null });
    start += taken.length;
  }
  return result;
}

/**
 * The same with several samples in a line: the longest first, each into the first line that has room for it. All lines have
 * `lineLength` tokens, so that one set of shapes serves a whole training; a sample that is longer stands alone in a
 * longer line.
 */
export function packedBatches(
  samples: readonly TokenSample[],
  limits: BatchLimits & { readonly lineLength: number },
): MicroBatch[] {
  const inputLength = samples.map((sample, i) => checkedLength(sample, i, limits.maxPositions));
  const long = samples.flatMap((_, i) => ((inputLength[i] as number) > limits.lineLength ? [i] : []));
  if (long.length > 0) {
    const short = samples.flatMap((_, i) => ((inputLength[i] as number) > limits.lineLength ? [] : [i]));
    const part = (indices: readonly number[], make: (of: TokenSample[]) => MicroBatch[]): MicroBatch[] =>
      make(indices.map((i) => samples[i] as TokenSample)).map((batch) => renamed(batch, indices));
    const longest = Math.min(bucketLength(Math.max(...long.map((i) => inputLength[i] as number))), limits.maxPositions);
    return [
      ...part(long, (of) => packedBatches(of, { ...limits, lineLength: longest })),
      ...(short.length > 0 ? part(short, (of) => packedBatches(of, limits)) : []),
    ];
  }
  const lines = packed(inputLength, limits.lineLength);
  const full = Math.max(1, Math.floor(limits.tokens / limits.lineLength));
  return Array.from({ length: Math.ceil(lines.length / full) }, (_, k) => {
    const taken = lines.slice(k * full, (k + 1) * full);
    const shape = { batch: shrunk(full, taken.length), length: limits.lineLength, padToken: limits.padToken };
    return fill(samples, taken, shape);
  });
}

/** Indices by line: first fit, longest first, ties in the order given. */
function packed(lengths: readonly number[], room: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b);
  const lines: { left: number; samples: number[] }[] = [];
  for (const index of order) {
    const length = lengths[index] as number;
    let line = lines.find(({ left }) => left >= length);
    if (!line) lines.push((line = { left: room, samples: [] }));
    line.samples.push(index);
    line.left -= length;
  }
  return lines.map(({ samples }) => samples);
}

/** A batch of some of the samples, named as among all of them. */
function renamed(batch: MicroBatch, indices: readonly number[]): MicroBatch {
  return {
    ...batch,
    samples: batch.samples.map((i) => indices[i] as number),
    owners: batch.owners.map((owner) => (owner < 0 ? owner : (indices[owner] as number))),
  };
}

/** The model's input is everything but the last token. */
export function checkedLength(sample: TokenSample, index: number, maxPositions: number): number {
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

/** `lines`: which samples stand in each. */
function fill(
  samples: readonly TokenSample[],
  lines: readonly (readonly number[])[],
  shape: { batch: number; length: number; padToken: number },
): MicroBatch & { readonly segments: Int32Array } {
  const { batch, length, padToken } = shape;
  const taken = lines.flat();
  const tokens = taken.reduce((sum, i) => sum + (samples[i] as TokenSample).completion.length, 0);
  const rows = shrunk(batch * length, tokens);
  const ids = new Int32Array(batch * length).fill(padToken);
  const positions = new Int32Array(rows);
  const inverse = new Int32Array(batch * length).fill(rows);
  const targets = new Int32Array(rows);
  const owners = new Int32Array(rows).fill(-1);
  const segments = new Int32Array(batch * length);
  let row = 0;
  lines.forEach((line, number) => {
    let start = number * length;
    line.forEach((index, place) => {
      const { prompt, completion } = samples[index] as TokenSample;
      ids.set(prompt, start);
      ids.set(completion.slice(0, -1), start + prompt.length);
      completion.forEach((target, j) => {
        const position = start + prompt.length - 1 + j;
        positions[row] = position;
        inverse[position] = row;
        targets[row] = target;
        owners[row] = index;
        row++;
      });
      const end = start + prompt.length + completion.length - 1;
      segments.fill(place + 1, start, end);
      start = end;
    });
  });
  const padded = batch * length;
  return { samples: taken, batch, length, rows, ids, positions, inverse, targets, segments, owners, tokens, padded };
}
