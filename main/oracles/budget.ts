/**
 * What a call may spend, in requests, tokens and dollars. A request is let through only when it fits at its worst (its
 * prompt estimated high, its answer as long as it may be), together with those on their way: the budget is not overrun. What
 * fits only without those on their way waits for them, for most take less than their worst. One that failed and may have been worked on counts at its worst.
 */
import type { JudgeRequest } from '../../preload/contract/oracles.js';

export interface Cost {
  readonly input: number;
  readonly output: number;
}

const NOTHING: Cost = { input: 0, output: 0 };

/** Bytes of a prompt per token, at the least: two for digits and formulas, three to four for prose. */
const BYTES_PER_TOKEN = 2;

/** Tokens of a prompt, rather too many. */
export function estimatedTokens(prompt: string): number {
  return Math.ceil(Buffer.byteLength(prompt) / BYTES_PER_TOKEN) + 16;
}

export class Budget {
  requests = 0;
  readonly spent = { input: 0, output: 0 };
  private readonly reserved = { input: 0, output: 0 };
  private onTheirWay = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly limits: JudgeRequest['budget'],
    private readonly prices: JudgeRequest['prices'],
  ) {}

  /** Null where no prices are known. */
  usd(cost: Cost = this.spent): number | null {
    const { prices } = this;
    return prices && (cost.input * prices.input + cost.output * prices.output) / 1e6;
  }

  /**
   * Takes a request's worst case as soon as it fits, or says that it never will.
   * @throws the signal's reason, where it is aborted meanwhile
   */
  async room(worst: Cost, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      signal.throwIfAborted();
      if (this.fits(worst, this.reserved)) break;
      if (this.onTheirWay === 0 || !this.fits(worst, NOTHING)) return false;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.requests += 1;
    this.onTheirWay += 1;
    this.reserved.input += worst.input;
    this.reserved.output += worst.output;
    return true;
  }

  private fits(worst: Cost, reserved: Cost): boolean {
    const input = this.spent.input + reserved.input + worst.input;
    const output = this.spent.output + reserved.output + worst.output;
    const { requests, tokens, usd } = this.limits;
    if (requests !== undefined && this.requests + 1 > requests) return false;
    if (tokens !== undefined && input + output > tokens) return false;
    return usd === undefined || (this.usd({ input, output }) ?? Number.POSITIVE_INFINITY) <= usd;
  }

  /** The request is over: what it took stands in place of its worst case. */
  settle(worst: Cost, taken: Cost): void {
    this.reserved.input -= worst.input;
    this.reserved.output -= worst.output;
    this.spent.input += taken.input;
    this.spent.output += taken.output;
    this.onTheirWay -= 1;
    for (const look of this.waiting.splice(0)) look();
  }
}
