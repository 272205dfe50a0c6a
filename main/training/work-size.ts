/**
 * How much of a batch is worked on at once, by the memory there is. Fewer tokens, and less kept of each block, need less;
 * results differ in their last digits only, so a run keeps the size it began with, and goes on with it when resumed.
 */
import type { Compute } from '../compute/compute.js';
import type { ModelConfig } from '../model/config.js';
import { isNarrow } from '../model/lanes.js';
import { layerParameters } from '../model/parameters.js';
import type { Kept } from './block-functions.js';

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
/** Of the memory there is, what a step may plan to take. */
const SHARE = 0.7;
/** Of logits and what is made of them: head-steps.ts. */
const HEAD_BYTES = 3 * 2 ** 26;

/** Numbers kept of a token by the forward pass. */
function keptPerToken(c: ModelConfig, kept: Kept): number {
  const { hiddenSize: d, heads, kvHeads, headDim, intermediateSize: f, layers } = c;
  const products = (heads + 2 * kvHeads) * headDim + heads * headDim + d + 2 * f;
  return (layers + 1) * d + (kept === 'products' ? layers * products : 0) + 2 * (heads + kvHeads) * headDim;
}

/** Numbers that one block's backward pass holds of a token at once; of attention, a row of each head for `row` tokens. */
function passingPerToken(c: ModelConfig, row: number): number {
  const { hiddenSize: d, heads, kvHeads, headDim, intermediateSize: f } = c;
  return 8 * d + 6 * (heads + 2 * kvHeads) * headDim + 8 * f + 4 * heads * row;
}

/** Tokens of a row, with the prompt it goes on from, where nobody knows better. */
const TYPICAL_ROW = 512;

/** Bytes of a micro-batch: what is kept, what one block or the head needs while it is at work. */
export function microBatchBytes(c: ModelConfig, { tokens, kept }: WorkSize, row = TYPICAL_ROW): number {
  const largest = layerParameters(c).reduce(
    (most, { shape }) =>
      Math.max(
        most,
        shape.reduce((a, b) => a * b, 1),
      ),
    0,
  );
  const block = tokens * passingPerToken(c, Math.min(row, tokens)) + 2 * largest;
  return FLOAT * (tokens * keptPerToken(c, kept) + block) + HEAD_BYTES + 2 * FLOAT * c.vocabSize * c.hiddenSize;
}

export interface SizeWish {
  /** The recipe's: a bound, or by the memory there is. */
  readonly tokens: number | 'auto';
  /** Weights that are trained: their gradients stand beside a micro-batch. */
  readonly trained: number;
  /** Bytes that can be taken. */
  readonly available: number;
}

/** The size a phase begins with. */
export function chosenSize(compute: Pick<Compute, 'usesHostMemory'>, c: ModelConfig, wish: SizeWish): WorkSize {
  if (wish.tokens !== 'auto') return { tokens: wish.tokens, kept: 'products' };
  if (isNarrow(c)) return { tokens: MOST.narrow, kept: 'products' };
  const room = SHARE * wish.available;
  let size: WorkSize = { tokens: compute.usesHostMemory ? MOST.host : MOST.card, kept: 'products' };
  while (stepBytes(c, size, wish.trained) > room) {
    const next = smaller(c, size);
    if (next === null) break;
    size = next;
  }
  return size;
}

/** The next smaller size; null where there is none. */
export function smaller(c: ModelConfig, { tokens, kept }: WorkSize): WorkSize | null {
  if (tokens > FEWEST_FAST) return { tokens: Math.max(FEWEST_FAST, Math.floor(tokens / 2)), kept };
  if (kept === 'products' && !isNarrow(c)) return { tokens, kept: 'inputs' };
  return tokens > FEWEST ? { tokens: Math.max(FEWEST, Math.floor(tokens / 2)), kept } : null;
}

/** Bytes a training step needs besides weights and moments. */
export function stepBytes(c: ModelConfig, size: WorkSize, trained: number): number {
  return microBatchBytes(c, size) + FLOAT * trained;
}
