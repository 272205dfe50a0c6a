/** Looks for a wish to pause, from the owner of this process or left in the record by another one. */

/** How long a unit under way may take to finish after a pause was asked for; then it is given up and made again later. */
const PAUSE_GRACE_MS = 10_000;
const REQUEST_POLL_MS = 500;

export interface PauseWatch {
  /** Why the run is to pause, once it is. */
  reason(): string | null;
  /** Aborted when the unit under way is to be given up. */
  readonly abandon: AbortSignal;
  dispose(): void;
}

export interface PauseSources {
  /** Whether a request was left in the record. */
  readonly requested: () => boolean;
  /** Tells others that this process lives. */
  readonly alive: () => void;
}

export function watchForPause(asked: AbortSignal, { requested, alive }: PauseSources): PauseWatch {
  const abandon = new AbortController();
  let reason: string | null = null;
  let grace: NodeJS.Timeout | undefined;
  const look = (): string | null => {
    reason ??= asked.aborted ? String(asked.reason ?? 'asked to pause') : requested() ? 'asked to pause' : null;
    if (reason !== null) grace ??= setTimeout(() => abandon.abort(), PAUSE_GRACE_MS);
    return reason;
  };
  const poll = setInterval(() => {
    try {
      look();
      alive();
    } catch {
      // A record that is locked for a moment must not end the process: this comes again, and commits tell of what lasts.
    }
  }, REQUEST_POLL_MS);
  return {
    reason: look,
    abandon: abandon.signal,
    dispose: () => {
      clearInterval(poll);
      clearTimeout(grace);
    },
  };
}
