/**
 * Many prompts sampled at some servers: cut into requests of a few completions, so many on their way at once, put together
 * in the order they were asked in. Seeds come from the requests' keys; what a server draws by them is not repeatable bit for
 * bit, for its batches differ from time to time.
 */
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import type { RandomKey } from '../lib/random.js';
import { completionBody, readCompletions, type CompletionWish, type ServedCompletion } from './completions.js';
import type { RolloutServer } from './server.js';

/** Completions of one request: more share the reading of the prompt, fewer are lost to a deadline. */
const LARGEST_REQUEST = 32;

export interface TokenRequest {
  readonly prompt: readonly number[];
  readonly samples: number;
  readonly key: RandomKey;
}

export interface SampleWish {
  readonly servers: readonly RolloutServer[];
  readonly model: string;
  /** `max_new_tokens` is cut to what fits behind each prompt. */
  readonly sampling: SamplingRecipe;
  /** Tokens of prompt and completion together. */
  readonly maxLength: number;
  readonly stopTokens: readonly number[];
  readonly logprobs: boolean;
  /** Requests on their way to each server. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Called with each request's completions when they come. */
  readonly onCompletions?: (request: number, completions: readonly ServedCompletion[]) => void;
}

interface Piece {
  readonly request: number;
  readonly from: number;
  readonly wish: CompletionWish;
}

/** @throws RolloutsUnavailable, or the signal's reason; what is on its way is then given up */
export async function sampleAt(requests: readonly TokenRequest[], wish: SampleWish): Promise<ServedCompletion[][]> {
  const pieces = requests.flatMap((request, i) => piecesOf(request, i, wish))[Symbol.iterator]();
  const results = requests.map(({ samples }) => new Array<ServedCompletion>(samples));
  const over = new AbortController();
  const signal = AbortSignal.any([wish.signal, over.signal]);
  const work = async (server: RolloutServer): Promise<void> => {
    // One iterator for all: whoever is free takes the next.
    for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
      const { request, from, wish: one } = next.value;
      const message = server.completions(completionBody(one));
      const completions = await server.ask({ message, read: (value) => readCompletions(value, one), signal });
      completions.forEach((completion, j) => {
        (results[request] as ServedCompletion[])[from + j] = completion;
      });
      wish.onCompletions?.(request, completions);
    }
  };
  const workers = wish.servers.flatMap((server) => Array.from({ length: wish.concurrency }, () => work(server)));
  try {
    await Promise.all(workers);
  } catch (error) {
    over.abort();
    await Promise.allSettled(workers);
    wish.signal.throwIfAborted();
    throw error;
  }
  return results;
}

function piecesOf({ prompt, samples, key }: TokenRequest, request: number, wish: SampleWish): Piece[] {
  const { model, stopTokens, logprobs, maxLength } = wish;
  const max_new_tokens = Math.max(1, Math.min(wish.sampling.max_new_tokens, maxLength - prompt.length));
  const sampling = { ...wish.sampling, max_new_tokens };
  return Array.from({ length: Math.ceil(samples / LARGEST_REQUEST) }, (_, i) => {
    const from = i * LARGEST_REQUEST;
    const seed = key.child('served', from).stream().int(0x80000000);
    const count = Math.min(LARGEST_REQUEST, samples - from);
    return { request, from, wish: { model, prompt, samples: count, seed, sampling, stopTokens, logprobs } };
  });
}
