import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { temporaryDirectory, testRecipe } from '../../test/support/store-fixtures.js';
import { Database } from './database.js';
import { RunRecorder } from './record.js';
import { createRun } from './runs.js';

let dir: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  dir = temporaryDirectory();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  dir.remove();
});

// Would catch: a run taken over by another machine in a unit of half an hour, and a write twice a second.
it('a holder that commits nothing gives a sign of life once a minute', () => {
  const db = Database.open(dir.path);
  vi.setSystemTime(1_000_000);
  const recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));
  const seenAt = (): number => Number(db.get<{ seen_at: number }>('SELECT seen_at FROM run_locks')?.seen_at);
  const seen = [1_030_000, 1_060_000, 1_119_000, 1_120_000].map((time) => {
    vi.setSystemTime(time);
    recorder.alive();
    return seenAt();
  });
  expect(seen).toEqual([1_000_000, 1_060_000, 1_060_000, 1_120_000]);
  recorder.close('paused');
  db.close();
});
