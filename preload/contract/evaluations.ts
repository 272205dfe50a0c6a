/**
 * Two measurements of the same benchmark questions held against each other: of two iterations of a run, or of two runs. From
 * the answers that were recorded; nothing is asked again.
 */
import { z } from 'zod';
import { verdictSchema } from './answers.js';
import { estimateSchema } from './events.js';
import { calls, text, word } from './route.js';

const count = z.number().int().min(0);
/** As in a run's summaries. */
const iteration = z.number().int().min(-1).max(1000);

const measuredSchema = z.strictObject({
  run: word.describe("the run's id"),
  iteration: iteration
    .nullable()
    .default(null)
    .describe('0 is the base model, −1 the model before fine-tuning; null: the newest that was measured'),
});
export type Measured = z.input<typeof measuredSchema>;

/** Which measurements are meant, with names for people. */
const sideSchema = z.object({ run: word, name: text, iteration, zeroData: z.boolean() });
export type ComparedSide = z.infer<typeof sideSchema>;

const bothSchema = { a: estimateSchema, b: estimateSchema };
/** Differences are B minus A, over the questions that were decided in both. */
const comparedSchema = z.object({
  benchmark: text,
  questions: count,
  k: count.describe('samples of each question in both; 0: greedy only'),
  undecided: z.object({ a: count, b: count }).describe('answers that are neither right nor wrong, greedy and sampled'),
  greedy: z.object({
    ...bothSchema,
    difference: estimateSchema.describe("Bonett and Price's interval"),
    won: count.describe('wrong in A, right in B'),
    lost: count.describe('right in A, wrong in B'),
    p: z.number().describe("McNemar's exact test, two-sided"),
  }),
  mean: z
    .object({ ...bothSchema, difference: estimateSchema.describe('bootstrap over questions') })
    .nullable()
    .describe('null where one of them was asked greedily only'),
});
export type ComparedBenchmark = z.infer<typeof comparedSchema>;

const comparisonSchema = z.object({
  a: sideSchema,
  b: sideSchema,
  benchmarks: z.array(comparedSchema).max(1000),
  refused: z
    .array(z.object({ benchmark: text, reason: text }))
    .max(1000)
    .describe('measured in both, but not on the same questions'),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const answered = z.object({
  verdict: verdictSchema,
  extracted: text.nullable().describe('the greedy answer'),
  right: count.describe('of the samples'),
  decided: count,
});

const changedSchema = z.object({
  item: count,
  question: text,
  truth: text,
  difficulty: z.number().nullable(),
  a: answered,
  b: answered,
});
export type ChangedQuestion = z.infer<typeof changedSchema>;

export const evaluationQueries = {
  /** Every benchmark that both measured on the same questions; one that is named must be among them. */
  compare: {
    input: z.strictObject({ a: measuredSchema, b: measuredSchema, benchmarks: z.array(word).max(100).default([]) }),
    output: comparisonSchema,
  },
  /** The questions that the greedy answer won or lost from A to B, in the benchmark's order. */
  changed: {
    input: z.strictObject({
      a: measuredSchema,
      b: measuredSchema,
      benchmark: word,
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    output: z.object({ won: z.array(changedSchema), lost: z.array(changedSchema) }),
  },
} as const;

export const evaluationsContract = calls(evaluationQueries);
