/**
 * One model that plays both roles, with the real engine and the real record: interrupted within either phase it ends with
 * the same rows and the same weights. Would catch: a phase that takes up the moments or the reference of the other role's
 * phase, a checkpoint that holds the weights twice, and a model of a run that cannot be named by the Challenger's role.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Checkpoint } from '../../preload/contract/steering.js';
import { CheckpointFiles } from '../../main/store/checkpoint-files.js';
import { Database } from '../../main/store/database.js';
import { digestRun } from '../../main/store/digest.js';
import { findRun } from '../../main/store/runs.js';
import { rzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';

const ONE = [
  ...SMALL_RUN,
  'roles=one',
  'curriculum.questions=64',
  'solver.steps=3',
  'evaluation.samples=0',
  'checkpoint.every_steps=1',
  'checkpoint.keep_last=100',
].flatMap((set) => ['--set', set]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-roles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function done(...args: string[]): Promise<string> {
  const ended = await rzero(...args, '--data-dir', folder);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended.stdout;
}

async function result(run: string): Promise<{ rows: unknown; weights: Record<string, string> }> {
  const db = Database.open(folder, { mode: 'read' });
  try {
    const row = findRun(db, run);
    const last = await new CheckpointFiles(db, row).latestValid();
    const weights = Object.entries(last?.files ?? {}).map(([part, path]) => [
      part,
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]);
    return {
      rows: digestRun(db, row.number, { without: ['checkpoints.sha256'] }),
      weights: Object.fromEntries(weights) as Record<string, string>,
    };
  } finally {
    db.close();
  }
}

it('one model in both roles goes on exactly from within either phase', { timeout: 900_000 }, async () => {
  await done('run', 'nano', '--seed', '7', ...ONE, '--name', 'whole');
  const whole = await result('whole');
  expect(Object.keys(whole.weights)).toEqual(['solver']);
  const { checkpoints } = JSON.parse(await done('show', 'whole', '--json')) as { checkpoints: Checkpoint[] };
  // Iteration 2 begins with a model that both phases of iteration 1 have taught.
  for (const [phase, step] of [
    ['challenger', 2],
    ['challenger', 3],
    ['solver', 1],
  ] as const) {
    const at = checkpoints.find((c) => c.iteration === 2 && c.phase === phase && c.step === step)?.checkpoint;
    const name = `from-${phase}-${step}`;
    await done('fork', 'whole', '--from', String(at), '--name', name);
    expect(await result(name), name).toEqual(whole);
  }
  const measured = await done('eval', 'whole', '--role', 'challenger', '--benchmark', 'test/support/few-chains.jsonl');
  expect(measured).toMatch(/greedy/);
});
