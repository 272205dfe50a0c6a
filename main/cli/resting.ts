/** Work that a first Ctrl-C or polite kill lets rest, taking what is on its way, and a second one ends at once. */
export interface Stops {
  readonly rest: AbortSignal;
  readonly signal: AbortSignal;
}

export async function resting<T>(work: (stops: Stops) => Promise<T>): Promise<T> {
  const [rest, stop] = [new AbortController(), new AbortController()];
  const asked = (): void => {
    if (rest.signal.aborted) return stop.abort();
    process.stderr.write('\nWaiting for the requests on their way; Ctrl-C again drops them.\n');
    rest.abort();
  };
  process.on('SIGINT', asked);
  process.on('SIGTERM', asked);
  try {
    return await work({ rest: rest.signal, signal: stop.signal });
  } finally {
    process.off('SIGINT', asked);
    process.off('SIGTERM', asked);
  }
}
