/**
 * How long to wait before a failed request is sent again: exponential back-off with full jitter (Brooker, "Exponential
 * Backoff and Jitter", AWS 2015), or what the endpoint asks to wait, where that is longer.
 */
import type { Failure } from './failure.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** @param requests sent so far */
export function backOffMs(reply: Pick<Failure, 'retryAfterMs'>, requests: number): number {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (requests - 1));
  // One that asks for no time, or for a time that is past by this machine's clock, is not asked again without a rest.
  return Math.max(reply.retryAfterMs ?? 0, Math.ceil(Math.random() * most));
}
