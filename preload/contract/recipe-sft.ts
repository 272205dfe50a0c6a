/**
 * Supervised fine-tuning as a recipe asks for it: a stage of its own before the loop, on prompts with given completions.
 * Nothing here is of the paper but its question whether R-Zero makes such a stage better (its section on mid-training).
 */
import { z } from 'zod';
import { count, microBatchTokens, optimiserSchema, share } from './recipe-parts.js';

const column = (what: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  z.string().min(1).max(200).nullable().default(null).describe(what);

export const sftSchema = z
  .strictObject({
    data: z
      .string({
        error: ({ input }) => (input === undefined ? 'name a file, or what ships: sft.data=chains-sft' : undefined),
      })
      .min(1)
      .describe('a JSONL, JSON, CSV or Parquet file, or the name of a shipped set'),
    format: z
      .enum(['auto', 'prompt', 'question', 'messages'])
      .default('auto')
      .describe(
        "what a row holds; prompt: text as it is, and its completion; question: put into the Solver's prompt, and its answer; messages: a chat; auto: by the names of the columns",
      ),
    prompt_column: column("the column of the prompt, question or messages; empty: called as in the format's name"),
    completion_column: column('the column of the completion or answer; empty: completion or answer'),
    epochs: z.number().gt(0).max(1000).default(3).describe('how often each sequence is learnt from, at most'),
    steps: count.nullable().default(null).describe('optimiser steps instead of epochs'),
    batch: count.default(32).describe('what an optimiser step learns from, in units of batch_unit'),
    batch_unit: z
      .enum(['sequences', 'tokens'])
      .default('sequences')
      .describe('tokens: prompts and completions of a step have at most so many tokens together'),
    max_length: count.default(1024).describe('tokens of prompt and completion together'),
    too_long: z
      .enum(['leave_out', 'truncate'])
      .default('leave_out')
      .describe('what becomes of longer ones; truncate cuts the end of the completion off'),
    packing: z
      .boolean()
      .default(true)
      .describe('several sequences in one row, each seeing only itself: less padding, same results'),
    held_out: share
      .max(0.9)
      .default(0.1)
      .describe('share of the prompts that is not learnt from, by which training is watched; 0 is off'),
    evaluate_every: count.default(10).describe('steps between two measurements of the held-out loss'),
    patience: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(3)
      .describe('measurements in a row without a lower held-out loss after which training stops; 0 is off'),
    weights: z
      .enum(['best', 'last'])
      .default('best')
      .describe('which come out: those of the lowest held-out loss, or those of the last step'),
    measure_before: z
      .boolean()
      .default(true)
      .describe('measure the benchmarks before, too, so that before and after stand in one table'),
    micro_batch_tokens: microBatchTokens,
    optimiser: optimiserSchema
      .extend({
        learning_rate: z.number().gt(0).max(1).default(2e-5).describe('size of an update; a small model bears more'),
      })
      .prefault({})
      .describe('AdamW of the fine-tuning'),
  })
  .refine((sft) => sft.held_out > 0 || sft.weights === 'last', {
    path: ['weights'],
    error: 'best is chosen on the held-out share, and held_out is 0: set it above 0, or weights to last',
  });

export type SftRecipe = z.output<typeof sftSchema>;
