/** Runs as every shell sees them, the commands the lab takes, and what a page may ask about runs. */
import { z } from 'zod';
import { BEFORE_SFT, eventSchema, iterationSummarySchema, phaseSchema } from './events.js';
import { preflightSchema } from './preflight.js';
import { recipeChoice } from './recipes.js';
import type { SftRecipe } from './recipe-sft.js';
import { call, nothing, stream, text, word } from './route.js';
import { runNameSchema } from './run-name.js';
import { checkpointSchema, forkedFromSchema, pausePlaceSchema, reviewPolicySchema } from './steering.js';

export const RUN_STATES = ['created', 'running', 'paused', 'finished', 'failed'] as const;
export const runStateSchema = z.enum(RUN_STATES);
export type RunState = z.infer<typeof runStateSchema>;

/** Where a run stands: `step` units of `phase` are done. */
export const cursorSchema = z.object({
  iteration: z.number().int().min(BEFORE_SFT),
  phase: phaseSchema,
  step: z.number().int().min(0),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** Where a run of this recipe begins. One that was recorded by an older version has no `sft`. */
export function startOf({ sft }: { readonly sft?: Pick<SftRecipe, 'measure_before'> | null | undefined }): Cursor {
  if (!sft) return { iteration: 0, phase: 'baseline', step: 0 };
  return sft.measure_before
    ? { iteration: BEFORE_SFT, phase: 'baseline', step: 0 }
    : { iteration: 0, phase: 'sft', step: 0 };
}

const tags = z.array(z.string().min(1).max(50)).max(50);

export const runInfoSchema = z.strictObject({
  id: word,
  name: text,
  recipe: text.describe('name of the recipe'),
  seed: z.number().int(),
  state: runStateSchema.describe('running only while a live process holds the run'),
  backend: text.nullable(),
  cursor: cursorSchema,
  iterations: z.number().int(),
  createdAt: z.number(),
  updatedAt: z.number(),
  activeSeconds: z.number(),
  directory: text,
  error: text.nullable(),
  summaries: z.array(iterationSummarySchema).max(1000),
  notes: text,
  tags,
  archived: z.boolean().describe('put away: lists leave it out unless asked'),
  pausing: pausePlaceSchema.nullable().describe('where it will pause: asked for and not reached yet'),
  reviews: reviewPolicySchema,
  zeroData: z
    .boolean()
    .describe(
      'false once something from outside has changed what its Solver learns from: a review, or data for fine-tuning',
    ),
  forkedFrom: forkedFromSchema.nullable(),
});
export type RunInfo = z.infer<typeof runInfoSchema>;

/** Whether anything of a run is done: before, there is no checkpoint it could go on from. */
export const hasBegun = ({ cursor }: Pick<RunInfo, 'cursor'>): boolean =>
  cursor.iteration > 0 || cursor.step > 0 || !(cursor.phase === 'baseline' || cursor.phase === 'sft');

export const backendChoiceSchema = z.enum(['auto', 'tensorflow', 'webgpu', 'wasm']);
export type BackendChoice = z.infer<typeof backendChoiceSchema>;

/** What the lab sends to the engine process. */
export const engineCommandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    runId: z.string(),
    dataDir: z.string(),
    backend: backendChoiceSchema,
    rolloutsKey: z.string().nullable().default(null).describe('for the servers that sample; never recorded'),
  }),
  /** Pause at the next safe point, whatever the record says: the owner is about to end. */
  z.object({ type: z.literal('pause') }),
  /** The requests in the record have changed. */
  z.object({ type: z.literal('requests') }),
]);
export type EngineCommand = z.infer<typeof engineCommandSchema>;

const run = { run: word.describe("the run's id") };
const backend = backendChoiceSchema.default('auto');
const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const after = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).default(-1);

/** `whole` says that `runs` are all there are; else they are those that changed or came. */
export const runChangesSchema = z.strictObject({
  whole: z.boolean(),
  runs: z.array(runInfoSchema).max(100_000),
  removed: z.array(word).max(100_000),
});
export type RunChanges = z.infer<typeof runChangesSchema>;

export const runsContract = {
  /** Newest first. */
  list: call(nothing, z.array(runInfoSchema).max(100_000)),
  get: call(z.strictObject(run), runInfoSchema),
  create: call(
    z.strictObject({
      ...recipeChoice,
      name: runNameSchema.nullable().default(null).describe("null: the run's id"),
      backend,
      start: z.boolean().default(true).describe('false only makes it; `resume` starts it'),
    }),
    runInfoSchema,
  ),
  /** One run for each seed, named after it, in the order given. */
  createMany: call(
    z.strictObject({
      ...recipeChoice,
      seeds: z.array(seed).min(1).max(100),
      name: runNameSchema
        .nullable()
        .default(null)
        .describe("null: the recipe's; of several seeds each gets its own, NAME-seed-N"),
      backend,
      then: z.enum(['start', 'queue', 'keep']).default('keep').describe('start: one seed only'),
    }),
    z.array(runInfoSchema).max(100),
  ),
  /** A new run of the same recipe, from the beginning. */
  duplicate: call(
    z.strictObject({
      ...run,
      seed: seed.nullable().default(null).describe('null: the same'),
      name: runNameSchema.nullable().default(null),
    }),
    runInfoSchema,
  ),
  /** What runs were made with, as it was recorded. */
  recipes: call(
    z.strictObject({ runs: z.array(word).min(1).max(50) }),
    z.array(z.strictObject({ run: word, recipe: z.record(z.string(), z.json()) })).max(50),
  ),
  /** What a run would take; `runs`: how many of them. Recipes that are not valid are refused. */
  preflight: call(
    z.strictObject({
      ...recipeChoice,
      backend,
      runs: z.number().int().min(1).max(100).default(1),
      measure: z.boolean().default(false).describe('load the model and measure it, which takes half a minute or more'),
    }),
    preflightSchema,
  ),
  /** Puts a run away: lists leave it out unless asked. */
  archive: call(z.strictObject(run), runInfoSchema),
  unarchive: call(z.strictObject(run), runInfoSchema),
  /** Starts a run that was made, paused or failed. */
  resume: call(z.strictObject({ ...run, backend }), runInfoSchema),
  /** Asks for a pause at a named place, whichever process works on the run; a later request replaces an earlier one. */
  pause: call(z.strictObject({ ...run, at: pausePlaceSchema.default('now') }), nothing),
  /** Takes back a pause that has not been reached yet. */
  carryOn: call(z.strictObject(run), nothing),
  /** Whether reviews take effect from the next Solver phase on. Refused while the run is running. */
  useReviews: call(z.strictObject({ ...run, use: z.boolean() }), runInfoSchema),
  /** Newest first. */
  checkpoints: call(z.strictObject(run), z.array(checkpointSchema).max(100_000)),
  /** Makes a run that begins at a checkpoint of this one, with its history; it stands paused until it is resumed. */
  fork: call(
    z.strictObject({
      ...run,
      checkpoint: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
      name: runNameSchema.nullable().default(null).describe("null: the run's id"),
      seed: recipeChoice.seed.describe("null: this run's"),
      set: recipeChoice.set,
    }),
    runInfoSchema,
  ),
  /** Ends this lab's engine at once; work since the last checkpoint will be done again. */
  stop: call(z.strictObject(run), nothing),
  rename: call(z.strictObject({ ...run, name: runNameSchema }), runInfoSchema),
  annotate: call(
    z.strictObject({ ...run, notes: z.string().max(100_000).optional(), tags: tags.optional() }),
    runInfoSchema,
  ),
  /** Forgets the run: rows, checkpoints, directory. Refused while a process works on it. */
  remove: call(z.strictObject(run), nothing),
  /** Every event after `after`, some at a time, then the live ones. The id of an item is the sequence of its last event. */
  events: stream(
    z.strictObject({
      ...run,
      after,
      brief: z
        .boolean()
        .default(false)
        .describe(
          'for where a run stands, not for its curves: what is already recorded comes without its steps, of progress only the newest',
        ),
    }),
    z.array(eventSchema).min(1).max(500),
  ),
  /** The whole list first, then what changes in it. */
  changes: stream(nothing, runChangesSchema),
};
