/**
 * Low-rank adapters (LoRA, arXiv 2106.09685) as a recipe asks for them: the model stays as it came, in memory once for both
 * roles, and each role learns two small matrices beside each of its large ones. The paper of R-Zero trains all weights.
 */
import { z } from 'zod';
import { count } from './recipe-parts.js';

/** The matrices that can carry an adapter, by their names in a Hugging Face file. */
export const LORA_TARGETS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export const loraTargetSchema = z.enum(LORA_TARGETS);

export const loraSchema = z.strictObject({
  rank: count.max(1024).default(16).describe('r: columns of the first matrix and rows of the second'),
  alpha: z.number().gt(0).max(10_000).default(32).describe('α: what the two give is multiplied by alpha / rank'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of an adapter's inputs that is left out while it learns; 0 is off"),
  targets: z
    .array(loraTargetSchema)
    .min(1)
    .refine((targets) => new Set(targets).size === targets.length, 'names a matrix twice')
    .default([...LORA_TARGETS])
    .describe('which matrices of every layer have an adapter'),
  reference: z
    .enum(['base', 'phase'])
    .default('base')
    .describe(
      'what the divergence (kl) is measured from; base: the model with its adapter off, which takes no memory, as TRL has it; phase: the adapter as it was when the phase began, as the paper has it',
    ),
  base_dtype: z
    .enum(['float32', 'bfloat16'])
    .default('float32')
    .describe(
      'how the frozen weights are kept; bfloat16 takes half the memory and computes in float32 (TensorFlow only)',
    ),
});
export type LoraRecipe = z.output<typeof loraSchema>;
