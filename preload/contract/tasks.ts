/**
 * Short work for an engine process that is no run: what needs a model or a backend and gives one answer. Each task is
 * defined once; the engine must implement all of them, and both ends validate input and output. What the engine says
 * while it works is in engine.ts.
 */
import { z } from 'zod';
import { chatReplySchema } from './chat-words.js';
import { phaseSchema } from './events.js';
import { askedSchema, measuredSchema } from './measured.js';
import { recipeSchema } from './recipe.js';
import { rolloutsSchema } from './recipe-rollouts.js';
import { backendChoiceSchema } from './runs.js';

const modelReference = z.string().min(1).describe('builtin:nano, a folder in Hugging Face format, or a run');
const place = {
  dataDir: z.string(),
  backend: backendChoiceSchema,
};
const which = {
  model: modelReference,
  checkpoint: z.enum(['last', 'best']).describe('of a run'),
  role: z.enum(['solver', 'challenger']).describe('of a run'),
};

/** What a model is asked: a text as it is or as a message of the user, or a recipe's own prompt (null: that of the run). */
const askSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), chat: z.boolean().describe('put into the chat template') }),
  z.object({ kind: z.literal('challenger'), recipe: recipeSchema.nullable() }),
  z.object({ kind: z.literal('solver'), recipe: recipeSchema.nullable(), question: z.string() }),
]);

/** What the recipe's domain makes of a completion: the question that was asked, or the answer that was given. */
const readingSchema = z.object({
  value: z.string().nullable(),
  problem: z.string().nullable().describe('why there is none'),
  claimed: z.string().nullable().describe("the Challenger's own answer, where its format asks for one"),
  correct: z.boolean().nullable().describe('where the domain can tell'),
});
export type Reading = z.infer<typeof readingSchema>;

/** An adapter is merged into its base unless it is asked for alone. */
export const savedAsSchema = z.enum(['float32', 'bfloat16', 'adapter']).default('float32');
export type SavedAs = z.infer<typeof savedAsSchema>;

const describedModel = z.object({
  architecture: z.string(),
  parameters: z.number().int(),
  layers: z.number().int(),
  hiddenSize: z.number().int(),
  heads: z.number().int(),
  kvHeads: z.number().int(),
  vocabulary: z.number().int(),
  positions: z.number().int(),
  dtype: z.string().nullable().describe('of the weights as they are stored'),
  chat: z.boolean().describe('has a chat template'),
  licence: z.string().nullable(),
  card: z.string().nullable().describe('text of its README'),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  memoryBytes: z.number().describe('of the weights, loaded'),
  endTokens: z.array(z.object({ id: z.number().int(), text: z.string() })).describe('end what it writes'),
  weights: z.object({
    files: z.number().int(),
    bytes: z.number(),
    dtypes: z.array(z.string()).describe('of the tensors in the files'),
  }),
});
export type DescribedModel = z.infer<typeof describedModel>;

const usableBackend = z.object({
  backend: z.string(),
  usable: z.literal(true),
  automatic: z.boolean().describe('false: works, but is chosen only by name'),
  figures: z.object({
    description: z.string(),
    traces: z.boolean(),
    matmulGflops: z.number(),
    eagerMicroseconds: z.number().describe('per small operation'),
    compiledMicroseconds: z.number().describe('the same inside a compiled step'),
    callMicroseconds: z.number().describe('per call of a compiled step'),
  }),
});
const unusableBackend = z.object({
  backend: z.string(),
  usable: z.literal(false),
  reason: z.string(),
  remedy: z.string().optional(),
});

const lookedAtSchema = z.object({
  host: z.string(),
  problem: z.string().nullable().describe('why a run could not be sampled there; null: it could'),
  version: z.string().nullable().describe('of vLLM; null: it does not tell'),
  models: z.array(z.object({ id: z.string(), maxLength: z.number().nullable() })),
  reload: z.array(z.enum(['vllm', 'lora'])).describe('ways to new weights that it offers'),
  fingerprint: z
    .object({
      same: z.boolean(),
      largest: z.number().describe('difference of a log-probability, nats'),
      mean: z.number(),
      tokens: z.number().int(),
    })
    .nullable()
    .describe('of the named weights; null: it could not be taken'),
  byTokens: z.boolean().nullable().describe('whether completions come as token ids; null: none came'),
  logprobs: z.boolean().nullable().describe('and their log-probabilities, which rollouts that are learnt from need'),
  tokensPerSecond: z.number().nullable(),
});
export type LookedAt = z.infer<typeof lookedAtSchema>;

export const tasks = {
  generate: {
    input: z.object({
      ...place,
      ...which,
      ask: askSchema,
      samples: z.number().int().positive(),
      seed: z.number().int().min(0),
      /** Null takes what the recipe says, or the model's folder advises. */
      temperature: z.number().min(0).nullable(),
      topP: z.number().gt(0).max(1).nullable(),
      topK: z.number().int().min(0).nullable(),
      maxNewTokens: z.number().int().positive().nullable(),
    }),
    output: z.object({
      completions: z.array(
        z.object({
          text: z.string(),
          tokens: z.array(z.number().int()),
          pieces: z.array(z.string()).describe('what each token adds to the text; empty within a character'),
          logprobs: z.array(z.number()),
          finish: z.enum(['stop', 'length']),
          reading: readingSchema.nullable().describe('null: no recipe was asked with'),
        }),
      ),
      prompt: z.string().describe('as the model was given it'),
      promptTokens: z.number().int(),
      unknown: z.array(z.string()).describe('characters of the prompt that the tokenizer does not know'),
      seconds: z.number(),
      backend: z.string(),
    }),
    /** What is written so far, sample by sample. */
    partial: z.array(
      z.object({ text: z.string(), tokens: z.number().int(), finish: z.enum(['stop', 'length']).nullable() }),
    ),
  },
  /** Keeps a model loaded and answers what is said to it, until it is told to stop: see chat-words.ts. */
  chat: {
    input: z.object({ ...place, ...which }),
    output: z.object({ answers: z.number().int() }),
    partial: chatReplySchema,
  },
  /** Reads config and tokenizer of a model and the heads of its weights' files: what it is, or why this program cannot use it. */
  describe: {
    input: z.object({ model: z.string().min(1), dataDir: z.string() }),
    output: describedModel,
  },
  /** Writes a model as a Hugging Face folder, or the adapter of a run as a folder of PEFT. */
  save: {
    input: z.object({ dataDir: z.string(), ...which, folder: z.string().min(1), card: z.string(), as: savedAsSchema }),
    output: z.object({ folder: z.string(), bytes: z.number() }),
  },
  /** Reads every page of the record. Fails where something is damaged. */
  check: {
    input: z.object({ dataDir: z.string() }),
    output: z.object({ seconds: z.number() }),
  },
  logits: {
    input: z.object({ ...place, ...which, tokens: z.array(z.number().int().min(0)).min(1) }),
    output: z.object({ logits: z.array(z.instanceof(Float32Array)).describe('(T, V)') }),
  },
  evaluate: {
    input: z.object({
      ...place,
      ...which,
      benchmarks: z.array(z.string().min(1)).min(1).max(100),
      out: z.string().min(1).nullable().describe('a file to which every answer is written, one a line; null: none'),
      recipe: z
        .union([z.string(), recipeSchema])
        .nullable()
        .describe('gives domain, prompts and sampling; null: the one of the run, or that fits the model'),
      maxNewTokens: z.number().int().positive().nullable().describe('null: as the recipe says'),
      samples: z.number().int().min(0).nullable().describe('k of mean@k; null: as the recipe says'),
      seed: z.number().int().min(0),
    }),
    output: z.object({
      evaluation: measuredSchema.describe('of the benchmark that was named first'),
      evaluations: z.array(measuredSchema).describe('in the order the benchmarks were named'),
      asked: askedSchema,
      model: z.string().describe('what was measured, for people: which checkpoint of which run'),
      seconds: z.number(),
      backend: z.string(),
      zeroData: z.boolean().nullable().describe('of the run; null where the model is none of a run'),
    }),
  },
  /** Looks at servers as a run with these `rollouts` would, and changes nothing there. */
  rollouts: {
    input: z.object({
      ...place,
      ...which,
      rollouts: rolloutsSchema,
      /** Whether any name of a model will do, where a server has one alone. */
      anyName: z.boolean(),
      key: z.string().nullable().describe('of the servers; null: none'),
    }),
    output: z.object({ servers: z.array(lookedAtSchema) }),
  },
  /** Measures a model for a while and says how long each phase of a recipe would take with it here. */
  foretell: {
    input: z.object({ ...place, folder: z.string().min(1), recipe: recipeSchema }),
    output: z.object({
      phases: z.partialRecord(phaseSchema, z.number().min(0)).describe('seconds of one time through each'),
      tokens: z.object({ challenger: z.number(), solver: z.number() }).describe('mean of a completion'),
      backend: z.string(),
      seconds: z.number().describe('that the measurement took'),
    }),
  },
  /** Opens a backend as a run would, and says what computes and why nothing faster does. */
  backend: {
    input: z.object(place),
    output: z.object({
      backend: z.string(),
      description: z.string(),
      hostMemory: z.boolean().describe('weights lie in the memory of this machine, not of a graphics card'),
      lanes: z.number().describe('parts of a batch of a narrow model worked on side by side'),
      passedOver: z.array(z.object({ backend: z.string(), reason: z.string() })),
    }),
  },
  /** What this machine has, and how fast each backend is on it. */
  doctor: {
    input: z.object({ dataDir: z.string() }),
    output: z.object({
      machine: z.object({
        system: z.string(),
        processor: z.string(),
        cores: z.number(),
        memoryBytes: z.number(),
        freeMemoryBytes: z.number(),
      }),
      node: z.string(),
      disks: z.array(z.object({ holds: z.string(), path: z.string(), freeBytes: z.number() })),
      backends: z.array(z.discriminatedUnion('usable', [usableBackend, unusableBackend])),
      chosen: z.string().nullable(),
      advice: z.array(z.string()),
    }),
  },
} as const;

export type TaskName = keyof typeof tasks;
export type TaskInput<K extends TaskName> = z.output<(typeof tasks)[K]['input']>;
export type TaskOutput<K extends TaskName> = z.output<(typeof tasks)[K]['output']>;

/** What a task says of its work before it is done. */
export type TaskPartial<K extends TaskName> = (typeof tasks)[K] extends { partial: infer P extends z.ZodType }
  ? z.output<P>
  : never;

export const taskNameSchema = z.enum(Object.keys(tasks) as [TaskName, ...TaskName[]]);
/** The command that asks for a task; its input is validated against the task's own schema. */
export const taskCommandSchema = z.object({ type: z.literal('task'), name: taskNameSchema, input: z.unknown() });
/** Said to a task while it works; the task knows what it may be. */
export const taskWordSchema = z.object({ type: z.literal('task.word'), word: z.unknown() });
export type TaskWord = z.infer<typeof taskWordSchema>;
export type TaskCommand = z.infer<typeof taskCommandSchema>;
