/**
 * A recipe: every parameter of a run, typed, bounded and with its default. The values of r-zero-paper.yaml are those of
 * arXiv 2508.05004, table of hyper-parameters. Keys are snake_case, as in the YAML. Unknown keys are errors.
 */
import { z } from 'zod';
import { loraSchema } from './recipe-lora.js';
import {
  count,
  grpoSchema,
  guardSchema,
  optimiserSchema,
  otherBenchmarkSchema,
  samplingSchema,
  share,
} from './recipe-parts.js';
import { promptsSchema } from './recipe-prompts.js';
import { rolloutsSchema } from './recipe-rollouts.js';
import { sftSchema } from './recipe-sft.js';

export const recipeSchema = z
  .strictObject({
    name: z.string().min(1).max(80).describe('what the recipe is called'),
    description: z.string().default('').describe('what it is for, in a sentence'),
    model: z
      .string()
      .min(1)
      .describe(
        'a folder in Hugging Face format, builtin:nano, or what the Solver of a run became: RUN@last, RUN@best',
      ),
    domain: z
      .string()
      .min(1)
      .max(4000)
      .describe('what questions are about: a shipped domain (rzero domain list), or the path of a folder of your own'),
    seed: z.number().int().min(0).default(0).describe('of every random draw; the same seed gives the same run'),
    roles: z
      .enum(['two', 'one'])
      .default('two')
      .describe(
        'two: Challenger and Solver are two copies of the model; one: a single model plays and learns both roles',
      ),
    iterations: z
      .number()
      .int()
      .min(0)
      .max(100)
      .default(3)
      .describe('T: rounds of Challenger, curriculum and Solver; 0, where there is sft, is fine-tuning alone'),
    lora: loraSchema
      .nullable()
      .default(null)
      .describe('small adapters learn instead of all weights; empty: all weights learn, as in the paper'),
    sft: sftSchema
      .nullable()
      .default(null)
      .describe('supervised fine-tuning of the model before both roles begin as copies of it; empty: none'),
    challenger: z
      .strictObject({
        train: z.boolean().default(true).describe('false is the Base Challenger baseline'),
        steps: count.default(5).describe('optimiser steps in an iteration'),
        prompts_per_step: count.default(1).describe('groups of questions in a step'),
        rollouts_per_prompt: z
          .number()
          .int()
          .min(2)
          .default(4)
          .describe('G: questions in a group, whose rewards are compared'),
        votes: z
          .number()
          .int()
          .min(1)
          .default(10)
          .describe('m: answers of the Solver to a question, by which its reward is measured'),
        sampling: samplingSchema.describe('how the Challenger writes questions'),
        vote_sampling: samplingSchema.describe('how the Solver answers them'),
        optimiser: optimiserSchema.describe("AdamW of the Challenger's weights"),
        grpo: grpoSchema.prefault({}).describe('how the Challenger learns from rewards'),
        reward: z
          .strictObject({
            uncertainty: z
              .enum(['paper', 'code'])
              .default('paper')
              .describe('r_unc, of the share p̂ of the most common answer; paper: 1 - 2|p̂ - 1/2|; code: min(p̂, 1 - p̂)'),
            min_vote_share: share.default(0).describe('below this p̂ a question earns no uncertainty reward'),
            malformed: z
              .number()
              .min(-1)
              .max(0)
              .default(0)
              .describe('reward of a question without the asked form; paper 0, code -1'),
            repetition_weight: z
              .number()
              .min(0)
              .default(1)
              .describe('λ: weight of the penalty for saying nearly the same as others of the batch'),
            repetition_threshold: share
              .default(0.5)
              .describe('τ: BLEU distance under which questions are of one cluster, average linkage'),
          })
          .prefault({})
          .describe('what a question earns'),
      })
      .describe('the role that writes questions, rewarded where the Solver is unsure'),
    curriculum: z
      .strictObject({
        questions: count.default(8000).describe('N: questions the Challenger writes in an iteration'),
        votes: z
          .number()
          .int()
          .min(1)
          .default(10)
          .describe('m: answers of the Solver to a question; the most common is its pseudo-label'),
        sampling: samplingSchema.describe('how the Challenger writes them'),
        vote_sampling: samplingSchema.describe('how the Solver answers them'),
        band: z
          .strictObject({
            low: share.describe('smallest p̂ that is kept'),
            high: share.describe('largest p̂ that is kept'),
          })
          .refine((b) => b.low <= b.high, 'low must not exceed high')
          .prefault({ low: 0.25, high: 0.75 })
          .describe(
            'questions are kept whose p̂, the share of the most common answer, lies in it; 1/2 ± δ in the paper',
          ),
        filter: z.boolean().default(true).describe('false keeps every labelled question, an ablation'),
        labelling: z
          .enum(['majority', 'pooled'])
          .default('majority')
          .describe('majority takes the most common answer; pooled adds the votes on a rewritten form'),
        cluster_duplicates: z
          .strictObject({
            threshold: share.default(0).describe('BLEU distance under which questions are the same; 0 is off'),
            keep_per_cluster: count.default(1).describe('questions that stay of each cluster'),
          })
          .prefault({})
          .describe('leaves out questions that are nearly the same as another'),
      })
      .describe('the questions the Solver learns from: written, answered by votes, and filtered by difficulty'),
    solver: z
      .strictObject({
        steps: count.default(15).describe('optimiser steps in an iteration'),
        questions_per_step: count.default(128).describe('groups of answers in a step'),
        rollouts_per_question: z
          .number()
          .int()
          .min(2)
          .default(5)
          .describe('G: answers to a question, whose rewards are compared'),
        sampling: samplingSchema.describe('how the Solver answers while it learns'),
        optimiser: optimiserSchema.describe("AdamW of the Solver's weights"),
        grpo: grpoSchema.prefault({}).describe('how the Solver learns from rewards'),
        reward: z
          .strictObject({
            correct: z.number().min(0).default(1).describe('for an answer that equals the pseudo-label'),
            format: z.number().min(0).default(0).describe('for an answer in the asked form, right or wrong'),
          })
          .prefault({})
          .describe('what an answer earns; the public code uses 0.9 and 0.1'),
      })
      .describe('the role that answers questions, rewarded where it agrees with the pseudo-label'),
    evaluation: z
      .strictObject({
        benchmark: z
          .string()
          .min(1)
          .describe('a benchmark name (rzero benchmark list), a file or SET=FILE; only measured, never used to choose'),
        guard_benchmark: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe('greedy only; guards and the best checkpoint look at this one'),
        others: z
          .array(otherBenchmarkSchema)
          .max(50)
          .default([])
          .describe('further benchmarks, measured as often; they show what carries over, and guide no choice'),
        contamination: z
          .enum(['leave-out', 'count'])
          .default('leave-out')
          .describe(
            'generated questions that are those of a benchmark, or nearly: left out of training, or only counted',
          ),
        samples: z.number().int().min(0).default(8).describe('k of mean@k; 0 is greedy only'),
        sampling: samplingSchema.describe('how the k answers are drawn; the greedy one only takes its token limit'),
      })
      .describe('the measurement of the base model and after every iteration'),
    guards: guardSchema.prefault({}).describe('signs of a collapse, and what to do about one'),
    reviews: z
      .strictObject({
        use: z
          .boolean()
          .default(false)
          .describe(
            'reviews take effect when a Solver phase begins: rejected questions leave its data, corrected labels replace votes; the run is then not zero-data',
          ),
        pause_after_curriculum: z
          .boolean()
          .default(false)
          .describe('pause by itself after each curriculum, so that there is time to review it'),
      })
      .prefault({})
      .describe('what people say of the questions, and whether the run heeds it'),
    prompts: promptsSchema.prefault({}).describe("prompts instead of the domain's own"),
    rollouts: rolloutsSchema
      .nullable()
      .default(null)
      .describe('sampling at OpenAI-compatible servers, such as vLLM, that serve the weights of the run; empty: here'),
    checkpoint: z
      .strictObject({
        every_steps: z
          .union([count, z.literal('auto')])
          .default('auto')
          .describe('units between checkpoints; auto costs at most 5 % of the time'),
        chunk: count.default(256).describe('questions or prompts between safe points of a long phase'),
        keep_last: count.default(2).describe('checkpoints kept besides those at the ends of iterations'),
      })
      .prefault({})
      .describe('when the run is saved, and how much of it stays on the disk'),
  })
  .refine((r) => r.iterations > 0 || r.sft !== null, {
    path: ['iterations'],
    error: '0 is for runs with sft: there would be nothing to do',
  })
  .refine((r) => r.guards.action !== 'rollback' || r.evaluation.guard_benchmark !== null, {
    path: ['guards', 'action'],
    error: 'rollback needs evaluation.guard_benchmark, by which the best checkpoint is chosen',
  });

export type Recipe = z.output<typeof recipeSchema>;
export type RecipeInput = z.input<typeof recipeSchema>;
export type SamplingRecipe = z.output<typeof samplingSchema>;
export type OptimiserRecipe = z.output<typeof optimiserSchema>;
export type GrpoRecipe = z.output<typeof grpoSchema>;
export type GuardRecipe = z.output<typeof guardSchema>;
