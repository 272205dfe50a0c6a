/**
 * Samples that share prompts, as a micro-batch in which every prompt stands once: B prompts of P columns, then R rows of C
 * columns, the branches, each of which goes on from one prompt and holds one or more completions side by side. In GRPO a
 * prompt has G completions, so most of what is read is read once instead of G times.
 *
 * A completion's branch begins with the last token of its prompt, whose hidden state predicts the first token: so no
 * prompt token is ever scored, and every branch token is. Lengths and counts take few distinct values, for each set of
 * shapes is traced once. Pure.
 */
import { LabError } from '../lib/errors.js';
import { bucketLength, checkedLength, type BatchLimits, type TokenSample } from './batches.js';
import type { RowPlan } from './row-plan.js';

export interface BranchBatch extends RowPlan {
  readonly prompts: number; // B, 0 where samples share none
  readonly promptLength: number; // P
  readonly branches: number; // R
  readonly branchLength: number; // C
  /** Tokens of the prompts, then of the branches, (B·P + R·C), and the place of each within its sequence. */
  readonly ids: Int32Array;
  readonly positions: Int32Array;
  readonly promptLengths: Int32Array; // (B)
  /** (R): the prompt that a branch goes on from. */
  readonly owner: Int32Array;
  /** (R, C): which of its row's completions a token belongs to, counted from 1; 0 is padding. */
  readonly segments: Int32Array;
  /** (N): where in the R·C branch tokens a row stands; padding rows stand at 0. */
  readonly rowAt: Int32Array;
}

/** A part of a branch row: what is read, and what each token of it is to predict. */
interface Strand {
  readonly sample: number;
  /** Tokens read: the last one of the prompt, and the completion but its last; or, unshared, everything but the last. */
  readonly read: readonly number[];
  readonly completion: readonly number[];
}

interface Group {
  /** All but its last token. */
  readonly prompt: readonly number[];
  readonly strands: readonly Strand[];
}

export interface BranchLimits extends BatchLimits {
  /** Tokens of a branch row; as long as the longest of the micro-batch where it is not given. */
  readonly lineLength?: number;
}

/** Each prompt once, with the completions that go on from it. */
export function sharedBatches(samples: readonly TokenSample[], limits: BranchLimits): BranchBatch[] {
  const groups = new Map<string, { prompt: readonly number[]; strands: Strand[] }>();
  samples.forEach((sample, index) => {
    checkedLength(sample, index, limits.maxPositions);
    const { prompt, completion } = sample;
    const key = prompt.join();
    const group = groups.get(key) ?? { prompt: prompt.slice(0, -1), strands: [] };
    groups.set(key, group);
    const read = [prompt.at(-1) as number, ...completion.slice(0, -1)];
    group.strands.push({ sample: index, read, completion });
  });
  return batchesOf([...groups.values()], limits);
}

/** Each sample as one strand, prompt and all; several in a row where rows have a given length. */
export function unsharedBatches(samples: readonly TokenSample[], limits: BranchLimits): BranchBatch[] {
  const strands = samples.map((sample, index): Strand => {
    checkedLength(sample, index, limits.maxPositions);
    const { prompt, completion } = sample;
    return { sample: index, read: [...prompt, ...completion.slice(0, -1)], completion };
  });
  return batchesOf(limits.lineLength === undefined ? strands.map(alone) : [{ prompt: [], strands }], limits);
}

const alone = (strand: Strand): Group => ({ prompt: [], strands: [strand] });
const longestOf = ({ strands }: Group): number => strands.reduce((most, { read }) => Math.max(most, read.length), 0);

/** What a micro-batch is being filled with. */
interface Filling {
  readonly branchLength: number;
  readonly groups: { prompt: readonly number[]; rows: Strand[][] }[];
}

function batchesOf(groups: readonly Group[], limits: BranchLimits): BranchBatch[] {
  const waiting = [...groups].sort(
    (a, b) => longestOf(b) - longestOf(a) || b.prompt.length - a.prompt.length || firstOf(a) - firstOf(b),
  );
  const batches: BranchBatch[] = [];
  let filling: Filling | null = null;
  const close = (): void => {
    if (filling) batches.push(laidOut(filling, limits));
    filling = null;
  };
  for (const [place, group] of waiting.entries()) {
    let strands = [...group.strands];
    while (strands.length > 0) {
      // What is left of a group may be shorter than the next group is.
      const rest = [...strands, ...(waiting[place + 1]?.strands ?? [])];
      const present: Filling = filling ?? { branchLength: rowLength(rest, limits), groups: [] };
      filling = present;
      const rows = packed(strands, present.branchLength);
      const fitting = howMany(present, group.prompt, { rows: rows.length, limits });
      if (fitting > 0) {
        present.groups.push({ prompt: group.prompt, rows: rows.slice(0, fitting) });
        strands = rows.slice(fitting).flat();
      }
      if (strands.length > 0) close();
    }
  }
  close();
  return batches;
}

const firstOf = ({ strands }: Group): number => (strands[0] as Strand).sample;

function rowLength(strands: readonly Strand[], { lineLength = 0, maxPositions }: BranchLimits): number {
  const longest = strands.reduce((most, { read }) => Math.max(most, read.length), 0);
  return Math.max(lineLength, Math.min(bucketLength(longest), maxPositions));
}

/** First fit, longest first. */
function packed(strands: readonly Strand[], room: number): Strand[][] {
  const sorted = [...strands].sort((a, b) => b.read.length - a.read.length || a.sample - b.sample);
  const rows: { left: number; strands: Strand[] }[] = [];
  for (const strand of sorted) {
    let row = rows.find(({ left }) => left >= strand.read.length);
    if (!row) rows.push((row = { left: room, strands: [] }));
    row.strands.push(strand);
    row.left -= strand.read.length;
  }
  return rows.map((row) => row.strands);
}

/** How many of a group's rows the micro-batch still takes; an empty one takes at least one. */
function howMany(
  { branchLength, groups }: Filling,
  prompt: readonly number[],
  { rows, limits }: { readonly rows: number; readonly limits: BranchLimits },
): number {
  const promptLength = Math.max(...groups.map((group) => columns(group.prompt)), columns(prompt));
  const sharing = groups.some((group) => group.prompt.length > 0) || prompt.length > 0;
  const taken = groups.reduce((sum, group) => sum + group.rows.length, 0);
  let fitting = 0;
  while (fitting < rows) {
    const prompts = sharing ? bucketCount(groups.length + 1) : 0;
    const tokens = prompts * promptLength + bucketCount(taken + fitting + 1) * branchLength;
    if (tokens > limits.tokens && taken + fitting > 0) break;
    fitting += 1;
  }
  return fitting;
}

/** Of a prompt in a batch that has prompts at all. */
const columns = (prompt: readonly number[]): number => bucketLength(Math.max(1, prompt.length));

/** Counts up to 8, then in steps of about an eighth. */
function bucketCount(count: number): number {
  const step = Math.max(1, 2 ** (Math.floor(Math.log2(count)) - 3));
  return Math.ceil(count / step) * step;
}

function laidOut({ branchLength, groups }: Filling, { padToken }: BranchLimits): BranchBatch {
  const sharing = groups.some(({ prompt }) => prompt.length > 0);
  const promptLength = sharing ? Math.max(...groups.map(({ prompt }) => columns(prompt))) : 0;
  const prompts = sharing ? bucketCount(groups.length) : 0;
  const rows = groups.flatMap((group, owner) => group.rows.map((strands) => ({ owner, strands })));
  const branches = bucketCount(rows.length);
  const size = prompts * promptLength + branches * branchLength;
  const ids = new Int32Array(size).fill(padToken);
  const positions = new Int32Array(size);
  const promptLengths = new Int32Array(prompts);
  if (sharing) {
    groups.forEach(({ prompt }, b) => {
      ids.set(prompt, b * promptLength);
      prompt.forEach((_, t) => (positions[b * promptLength + t] = t));
      promptLengths[b] = prompt.length;
    });
  }
  const owner = new Int32Array(branches);
  const segments = new Int32Array(branches * branchLength);
  const rowAt: number[] = [];
  const targets: number[] = [];
  const owners: number[] = [];
  rows.forEach((row, r) => {
    owner[r] = row.owner;
    const before = (groups[row.owner] as Filling['groups'][number]).prompt.length;
    let start = r * branchLength;
    row.strands.forEach(({ sample, read, completion }, place) => {
      const at = prompts * promptLength + start;
      ids.set(read, at);
      read.forEach((_, t) => (positions[at + t] = before + t));
      segments.fill(place + 1, start, start + read.length);
      const unread = read.length - completion.length;
      completion.forEach((target, t) => {
        rowAt.push(start + unread + t);
        targets.push(target);
        owners.push(sample);
      });
      start += read.length;
    });
  });
  const samples = [...new Set(owners)];
  if (samples.length === 0) throw new LabError('internal', 'A micro-batch without samples was laid out.');
  return {
    ...{ samples, prompts, promptLength, branches, branchLength, ids, positions, promptLengths, owner, segments },
    rowAt: Int32Array.from(rowAt),
    targets: Int32Array.from(targets),
    owners: Int32Array.from(owners),
    rows: targets.length,
    tokens: targets.length,
    padded: size,
  };
}
