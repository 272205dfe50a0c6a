/**
 * What is said to a model that is tried, and what it says: the words of the engine's task `chat`, which a page is told as they
 * are. A conversation has no memory in the lab: every question brings the whole of it.
 */
import { z } from 'zod';

export const MOST_ALTERNATIVES = 10;
const MOST_NEW_TOKENS = 32_768;
const LONGEST_TEXT = 400_000;

const count = z.number().int().min(0);
const tokenId = count.max(10_000_000);

export const CHAT_ROLES = ['system', 'user', 'assistant'] as const;
export const chatMessageSchema = z.strictObject({
  role: z.enum(CHAT_ROLES),
  content: z.string().max(LONGEST_TEXT),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/**
 * How the messages become one text. `template`: the model's chat template. `plain`: one behind the other as they are.
 * `question`: the last message alone, in the Solver's prompt of the run, or of a recipe that fits. `auto`: the template
 * where there is one; else the question for models of the shipped kind and of runs; else plain.
 */
export const CHAT_FORMS = ['auto', 'template', 'plain', 'question'] as const;
export const chatFormSchema = z.enum(CHAT_FORMS);
export type ChatForm = z.infer<typeof chatFormSchema>;

/** Null takes what the model's folder advises. */
export const chatSamplingSchema = z.strictObject({
  temperature: z.number().min(0).max(10).nullable().default(null),
  topP: z.number().gt(0).max(1).nullable().default(null),
  topK: count.max(1_000_000).nullable().default(null),
  maxNewTokens: z.number().int().min(1).max(MOST_NEW_TOKENS).nullable().default(null),
  seed: count.max(Number.MAX_SAFE_INTEGER).default(0),
});
export type ChatSampling = z.infer<typeof chatSamplingSchema>;

/** `go`: write on behind `begun`, tokens that stand already. `score`: write nothing, say how probable a text is. */
const wishSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('go'), begun: z.array(tokenId).max(MOST_NEW_TOKENS).default([]) }),
  z.strictObject({ kind: z.literal('score'), text: z.string().min(1).max(LONGEST_TEXT) }),
]);
export type ChatWish = z.infer<typeof wishSchema>;

export const chatQuestionSchema = z.strictObject({
  messages: z.array(chatMessageSchema).min(1).max(1000),
  form: chatFormSchema.default('auto'),
  wish: wishSchema,
  sampling: chatSamplingSchema,
  top: count.max(MOST_ALTERNATIVES).default(5).describe('alternatives told with every token'),
});
export type ChatQuestion = z.infer<typeof chatQuestionSchema>;

const alternativeSchema = z.strictObject({
  id: tokenId,
  shown: z.string().describe('the token by itself; bytes of part of a character as ⟨E2 98⟩'),
  logprob: z.number(),
});
export type ChatAlternative = z.infer<typeof alternativeSchema>;

/** Log-probabilities are natural, under the model itself: temperature 1, nothing cut off. */
export const chatTokenSchema = alternativeSchema.extend({
  piece: z.string().describe('what it adds to the text; empty within a character'),
  entropy: z.number().describe('of the distribution it was drawn from, in nats'),
  top: z.array(alternativeSchema).max(MOST_ALTERNATIVES),
});
export type ChatToken = z.infer<typeof chatTokenSchema>;

const openedSchema = z.strictObject({
  kind: z.literal('opened'),
  place: z.string().nullable().describe('which checkpoint of which run'),
  template: z.boolean().describe('has a chat template'),
  positions: count,
  backend: z.string(),
  seconds: z.number().describe('it took to load'),
});

const promptSchema = z.strictObject({
  kind: z.literal('prompt'),
  form: z.enum(['template', 'plain', 'question']),
  text: z.string().describe('exactly what the model is given'),
  tokens: count,
  kept: count.describe('tokens that were read before and are not read again'),
  unknown: z.array(z.string()).describe('characters that the tokenizer does not know'),
});

const tokensSchema = z.strictObject({
  kind: z.literal('tokens'),
  from: count.describe('place of the first in the answer'),
  tokens: z.array(chatTokenSchema),
});

const doneSchema = z.strictObject({
  kind: z.literal('done'),
  finish: z.enum(['stop', 'length', 'stopped', 'scored']),
  text: z.string().describe('of the whole answer, what it began with included, without the token that ends it'),
  ids: z.array(tokenId),
  logprob: z.number().describe('of the tokens told, together'),
  ending: z.number().nullable().describe('probability that the model would end here; null where that was not asked'),
  seconds: z.number(),
  first: z.number().nullable().describe('seconds until the first token'),
});

export const chatNewsSchema = z.discriminatedUnion('kind', [openedSchema, promptSchema, tokensSchema, doneSchema]);
export type ChatNews = z.infer<typeof chatNewsSchema>;
export type ChatOpened = z.infer<typeof openedSchema>;
export type ChatPrompt = z.infer<typeof promptSchema>;
export type ChatDone = z.infer<typeof doneSchema>;

/** To the task: a question under a number, or that nobody waits for its answer any more. */
export const chatCallSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ask'), call: count, question: chatQuestionSchema }),
  z.strictObject({ type: z.literal('stop'), call: count }),
]);
export type ChatCall = z.infer<typeof chatCallSchema>;

/** From the task: news of a call, or that it failed. Call 0 is the opening. */
export const chatReplySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('news'), call: count, news: chatNewsSchema }),
  z.strictObject({
    type: z.literal('failed'),
    call: count,
    code: z.string(),
    message: z.string(),
    remedy: z.string().nullable(),
  }),
]);
export type ChatReply = z.infer<typeof chatReplySchema>;
