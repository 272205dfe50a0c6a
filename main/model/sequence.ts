/** One completion in the making: its tokens so far, its own stream of random numbers, and why it ended. */
import type { RandomKey, RandomStream } from '../lib/random.js';

export interface GenerationRequest {
  readonly prompt: readonly number[];
  readonly samples: number;
  /** Sample j draws from `key.child(j)`, one uniform number a token, in order. */
  readonly key: RandomKey;
}

export type Finish = 'stop' | 'length';

export class Sequence {
  readonly tokens: number[] = [];
  readonly logprobs: number[] = [];
  finish: Finish | null = null;
  private readonly stream: RandomStream;

  /** @param limit completion tokens at most */
  constructor(
    readonly prompt: readonly number[],
    readonly place: { readonly request: number; readonly sample: number },
    key: RandomKey,
    readonly limit: number,
  ) {
    this.stream = key.child(place.sample).stream();
    if (limit === 0) this.finish = 'length';
  }

  /** Positions in the cache: all tokens but the last, which the next step feeds. */
  get cached(): number {
    return this.prompt.length + this.tokens.length - 1;
  }

  get lastToken(): number {
    return (this.tokens.at(-1) ?? this.prompt.at(-1)) as number;
  }

  uniform(): number {
    return this.stream.uniform();
  }

  /** Takes a sampled token. @returns whether the sequence goes on. */
  push(token: number, logprob: number, stops: ReadonlySet<number>): boolean {
    this.tokens.push(token);
    this.logprobs.push(logprob);
    if (stops.has(token)) this.finish = 'stop';
    else if (this.tokens.length >= this.limit) this.finish = 'length';
    return this.finish === null;
  }
}
