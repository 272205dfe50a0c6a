/**
 * All weights of a model that is computed block by block, with the real engine and the real record: interrupted within either
 * role's phase, in the midst of steps of several micro-batches, a run ends with the same rows and the same weights. Would
 * catch: gradients that are left over, a second update of a step that is lost, and a size of work that is chosen anew on
 * resuming.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointsOf, done, remainsOf } from '../support/finished-runs.js';
import { startRzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';
import { until } from '../support/until.js';
import { writeWideNano } from '../support/wide-nano.js';

let folder: string;
let start: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-wide-'));
  await tf.setBackend('cpu');
  await writeWideNano(join(folder, 'model'));
  const set = [
    ...SMALL_RUN,
    ...[`model=${join(folder, 'model')}`, 'iterations=1', 'curriculum.questions=48', 'evaluation.samples=0'],
    ...['challenger.steps=2', 'solver.steps=3', 'checkpoint.every_steps=1', 'checkpoint.keep_last=100'],
    ...['challenger', 'solver'].map((role) => `${role}.grpo.micro_batch_tokens=256`),
    ...['challenger', 'solver'].map((role) => `${role}.optimiser.learning_rate=1e-4`),
    'solver.grpo.minibatches=2',
  ];
  start = ['run', 'nano', '--seed', '7', '--json', ...set.flatMap((one) => ['--set', one])];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('goes on exactly from within either phase, and when it is killed', { timeout: 900_000 }, async () => {
  await done(folder, ...start, '--name', 'whole');
  const whole = await remainsOf(folder, 'whole');
  expect(whole.weights['challenger']).not.toBe(whole.weights['solver']);
  const checkpoints = await checkpointsOf(folder, 'whole');
  for (const [phase, step] of [
    ['challenger', 1],
    ['solver', 2],
  ] as const) {
    const at = checkpoints.find((c) => c.phase === phase && c.step === step)?.checkpoint;
    const name = `from-${phase}-${step}`;
    await done(folder, 'fork', 'whole', '--from', String(at), '--name', name);
    expect(await remainsOf(folder, name), name).toEqual(whole);
  }
  const { child, said, ended } = startRzero([...start, '--name', 'killed', '--data-dir', folder]);
  await until(() => said().split('"phase":"solver","step":').length > 3 || child.exitCode !== null, 300_000);
  process.kill(-(child.pid as number), 'SIGKILL');
  await ended;
  await done(folder, 'resume', 'killed', '--json');
  expect(await remainsOf(folder, 'killed')).toEqual(whole);
});
