/**
 * How much memory training a model takes, roughly, from its shape alone: what a person wants to know before there is a
 * recipe. A recipe's own estimate is preflight's.
 */
import { loraSchema } from '../../../preload/contract/recipe-lora.js';
import { microBatchBytes } from '../../sizes/work-size.js';
import { heldBytes, PROCESS_BYTES } from '../preflight/memory.js';
import type { ModelShape } from '../preflight/model-shape.js';

/** Keeps the inputs of every block and works one block out again at a time. */
const STEP = { tokens: 2048, kept: 'inputs' } as const;

/** Bytes for all weights of two roles in float32. */
export function fullBytes(shape: ModelShape): number {
  return PROCESS_BYTES + heldBytes(shape, { roles: 'two', lora: null }) + microBatchBytes(shape, STEP);
}

/** Bytes for adapters of rank 16 on every linear layer, over one copy of the weights in bf16. */
export function loraBytes(shape: ModelShape): number {
  const lora = loraSchema.parse({ rank: 16, base_dtype: 'bfloat16' });
  return (
    PROCESS_BYTES + heldBytes(shape, { roles: 'two', lora }) + microBatchBytes(shape, STEP, { narrowWeights: true })
  );
}
