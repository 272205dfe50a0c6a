/**
 * When the next request may go: at most so many a minute, evenly spread, and none before a time that the endpoint itself
 * asked for, which holds for all of them. Waiting ends when a stop is asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  now(): number;
  /** @throws when the signal is aborted */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => void (await sleep(ms, undefined, { signal })),
};

export class Pace {
  private next = 0;
  private heldUntil = 0;
  private readonly gapMs: number;

  constructor(
    perMinute: number | null,
    private readonly clock: Clock,
  ) {
    this.gapMs = perMinute === null ? 0 : 60_000 / perMinute;
  }

  /** Settles when it is this request's turn. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = this.clock.now();
    const mine = Math.max(now, this.next);
    this.next = mine + this.gapMs;
    if (mine > now) await this.clock.wait(mine - now, signal);
    for (;;) {
      const left = this.heldUntil - this.clock.now();
      if (left <= 0) return;
      await this.clock.wait(left, signal);
    }
  }

  /** Nobody asks before then. */
  hold(ms: number): void {
    this.heldUntil = Math.max(this.heldUntil, this.clock.now() + ms);
  }
}
