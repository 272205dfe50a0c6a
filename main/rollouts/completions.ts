/**
 * A completion request and what comes back, by token ids: vLLM's `return_token_ids`, or tokens spelt `token_id:…`, or text
 * alone. Pure. Log-probabilities are those of the model itself, before temperature (vLLM's `raw_logprobs`), as training
 * here uses them.
 */
import { z } from 'zod';
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import { failure, type Failure } from '../endpoints/failure.js';

export interface CompletionWish {
  readonly model: string;
  readonly prompt: readonly number[];
  readonly samples: number;
  readonly seed: number;
  readonly sampling: SamplingRecipe;
  readonly stopTokens: readonly number[];
  readonly logprobs: boolean;
}

export interface ServedCompletion {
  /** The stop token included; null: the server gives text alone. */
  readonly tokens: readonly number[] | null;
  readonly text: string;
  readonly finish: 'stop' | 'length';
  readonly logprobs: readonly number[] | null;
}

/** Everything is said, for a server may have defaults of its own (vLLM takes them from generation_config.json). */
export function completionBody({
  model,
  prompt,
  samples,
  seed,
  sampling,
  stopTokens,
  logprobs,
}: CompletionWish): object {
  const { temperature, top_p, top_k, max_new_tokens } = sampling;
  return {
    ...{ model, prompt, n: samples, seed, max_tokens: max_new_tokens, temperature, top_p, top_k, min_p: 0 },
    ...{ repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0, stop_token_ids: stopTokens },
    ...{ skip_special_tokens: false, spaces_between_special_tokens: false, add_special_tokens: false },
    ...{ return_token_ids: true, return_tokens_as_token_ids: true, stream: false },
    ...(logprobs && { logprobs: 0 }),
  };
}

const choice = z.object({
  index: z.number().int().min(0).default(0),
  text: z.string(),
  finish_reason: z.string().nullish(),
  stop_reason: z.union([z.number(), z.string()]).nullish().catch(null),
  token_ids: z.array(z.number().int().min(0)).nullish(),
  logprobs: z
    .object({ tokens: z.array(z.string()).nullish(), token_logprobs: z.array(z.number().nullable()).nullish() })
    .nullish(),
});
const reply = z.object({ choices: z.array(choice) });
type Choice = z.infer<typeof choice>;

export function readCompletions(value: unknown, wish: CompletionWish): ServedCompletion[] | Failure {
  const parsed = reply.safeParse(value);
  if (!parsed.success) return failure('nonsense', 'the endpoint answered with no completions');
  const choices = [...parsed.data.choices].sort((a, b) => a.index - b.index);
  if (choices.length !== wish.samples)
    return failure('nonsense', `${choices.length} completions came where ${wish.samples} were asked for`);
  const read: ServedCompletion[] = [];
  for (const one of choices) {
    const completion = readChoice(one, wish);
    if ('ok' in completion) return completion;
    read.push(completion);
  }
  return read;
}

function readChoice(one: Choice, { stopTokens, logprobs: wanted }: CompletionWish): ServedCompletion | Failure {
  const { text, finish_reason: finish } = one;
  if (finish !== 'stop' && finish !== 'length')
    return failure('nonsense', `a completion ended with "${finish ?? 'nothing'}", neither stop nor length`);
  const tokens = tokensOf(one);
  if (tokens === null) {
    if (wanted)
      return failure('refused-request', 'it gives text without token ids, and rollouts that are learnt from need them');
    return { tokens: null, text, finish, logprobs: null };
  }
  const last = tokens.at(-1);
  if (last === undefined) return failure('empty', 'a completion came without a token');
  const given = one.logprobs?.token_logprobs ?? null;
  const logprobs = given?.every((value) => value !== null) ? given : null;
  if (wanted && logprobs?.length !== tokens.length)
    return failure('nonsense', `${logprobs?.length ?? 0} log-probabilities came with ${tokens.length} tokens`);
  if (finish === 'stop' && !stopTokens.includes(last)) {
    // Some servers keep the token back that ended the text.
    const stopped = typeof one.stop_reason === 'number' ? one.stop_reason : stopTokens[0];
    if (wanted || stopped === undefined)
      return failure('nonsense', 'a completion ended without the token that ends a text');
    return { tokens: [...tokens, stopped], text, finish, logprobs: null };
  }
  return { tokens, text, finish, logprobs: wanted ? logprobs : null };
}

function tokensOf({ token_ids, logprobs }: Choice): number[] | null {
  if (token_ids) return token_ids;
  const spelt = logprobs?.tokens?.map((token) => /^token_id:(\d+)$/.exec(token)?.[1]);
  if (!spelt || spelt.length === 0 || spelt.includes(undefined)) return null;
  return spelt.map(Number);
}

/** What a server is asked for the log-probabilities of a text that is given: nothing is sampled. */
export function scoreBody(model: string, tokens: readonly number[]): object {
  return {
    ...{ model, prompt: tokens, max_tokens: 0, echo: true, logprobs: 0, temperature: 0, stream: false },
    ...{ add_special_tokens: false, return_tokens_as_token_ids: true },
  };
}

/** One for each token but the first. */
export function readScores(value: unknown, tokens: readonly number[]): number[] | Failure {
  const parsed = reply.safeParse(value);
  const one = parsed.success ? parsed.data.choices[0] : undefined;
  const given = one?.logprobs?.token_logprobs;
  if (!one || !given)
    return failure(
      'refused-request',
      'it does not give the log-probabilities of a prompt (echo with logprobs), so its weights cannot be checked',
    );
  const spelt = one.logprobs?.tokens?.map((token) => /^token_id:(\d+)$/.exec(token)?.[1]);
  const other = spelt?.findIndex((id, i) => id !== undefined && i < tokens.length && Number(id) !== tokens[i]) ?? -1;
  if (given.length < tokens.length || other >= 0)
    return failure(
      'refused-request',
      `it read ${given.length} tokens where ${tokens.length} were sent: it takes no token ids, or has another tokenizer`,
    );
  return given.slice(1, tokens.length).map((value) => value ?? Number.NaN);
}
