/** The parts of a recipe that both roles have, and its guards. Each field says what it is, its unit, and the paper's symbol. */
import { z } from 'zod';

export const share = z.number().min(0).max(1);
export const count = z.number().int().positive();

export const microBatchTokens = z
  .union([count, z.literal('auto')])
  .default('auto')
  .describe('padded tokens in one forward and backward pass; fewer need less memory; auto: by the memory there is');

export const samplingSchema = z.strictObject({
  temperature: z.number().min(0).max(10).default(1).describe('T: the higher, the more varied; 0 is greedy'),
  top_p: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('draw from the likeliest tokens that together have this probability; 1 is off'),
  top_k: z.number().int().min(0).default(0).describe('draw from so many likeliest tokens; 0 is off'),
  max_new_tokens: count.max(131072).describe('tokens at which a text is cut off'),
});

/** A benchmark that is measured besides the run's own. */
export const otherBenchmarkSchema = z.strictObject({
  benchmark: z.string().min(1).describe('a benchmark name (rzero benchmark list), a file or SET=FILE'),
  samples: z
    .number()
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("k of its mean@k; 0 is greedy only; null: the benchmark's own, else evaluation.samples"),
});

export const optimiserSchema = z.strictObject({
  learning_rate: z.number().gt(0).max(1).describe('size of an update; 1e-6 in the paper'),
  betas: z
    .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
    .default([0.9, 0.999])
    .describe('β₁ and β₂: how slowly the means of gradient and squared gradient forget'),
  epsilon: z.number().gt(0).max(1).default(1e-8).describe('ε: keeps an update from being divided by zero'),
  weight_decay: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('pull of the weights towards 0, times the learning rate; 0 is off'),
  clip_norm: z.number().gt(0).default(1).describe('a gradient whose norm is larger is scaled down to it'),
  warmup_steps: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('steps at the start of a phase over which the learning rate rises; 0 is off'),
  decay: z.enum(['none', 'linear']).default('none').describe('linear falls to 0 after the last step of a phase'),
});

export const grpoSchema = z.strictObject({
  clip: z.number().gt(0).lt(1).default(0.2).describe('ε: ratio clipping, both sides'),
  kl: z
    .number()
    .min(0)
    .default(0.01)
    .describe('β: coefficient of the divergence from the start of the phase, k3 estimator'),
  normalise_by_deviation: z.boolean().default(true).describe('divide advantages by the deviation of their group'),
  minibatches: count.default(1).describe('optimiser steps per batch of rollouts'),
  micro_batch_tokens: microBatchTokens,
});

export const guardSchema = z.strictObject({
  action: z
    .enum(['warn', 'pause', 'rollback'])
    .default('warn')
    .describe('rollback returns to the best checkpoint and ends the run'),
  min_valid_share: share.default(0.5).describe('alarm below this share of well-formed questions in a step'),
  min_entropy: z
    .number()
    .min(0)
    .default(0.02)
    .describe('alarm below this entropy, in nats a token: the policy hardly explores'),
  max_kl: z
    .number()
    .gt(0)
    .default(1)
    .describe('alarm above this divergence from the start of the phase, in nats a token'),
  max_zero_variance_share: share
    .default(0.95)
    .describe('alarm above this share of groups whose rewards are all equal: they teach nothing'),
  max_length_share: share.default(0.3).describe('alarm above this share of completions cut off by the token limit'),
  max_held_out_fall: share
    .default(0.03)
    .describe('alarm above this fall of accuracy against the best iteration so far, greedy, on the guard benchmark'),
  min_label_accuracy: share
    .default(0.3)
    .describe('warning below this share of right pseudo-labels; only where an oracle measures'),
  max_label_fall: share
    .default(0.2)
    .describe('warning above this fall of it against the best iteration so far; only where an oracle measures'),
  min_distinct_share: share
    .default(0.3)
    .describe('alarm below this share of distinct among valid questions: the Challenger repeats itself'),
  plateau_iterations: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(2)
    .describe('this many without a gain on the guard benchmark are a plateau; 0 is off'),
  min_held_out_gain: share.default(0.005).describe('the rise of accuracy on the guard benchmark that counts as a gain'),
});
