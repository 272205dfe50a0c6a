/**
 * A request asked until there is an answer, or until asking again helps no more: exponential back-off with full jitter
 * (Brooker, "Exponential Backoff and Jitter", AWS 2015), what the endpoint asks to wait in its place, within pace and
 * budget. What no other request would survive either (key, address, quota) is thrown; the rest is handed back.
 */
import { LabError } from '../lib/errors.js';
import type { Budget, Cost } from './budget.js';
import { askOnce, type Asking } from './chat-client.js';
import type { Clock, Pace } from './pace.js';
import { isFatal, isRetried, type ChatAnswer, type ChatFailure } from './reply.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** An endpoint that asks to wait longer is done for now. */
const LONGEST_ASKED_MS = 600_000;

/** The budget has no room for another request. */
export class Spent extends Error {}

export interface Asker extends Asking {
  readonly attempts: number;
  readonly pace: Pace;
  readonly budget: Budget;
  readonly clock: Clock;
  /** Ends a request on its way. */
  readonly signal: AbortSignal;
  /** Ends waiting: what is on its way is still taken. */
  readonly rest: AbortSignal;
  /** Said of each failed request. */
  readonly onFailure: (failure: ChatFailure) => void;
  /** Whether the endpoint has answered anything yet: a request that it refuses at first is a wrong way of asking. */
  answered: boolean;
}

export interface Asked {
  readonly reply: ChatAnswer | ChatFailure;
  readonly requests: number;
}

/** @param worst of one request. @throws Spent, LabError('network'), or the reason of a signal */
export async function ask(asker: Asker, body: string, worst: Cost): Promise<Asked> {
  for (let requests = 1; ; requests += 1) {
    await asker.pace.turn(asker.rest);
    if (!(await asker.budget.room(worst, asker.rest))) throw new Spent();
    let taken: Cost = worst;
    try {
      const reply = await askOnce(asker, body, asker.signal);
      taken = costOf(reply, worst);
      if (reply.ok) {
        asker.answered = true;
        return { reply, requests };
      }
      asker.onFailure(reply);
      stopAtFatal(asker, reply);
      if (!isRetried(reply.kind) || requests >= asker.attempts) return { reply, requests };
      await waitAfter(asker, reply, requests);
    } finally {
      asker.budget.settle(worst, taken);
    }
  }
}

/** As the endpoint counts; where it does not, at the worst. */
function costOf(reply: ChatAnswer | ChatFailure, worst: Cost): Cost {
  if (!reply.ok) return reply.mayCost ? worst : { input: 0, output: 0 };
  return { input: reply.inputTokens ?? worst.input, output: reply.outputTokens ?? worst.output };
}

function stopAtFatal(asker: Asker, { kind, message, retryAfterMs }: ChatFailure): void {
  const stop = (remedy: string): never => {
    throw new LabError('network', `The judge stopped: ${message}.`, { remedy });
  };
  if (isFatal(kind)) stop(REMEDIES[kind] ?? 'Look at the address, the model and the key.');
  if (kind === 'refused-request' && !asker.answered)
    stop('Look at the name of the model; some models want --token-field max_completion_tokens, or --temperature none.');
  if ((retryAfterMs ?? 0) > LONGEST_ASKED_MS) stop(`It asks to wait ${minutes(retryAfterMs ?? 0)}: call again then.`);
}

const LONGEST_SAID_MS = 30 * 24 * 3_600_000;
const minutes = (ms: number): string =>
  ms > LONGEST_SAID_MS ? 'more than a month' : `${Math.ceil(ms / 60_000)} minutes`;

const REMEDIES: Readonly<Record<string, string>> = {
  refused: 'Set the key in the environment (--key-env) or in the key store (rzero key set NAME).',
  'not-found': 'Name the endpoint with its path, such as https://host/v1, and a model that it serves.',
  redirect: 'Name the address that it sends to, if you trust it; a key is not sent after a redirect.',
  quota: 'Raise the limit at the provider, then call again: what has a verdict is not asked twice.',
};

async function waitAfter(asker: Asker, reply: ChatFailure, requests: number): Promise<void> {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (requests - 1));
  // One that asks for no time, or for a time that is past by this machine's clock, is not asked again without a rest.
  const wait = Math.max(reply.retryAfterMs ?? 0, Math.ceil(Math.random() * most));
  // Too many requests are everybody's matter.
  if (reply.kind === 'rate-limit') asker.pace.hold(wait);
  else await asker.clock.wait(wait, asker.rest);
}
