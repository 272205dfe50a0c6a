/**
 * Fine-tuning that is killed, and forks from its middle, with the real engine and the real record: all end with the rows and the
 * weights of a run that was never interrupted, bit for bit. Would catch: moments of its optimiser, the weights set aside
 * on the held-out share, or the count of measurements without a gain that a checkpoint does not carry.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointsOf, done, remainsOf, writeChains } from '../support/finished-runs.js';
import { startRzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';
import { until } from '../support/until.js';

let folder: string;
let start: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-sft-'));
  const data = join(folder, 'data.jsonl');
  writeChains(data, 90);
  const set = [
    ...SMALL_RUN,
    ...['iterations=1', 'challenger.steps=1', 'curriculum.questions=32', 'solver.steps=1', 'evaluation.samples=0'],
    ...['checkpoint.keep_last=100', 'checkpoint.every_steps=1'],
    // Too fast, so that the held-out loss rises again: the weights that come out are not those of the last step.
    ...[`sft.data=${data}`, 'sft.optimiser.learning_rate=1e-3', 'sft.batch=16'],
    ...['sft.epochs=14', 'sft.evaluate_every=2', 'sft.held_out=0.2', 'sft.patience=3'],
  ];
  start = ['run', 'nano', '--seed', '7', '--json', ...set.flatMap((one) => ['--set', one])];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('ends bit-identical when it is killed, and when it is forked', { timeout: 900_000 }, async () => {
  const whole = await done(folder, ...start, '--name', 'whole');
  const finished = whole.stdout.split('\n').find((line) => line.includes('"type":"sft.finished"')) ?? '{}';
  const { steps, planned, weightsOf } = JSON.parse(finished) as Record<string, number>;
  // What is to be carried over is there to be lost: weights set aside, and an end before the last step.
  expect(weightsOf).toBeGreaterThan(0);
  expect(weightsOf).toBeLessThan(steps as number);
  expect(steps).toBeLessThan(planned as number);
  const expected = await remainsOf(folder, 'whole');
  expect(Object.keys(expected.weights).sort()).toEqual(['challenger', 'solver']);

  // Killed in the middle of a step, whichever comes after the fifth is committed.
  const { child, said, ended } = startRzero([...start, '--name', 'killed', '--data-dir', folder]);
  await until(() => said().split('"phase":"sft","step":').length > 10 || child.exitCode !== null, 300_000);
  process.kill(-(child.pid as number), 'SIGKILL');
  await ended;
  await done(folder, 'resume', 'killed', '--json');
  expect(await remainsOf(folder, 'killed')).toEqual(expected);

  const checkpoints = await checkpointsOf(folder, 'whole');
  for (const step of [1, (steps as number) - 1]) {
    const from = checkpoints.find((c) => c.phase === 'sft' && c.step === step)?.checkpoint;
    await done(folder, 'fork', 'whole', '--from', String(from), '--name', `from-${step}`);
    expect(await remainsOf(folder, `from-${step}`)).toEqual(expected);
  }
});
