/**
 * One model that plays both roles, with the real engine and the real record: interrupted within either phase it ends with
 * the same rows and the same weights. Would catch: a phase that takes up the moments or the reference of the other role's
 * phase, a checkpoint that holds the weights twice, and a model of a run that cannot be named by the Challenger's role.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointsOf, done, remainsOf } from '../support/finished-runs.js';
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

it('one model in both roles goes on exactly from within either phase', { timeout: 900_000 }, async () => {
  await done(folder, 'run', 'nano', '--seed', '7', ...ONE, '--name', 'whole');
  const whole = await remainsOf(folder, 'whole');
  expect(Object.keys(whole.weights)).toEqual(['solver']);
  const checkpoints = await checkpointsOf(folder, 'whole');
  // Iteration 2 begins with a model that both phases of iteration 1 have taught.
  for (const [phase, step] of [
    ['challenger', 2],
    ['challenger', 3],
    ['solver', 1],
  ] as const) {
    const at = checkpoints.find((c) => c.iteration === 2 && c.phase === phase && c.step === step)?.checkpoint;
    const name = `from-${phase}-${step}`;
    await done(folder, 'fork', 'whole', '--from', String(at), '--name', name);
    expect(await remainsOf(folder, name), name).toEqual(whole);
  }
  const measured = await done(
    folder,
    'eval',
    'whole',
    '--role',
    'challenger',
    '--benchmark',
    'test/support/few-chains.jsonl',
  );
  expect(measured.stdout).toMatch(/greedy/);
});
