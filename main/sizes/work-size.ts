/**
 * How much of a batch is worked on at once, by the memory there is. Fewer tokens, and less kept of each block, need less;
 * results differ in their last digits only, so a run keeps the size it began with, and goes on with it when resumed. Pure.
 */
import { isNarrow, type NetworkSize } from './network.js';

/**
 * What the forward pass keeps of a block besides its input: nothing, or the results of its dear operations (some ten times
 * the input's size, a third less work backwards).
 */
export type Kept = 'inputs' | 'products';

export interface WorkSize {
  /** Bound on the padded tokens of a micro-batch. */
  readonly tokens: number;
  /** Of wide models. */
  readonly kept: Kept;
}

const FLOAT = 4;
/** Without a bound of the recipe's: what a processor has nothing to gain beyond, and what a card may hold. */
const MOST = { narrow: 16_384, host: 2048, card: 16_384 };
/** Below so many tokens, matrix products lose speed; recomputation costs less. */
const FEWEST_FAST = 512;
const FEWEST = 64;
/** What an allocator holds besides what is in use, in parts of what comes and goes. Measured: TensorFlow's, on SmolLM2. */
export const ALLOCATOR_SLACK = 0.7;
/** Of the memory there is, what a step may plan to take. */
const SHARE = 1 / (1 + ALLOCATOR_SLACK);
/** Logits of one chunk of the output layer, in elements: 32 MB, of which three or four exist at once. */
export const LOGITS_CHUNK = 1 << 23;
const LOGITS_AT_ONCE = 4;
/** Of a narrow output matrix, numbers that are widened at once: 64 MB. */
export const WIDENED_PIECE = 1 << 24;
/** Scores of attention that are worked on at once, in numbers: 64 MB, of which as many exist at once. */
export const SCORES_PIECE = 1 << 24;
const SCORES_AT_ONCE = 4;
/** While it is made. */
const MASKS_AT_ONCE = 2;

/** Numbers kept of a token by the forward pass. */
function keptPerToken(c: NetworkSize, kept: Kept): number {
  const { hiddenSize: d, heads, kvHeads, headDim, intermediateSize: f, layers } = c;
  const products = (heads + 2 * kvHeads) * headDim + heads * headDim + d + 2 * f;
  return (layers + 1) * d + (kept === 'products' ? layers * products : 0) + 2 * (heads + kvHeads) * headDim;
}

/** Numbers that one block's backward pass holds of a token at once. */
function passingPerToken({ hiddenSize: d, heads, kvHeads, headDim, intermediateSize: f }: NetworkSize): number {
  return 8 * d + 6 * (heads + 2 * kvHeads) * headDim + 8 * f;
}

/** Numbers of attention among `tokens` in rows of `row`: scores, of which no more than a piece is there, and the mask. */
function attentionNumbers({ heads, kvHeads }: NetworkSize, tokens: number, row: number): number {
  const scores = tokens * heads * row;
  const mask = (tokens * heads * row) / kvHeads;
  return SCORES_AT_ONCE * Math.min(SCORES_PIECE, scores) + MASKS_AT_ONCE * mask;
}

/** Of a block's matrices, the largest. */
function largestMatrix({ hiddenSize: d, heads, kvHeads, headDim, intermediateSize: f }: NetworkSize): number {
  return d * Math.max((heads + 2 * kvHeads) * headDim, 2 * f);
}

/** Tokens of a prompt, and of a row with the prompt it goes on from, where nobody knows better. */
export const TYPICAL_PROMPT = 256;
const TYPICAL_ROW = 512;

export interface RowKind {
  /** Tokens of a row with the prompt it goes on from. */
  readonly row?: number;
  /** Whether weights are kept narrow, and widened while they are used. */
  readonly narrowWeights?: boolean;
}

/** Bytes of a micro-batch: what is kept, and what one block or the head needs while it is at work. */
export function microBatchBytes(
  c: NetworkSize,
  { tokens, kept }: WorkSize,
  { row = TYPICAL_ROW, narrowWeights = false }: RowKind = {},
): number {
  const attention = attentionNumbers(c, tokens, Math.min(row, tokens));
  const block = tokens * passingPerToken(c) + attention + 2 * largestMatrix(c);
  const head = LOGITS_AT_ONCE * Math.max(LOGITS_CHUNK, FEWEST * c.vocabSize);
  const widened = narrowWeights ? WIDENED_PIECE : 0;
  return FLOAT * (tokens * keptPerToken(c, kept) + Math.max(block, head + widened));
}

/** What a training step of any size works on. */
export interface StepWork {
  /** Weights that are trained: their gradients stand beside a micro-batch. */
  readonly trained: number;
  /** Tokens of the longest row there may be. Rows are not cut: a longer one than a micro-batch is one by itself. */
  readonly row?: number | undefined;
  /** Whether weights are kept narrow. */
  readonly narrowWeights?: boolean | undefined;
}

export interface SizeWish extends StepWork {
  /** The recipe's: a bound, or by the memory there is. */
  readonly tokens: number | 'auto';
  /** Bytes that can be taken. */
  readonly available: number;
}

/** The size a phase begins with. */
export function chosenSize(place: { readonly usesHostMemory: boolean }, c: NetworkSize, wish: SizeWish): WorkSize {
  if (wish.tokens !== 'auto') return { tokens: wish.tokens, kept: 'products' };
  if (isNarrow(c)) return { tokens: MOST.narrow, kept: 'products' };
  const room = SHARE * wish.available;
  let size: WorkSize = { tokens: place.usesHostMemory ? MOST.host : MOST.card, kept: 'products' };
  while (stepBytes(c, size, wish) > room) {
    const next = smaller(c, size);
    if (next === null) break;
    size = next;
  }
  return size;
}

/** The next smaller size; null where there is none. */
export function smaller(c: Pick<NetworkSize, 'hiddenSize'>, { tokens, kept }: WorkSize): WorkSize | null {
  if (tokens > FEWEST_FAST) return { tokens: Math.max(FEWEST_FAST, Math.floor(tokens / 2)), kept };
  if (kept === 'products' && !isNarrow(c)) return { tokens, kept: 'inputs' };
  return tokens > FEWEST ? { tokens: Math.max(FEWEST, Math.floor(tokens / 2)), kept } : null;
}

/** Bytes a training step needs besides weights and moments. */
export function stepBytes(
  c: NetworkSize,
  { tokens, kept }: WorkSize,
  { trained, row, narrowWeights = false }: StepWork,
): number {
  const whole = { kept, tokens: Math.max(tokens, row ?? 0) };
  return microBatchBytes(c, whole, { row: row ?? TYPICAL_ROW, narrowWeights }) + FLOAT * trained;
}
