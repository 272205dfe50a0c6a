import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { always, judgeEndpoint, sendJson, type JudgeEndpoint } from '../../../test/support/judge-endpoint.js';
import { makeReviewedRun } from '../../../test/support/reviewed-run.js';
import type { Database } from '../../store/database.js';
import { registerJudge } from './judge.js';

let db: Database;
let endpoint: JudgeEndpoint;
let out = '';
databasePerTest((opened) => {
  db = opened;
  makeReviewedRun(db, 10);
});
beforeEach(async () => {
  endpoint = await judgeEndpoint();
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await endpoint.close();
});

async function judge(): Promise<unknown> {
  const program = new Command().exitOverride();
  registerJudge(program);
  const where = ['--data-dir', db.dataDir, '--endpoint', endpoint.url, '--model', 'm'];
  return program.parseAsync(['judge', 'last', ...where, '--sample', '3', '--attempts', '1'], { from: 'user' });
}

// Would catch: a script that goes on as if everything had been judged, because the endpoint failed for few questions only.
it('fails where questions are left without an answer, and says how many and why', async () => {
  endpoint.answer = (r, asked) => (asked.nth === 0 ? sendJson(r, 'oops', 500) : always('CORRECT')(r, asked));
  await expect(judge()).rejects.toMatchObject({
    code: 'network',
    message: expect.stringMatching(
      /^1 of \d+ questions got no answer: the endpoint failed: status 500, oops\.$/,
    ) as string,
  });
  expect(out).toContain('1 is left');
  await judge();
  expect(endpoint.heard.length).toBeGreaterThan(2);
});
