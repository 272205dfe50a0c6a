/**
 * Studies: families of runs that answer one question together, with the table they end in. An arm is one recipe with one
 * seed; a run with the same identity is that arm, whoever made it.
 */
import { z } from 'zod';
import { recipeChoice } from './recipes.js';
import { call, nothing, stream, text, word } from './route.js';
import { backendChoiceSchema } from './runs.js';

const count = z.number().int().min(0);
const seed = count.max(Number.MAX_SAFE_INTEGER);
const seeds = z.array(seed).min(1).max(100);

export const ARM_STATES = ['missing', 'waiting', 'running', 'paused', 'finished', 'failed', 'blocked'] as const;

const armSchema = z.strictObject({
  arm: word,
  title: text,
  what: text.describe('in which it differs from the recipe'),
  set: z.array(text).max(100).describe('the assignments that make it, key.path=value'),
  seed,
  identity: word.describe('hash of recipe, contents of model and benchmarks, seed, method and grader versions'),
  state: z.enum(ARM_STATES).describe('missing: no run yet; blocked: an arm it begins from failed'),
  run: word.nullable(),
  made: z.boolean().describe('the run was made by a study; false: by a person, or there is none'),
  done: z.number().min(0).max(1).describe('share of its iterations'),
  seconds: z.number().describe('active, so far'),
  likely: z.number().nullable().describe('seconds that are left, estimated from earlier runs'),
  error: text.nullable(),
  alarms: count.describe('of its run'),
  zeroData: z.boolean().describe('false: reviews, or data to learn from, came in from outside'),
});
export type StudyArm = z.infer<typeof armSchema>;

export const studyInfoSchema = z.strictObject({
  id: word,
  family: word,
  title: text,
  asks: text.describe('the question it answers'),
  recipe: word,
  model: text,
  seeds,
  iterations: count,
  backend: backendChoiceSchema,
  keepCheckpoints: z.boolean(),
  going: z.boolean().describe('its arms are run one after the other while a lab is open'),
  reason: text.nullable().describe('why nothing moves, where it should'),
  arms: z.array(armSchema).max(10_000),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type StudyInfo = z.infer<typeof studyInfoSchema>;

const columnSchema = z.strictObject({
  key: word,
  title: text,
  what: text,
  unit: z.enum(['share', 'count', 'seconds']),
});
export type StudyColumn = z.infer<typeof columnSchema>;

/** A mean over seeds; `low` and `high` are null where one seed, or none, has a value. */
const overSeeds = {
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: count.describe('seeds with a value'),
};
const cellSchema = z.strictObject({
  column: word,
  ...overSeeds,
  of: z.array(z.strictObject({ seed, run: word, value: z.number() })).max(100),
});
export type StudyCell = z.infer<typeof cellSchema>;

const rowSchema = z.strictObject({
  key: word,
  title: text,
  arm: word,
  iteration: count,
  cells: z.array(cellSchema).max(200),
});
export type StudyRow = z.infer<typeof rowSchema>;

const comparisonSchema = z.strictObject({
  row: word,
  against: word,
  column: word,
  ...overSeeds,
  questions: z
    .strictObject({ low: z.number(), high: z.number(), n: count.describe('questions') })
    .nullable()
    .describe('bootstrap over seeds and questions'),
  of: z.array(z.strictObject({ seed, run: word, against: word, value: z.number() })).max(100),
});
export type StudyComparison = z.infer<typeof comparisonSchema>;

export const studyTableSchema = z.strictObject({
  study: studyInfoSchema,
  equal: text.describe('what is the same for all arms'),
  intervals: text.describe('what the intervals are'),
  columns: z.array(columnSchema).max(200),
  rows: z.array(rowSchema).max(2000),
  comparisons: z.array(comparisonSchema).max(20_000),
  notes: z.array(text).max(1000),
});
export type StudyTable = z.infer<typeof studyTableSchema>;

const familySchema = z.strictObject({
  name: word,
  title: text,
  asks: text,
  equal: text,
  arms: z.array(z.strictObject({ arm: word, title: text, what: text, set: z.array(text).max(100) })).max(100),
});
export type StudyFamilyInfo = z.infer<typeof familySchema>;

const study = { study: word.describe("the study's id") };

export const studiesContract = {
  /** The families there are, with the arms that each would have over the recipe `nano`. */
  families: call(nothing, z.array(familySchema).max(100)),
  /** Newest first. */
  list: call(nothing, z.array(studyInfoSchema).max(1000)),
  table: call(z.strictObject(study), studyTableSchema),
  /** The table as a document to keep or to paste. */
  document: call(
    z.strictObject({ ...study, format: z.enum(['markdown', 'csv']) }),
    z.strictObject({ name: word, text }),
  ),
  /** Its arms with what is there already; nothing is made. */
  plan: call(z.strictObject({ family: word, ...recipeChoice, seeds: seeds.nullable().default(null) }), studyInfoSchema),
  /** Makes the study where it is new, and has its arms run one after the other. */
  begin: call(
    z.strictObject({
      family: word,
      ...recipeChoice,
      seeds: seeds.nullable().default(null).describe('null: as before, or 0, 1, 2'),
      backend: backendChoiceSchema.default('auto'),
      keepCheckpoints: z.boolean().default(false),
    }),
    studyInfoSchema,
  ),
  /** Goes on with a study; failed arms are tried again. */
  goOn: call(z.strictObject(study), studyInfoSchema),
  /** The run at work pauses at its next safe point, and nothing more is begun. */
  pause: call(z.strictObject(study), studyInfoSchema),
  /** Forgets the study; its runs stay. */
  remove: call(z.strictObject(study), nothing),
  /** All studies, then again whenever one has changed. */
  changes: stream(nothing, z.array(studyInfoSchema).max(1000)),
};
