import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { makeReviewedRun } from '../../../test/support/reviewed-run.js';
import { exitCodeOf } from '../../lib/errors.js';
import type { Database } from '../../store/database.js';
import { registerOracles } from './oracles.js';

let db: Database;
let out = '';
databasePerTest((opened) => {
  db = opened;
  makeReviewedRun(db, 10);
});
beforeEach(() => {
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
});
afterEach(() => vi.restoreAllMocks());

function oracles(...args: string[]): Promise<unknown> {
  const program = new Command().exitOverride();
  registerOracles(program);
  return program.parseAsync(['oracles', 'last', '--data-dir', db.dataDir, ...args], { from: 'user' });
}

// Would catch: an iteration that the run has not reached answered with "nobody knows", as if it were there.
it('says that an iteration is not there, and which are', async () => {
  await oracles('--iteration', '1');
  expect(out).toMatch(/^Pseudo-labels right/);
  const error: unknown = await oracles('--iteration', '9').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(/^Run reviewed has no iteration 9: /) as string });
  expect(exitCodeOf(error)).toBe(2);
});
