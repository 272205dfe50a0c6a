/**
 * Work as a stream of what it says on the way; only the newest word counts: a slow page is not told what is over. Whoever
 * leaves the stream stops the work. It ends with the word "done", or with what the work failed with.
 */
import { Bell } from './bell.js';

interface Word {
  readonly kind: string;
}

type Work<W extends Word> = (tell: (word: W) => void, stopped: AbortSignal) => Promise<void>;

export async function* workStream<W extends Word>(
  work: Work<W>,
  signal: AbortSignal | undefined,
): AsyncGenerator<W, void> {
  if (signal?.aborted) return;
  const stop = new AbortController();
  const leave = (): void => stop.abort();
  signal?.addEventListener('abort', leave, { once: true });
  const bell = new Bell(signal);
  let news: W | null = null;
  let failure: { readonly error: unknown } | null = null;
  const tell = (next: W): void => {
    if (news?.kind !== 'done') news = next;
    bell.ring();
  };
  void work(tell, stop.signal).catch((error: unknown) => {
    failure = { error };
    bell.ring();
  });
  try {
    while (await bell.heard()) {
      const next = news as W | null;
      news = null;
      if (next) yield next;
      if (next?.kind === 'done') return;
      if (failure) throw (failure as { error: unknown }).error;
    }
  } finally {
    leave();
    signal?.removeEventListener('abort', leave);
  }
}
