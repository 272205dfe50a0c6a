/**
 * A request asked until there is an answer, or until asking again helps no more, within pace and budget. What no other request would survive either (key, address, quota) is thrown; the rest is handed back.
 */
import { LabError } from '../lib/errors.js';
import type { Budget, Cost } from './budget.js';
import { askOnce } from './chat-client.js';
import { backOffMs } from '../endpoints/back-off.js';
import { isFatal, isRetried, type Failure } from '../endpoints/failure.js';
import type { Clock, Pace } from '../endpoints/pace.js';
import type { Asking } from '../endpoints/send.js';
import type { ChatAnswer } from './reply.js';

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
  readonly onFailure: (failure: Failure) => void;
  /** Whether the endpoint has answered anything yet: a request that it refuses at first is a wrong way of asking. */
  answered: boolean;
}

export interface Asked {
  readonly reply: ChatAnswer | Failure;
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
function costOf(reply: ChatAnswer | Failure, worst: Cost): Cost {
  if (!reply.ok) return reply.mayCost ? worst : { input: 0, output: 0 };
  return { input: reply.inputTokens ?? worst.input, output: reply.outputTokens ?? worst.output };
}

function stopAtFatal(asker: Asker, { kind, message, retryAfterMs }: Failure): void {
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

async function waitAfter(asker: Asker, reply: Failure, requests: number): Promise<void> {
  const wait = backOffMs(reply, requests);
  // Too many requests are everybody's matter.
  if (reply.kind === 'rate-limit') asker.pace.hold(wait);
  else await asker.clock.wait(wait, asker.rest);
}
