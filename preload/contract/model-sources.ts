/**
 * Where models come from besides runs: folders on the lab's machine and repositories of Hugging Face's hub; how they are
 * looked at before anything large is fetched, fetched, looked into, and taken off the list.
 */
import { z } from 'zod';
import { call, stream, text, word } from './route.js';
import { tasks } from './tasks.js';

const count = z.number().int().min(0);

/** What a folder's few small files say of its model. */
const aboutModelSchema = z.strictObject({
  architecture: text.describe('Qwen3ForCausalLM'),
  parameters: count,
  dtype: text.nullable().describe('of the weights as they are stored, as config.json says'),
  context: count.describe('tokens at most'),
  chat: z.boolean().describe('has a chat template; else it is asked by plain text'),
  licence: text.nullable().describe('as its card names it'),
  bytes: count.describe('of all its files'),
});
export type AboutModel = z.infer<typeof aboutModelSchema>;

const entry = {
  id: word,
  about: aboutModelSchema.nullable().describe('null: not there, or not to be read'),
  there: z.boolean().describe('false: the files are gone or moved'),
  reference: text.describe('what a recipe or a command calls it'),
  folder: text,
};

export const addedFolderSchema = z.strictObject({ ...entry, name: text });
export type AddedFolder = z.infer<typeof addedFolderSchema>;

export const hubModelSchema = z.strictObject({
  ...entry,
  repository: word.describe('OWNER/NAME'),
  revision: word.describe('branch, tag or commit that was asked for'),
  commit: word,
  freeable: count.describe('bytes that go with deleteFiles; 0 where other programs fetched or use them'),
});
export type HubModel = z.infer<typeof hubModelSchema>;

const repository = z.strictObject({
  repository: z
    .string()
    .max(200)
    .trim()
    .regex(/^[\w-][\w.-]*\/[\w-][\w.-]*$/, 'OWNER/NAME, as the hub names it'),
  revision: z.string().trim().min(1).max(200).default('main').describe('branch, tag or commit'),
});

export const hubPreviewSchema = z.strictObject({
  repository: word,
  revision: word,
  commit: word,
  about: aboutModelSchema,
  files: z.array(z.strictObject({ path: text, bytes: count, here: z.boolean() })).max(10_000),
  missing: count.describe('bytes that are not on this machine yet'),
  free: count.nullable().describe('bytes free where the cache lies'),
  cache: text.describe('folder that Hugging Face programs share'),
  page: text.describe('address of its page, with card and licence'),
});
export type HubPreview = z.infer<typeof hubPreviewSchema>;

export const fetchingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('progress'),
    file: text,
    done: count.describe('bytes of all files that are here'),
    total: count,
    bytesPerSecond: count.nullable().describe('over the last seconds; null: not known yet'),
    secondsLeft: count.nullable(),
  }),
  z.strictObject({ kind: z.literal('waiting'), why: text, seconds: count }),
  z.strictObject({ kind: z.literal('done'), model: hubModelSchema }),
]);
export type Fetching = z.infer<typeof fetchingSchema>;

const fitsSchema = z.strictObject({ needed: count, fits: z.boolean() });
export const inspectionSchema = z.strictObject({
  described: tasks.describe.output,
  reference: text,
  folder: text,
  hub: z.strictObject({ repository: word, revision: word, commit: word }).nullable(),
  training: z.strictObject({
    available: count.describe('bytes of memory free on the lab machine now'),
    full: fitsSchema.describe('all weights of two roles, roughly'),
    lora: fitsSchema.describe('adapters on one frozen copy in bf16, roughly'),
  }),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** @param model how a page names a model */
export const sourceRoutes = <T extends z.ZodType>(model: T) => ({
  /** Reads the folder's config, tokenizer and the heads of its weights; one that this program cannot use is refused by name. */
  add: call(z.strictObject({ folder: z.string().trim().min(1).max(4000) }), addedFolderSchema),
  /** What adding a repository would fetch: its config and card are read, nothing large. */
  preview: call(repository, hubPreviewSchema),
  /** Fetches what is missing into the shared cache and puts it on the list. Leaving the stream stops; what came is kept. */
  fetch: stream(repository, fetchingSchema),
  /** All there is to know of one, whether it can be used and trained here. A broken one fails with the reason. */
  inspect: call(z.strictObject({ model }), inspectionSchema),
  /** Takes a folder or a repository off the list. `deleteFiles` frees the files of a repository that this lab fetched. */
  remove: call(
    z.strictObject({ id: word, deleteFiles: z.boolean().default(false) }),
    z.strictObject({ freed: count.describe('bytes') }),
  ),
});
