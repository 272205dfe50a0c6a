/**
 * Models: those that ship, folders and repositories of the hub that a person has added (model-sources.ts), and what the
 * roles of runs have become. A page names a model by reference; only `add` takes the path of a folder.
 */
import { z } from 'zod';
import { estimateSchema, iterationSchema, phaseSchema } from './events.js';
import { addedFolderSchema, hubModelSchema, sourceRoutes } from './model-sources.js';
import { recipeSourceSchema } from './recipes.js';
import { call, nothing, stream, text, word } from './route.js';
import { backendChoiceSchema } from './runs.js';
import { savedAsSchema, tasks } from './tasks.js';

const count = z.number().int().min(0);

export const modelRefSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shipped'), name: word }),
  z.strictObject({ kind: z.literal('folder'), id: word }),
  z.strictObject({ kind: z.literal('hub'), id: word }),
  z.strictObject({
    kind: z.literal('run'),
    run: word,
    checkpoint: z.enum(['last', 'best']),
    role: z.enum(['solver', 'challenger']),
  }),
]);
export type ModelRef = z.infer<typeof modelRefSchema>;

const checkpointSchema = z.strictObject({
  iteration: iterationSchema,
  phase: phaseSchema,
  step: count,
  bytes: count,
  score: estimateSchema.nullable().describe('greedy, of its iteration; null in the middle of one'),
  benchmark: text.nullable(),
});
export type ModelCheckpoint = z.infer<typeof checkpointSchema>;

const runModelSchema = z.strictObject({
  run: word,
  name: text,
  base: text.describe('the model it began with'),
  domain: text.describe('as the recipe names it'),
  adapter: z.boolean().describe('it trains adapters (LoRA) on that model'),
  createdAt: z.number(),
  last: checkpointSchema.nullable(),
  best: checkpointSchema.nullable(),
});
export type RunModel = z.infer<typeof runModelSchema>;

export const modelListSchema = z.strictObject({
  shipped: z.array(word).max(100),
  folders: z.array(addedFolderSchema).max(1000),
  hub: z.array(hubModelSchema).max(1000),
  runs: z.array(runModelSchema).max(100_000),
  benchmarks: z.array(word).max(1000).describe('those that ship, those fetched or added'),
  recipes: z.array(word).max(1000).describe('those that ship'),
});
export type ModelList = z.infer<typeof modelListSchema>;

const model = { model: modelRefSchema };
const backend = { backend: backendChoiceSchema.default('auto') };
const most = { samples: 16, newTokens: 8192 } as const;

/** What a model is asked: a text as it is, or a recipe's prompt. Null takes the recipe of the run, or the usual one. */
const askSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(100_000), chat: z.boolean() }),
  z.strictObject({ kind: z.literal('challenger'), recipe: recipeSourceSchema.nullable() }),
  z.strictObject({
    kind: z.literal('solver'),
    recipe: recipeSourceSchema.nullable(),
    question: z.string().min(1).max(20_000),
  }),
]);
export type ModelAsk = z.infer<typeof askSchema>;

const writingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('partial'), samples: tasks.generate.partial }),
  z.strictObject({ kind: z.literal('done'), output: tasks.generate.output }),
]);
export type Writing = z.infer<typeof writingSchema>;

const evaluatingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), done: z.number(), total: z.number() }),
  z.strictObject({ kind: z.literal('done'), output: tasks.evaluate.output }),
]);
export type Evaluating = z.infer<typeof evaluatingSchema>;

export const modelsContract = {
  list: call(nothing, modelListSchema),
  describe: call(z.strictObject(model), tasks.describe.output),
  ...sourceRoutes(modelRefSchema),
  /** What the model writes, as it comes, then all of it. Leaving the stream stops the work. */
  write: stream(
    z.strictObject({
      ...model,
      ...backend,
      ask: askSchema,
      samples: z.number().int().min(1).max(most.samples).default(1),
      seed: count.max(Number.MAX_SAFE_INTEGER).default(0),
      temperature: z.number().min(0).max(10).nullable().default(null),
      topP: z.number().gt(0).max(1).nullable().default(null),
      topK: count.max(1_000_000).nullable().default(null),
      maxNewTokens: z.number().int().min(1).max(most.newTokens).nullable().default(null),
    }),
    writingSchema,
  ),
  evaluate: stream(
    z.strictObject({
      ...model,
      ...backend,
      benchmark: word.nullable().describe('one of the list; null: that of the run'),
      recipe: recipeSourceSchema.nullable().default(null).describe('null: that of the run, or that fits the model'),
      maxNewTokens: z.number().int().min(1).max(most.newTokens).nullable().default(null),
      samples: count.max(64).nullable().default(null).describe('k of mean@k; null: as the recipe says'),
      seed: count.max(Number.MAX_SAFE_INTEGER).default(0),
    }),
    evaluatingSchema,
  ),
  /** Writes it as a Hugging Face folder, or an adapter as PEFT's, under `exports` of the data directory. */
  save: call(
    z.strictObject({
      ...model,
      name: z
        .string()
        .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'letters, digits, dots, hyphens and underscores, a letter or digit first'),
      as: savedAsSchema,
    }),
    tasks.save.output,
  ),
};
