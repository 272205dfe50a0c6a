import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchForPause } from './pause-watch.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

// Would catch: an engine process that dies of a database locked at the wrong moment.
it('goes on looking after a look that failed', () => {
  let looks = 0;
  let signs = 0;
  const watch = watchForPause(new AbortController().signal, {
    requested: () => {
      looks++;
      if (looks === 1) throw new Error('locked');
      return looks === 3;
    },
    alive: () => signs++,
  });
  vi.advanceTimersByTime(1500);
  expect([looks, signs]).toEqual([3, 2]);
  expect(watch.reason()).toBe('asked to pause');
  expect(watch.abandon.aborted).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(watch.abandon.aborted).toBe(true);
  watch.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
