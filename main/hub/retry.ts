/**
 * Asking again where that helps: a busy or failing server (408, 429, 5xx), a connection that broke or fell silent. The wait
 * doubles, and is what the server asks for where it asks. Every try that got further begins the count anew.
 */
import { LabError } from '../lib/errors.js';

/** A failure that may be gone at the next try. */
export class Passing extends Error {
  override readonly name = 'Passing';
  constructor(
    message: string,
    /** What the server asked for. */
    readonly waitMs: number | null = null,
    /** Something came before it failed. */
    readonly progressed = false,
  ) {
    super(message);
  }
}

export interface Patience {
  /** Tries in a row that get nowhere. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled before each further one. */
  readonly firstWaitMs: number;
  /** A server that says nothing for so long is given up. */
  readonly silenceMs: number;
}

export const PATIENCE: Patience = { tries: 6, firstWaitMs: 1000, silenceMs: 30_000 };
/** A server that asks for more is asked by hand, later. */
const LONGEST_WAIT_MS = 120_000;

export interface Retrying {
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  readonly onWait?: ((why: string, milliseconds: number) => void) | undefined;
}

export async function retrying<T>(work: () => Promise<T>, { patience, signal, onWait }: Retrying): Promise<T> {
  for (let failed = 0; ;) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      failed = error.progressed ? 1 : failed + 1;
      const wait = error.waitMs ?? patience.firstWaitMs * 2 ** (failed - 1);
      if (failed >= patience.tries || wait > LONGEST_WAIT_MS) throw givenUp(error, failed, wait);
      onWait?.(error.message, wait);
      await pause(wait, signal);
    }
  }
}

function givenUp(error: Passing, failed: number, wait: number): LabError {
  const later = wait > LONGEST_WAIT_MS ? ` It asks to wait ${Math.ceil(wait / 1000)} s.` : '';
  return new LabError('network', `${error.message}, ${failed === 1 ? 'once' : `${failed} times`}.${later}`, {
    cause: error,
    remedy: 'Try again later: what has come is kept, and fetching goes on from there.',
  });
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
