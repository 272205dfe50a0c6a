/**
 * How much memory training a model takes, roughly, from its shape alone: what a person wants to know before there is a
 * recipe. A recipe's own estimate is preflight's.
 */
import type { ModelShape } from '../preflight/model-shape.js';
import { heldBytes } from '../preflight/memory.js';

const PROCESS_BYTES = 350e6;
const FLOAT = 4;
const BFLOAT = 2;
/** Tokens worked on at once, and rows of the vocabulary held at a time. */
const TOKENS = 2048;
const HEAD_ROWS = 256;
const RANK = 16;
/** Of each adapter: both roles, one reference of them, and for the role that learns two moments, gradients and their successors. */
const ADAPTER_COPIES = 9;

/** Bytes for all weights of two roles in float32. */
export function fullBytes(shape: ModelShape): number {
  return PROCESS_BYTES + heldBytes(shape, { roles: 'two', lora: null }) + stepBytes(shape);
}

/** Bytes for adapters of rank 16 on every linear layer, over one copy of the weights in bf16. */
export function loraBytes(shape: ModelShape): number {
  const { hidden, layers, heads, kvHeads, headSize, intermediate, parameters } = shape;
  const widths = [
    ...[hidden + heads * headSize, 2 * (hidden + kvHeads * headSize), heads * headSize + hidden],
    3 * (hidden + intermediate),
  ];
  const adapters = layers * RANK * widths.reduce((a, b) => a + b, 0);
  return PROCESS_BYTES + BFLOAT * parameters + ADAPTER_COPIES * FLOAT * adapters + stepBytes(shape);
}

/** A step that keeps the inputs of every block and works one block out again at a time. */
function stepBytes({ hidden, layers, heads, kvHeads, headSize, intermediate, vocabulary }: ModelShape): number {
  const block = 10 * hidden + 4 * (heads + 2 * kvHeads) * headSize + 6 * intermediate;
  return FLOAT * (TOKENS * (layers * hidden + block) + 4 * HEAD_ROWS * vocabulary);
}
