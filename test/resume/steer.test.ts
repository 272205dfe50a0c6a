/**
 * Stops at a named place and forks with the real engine and the real record: whatever a run is interrupted by or begins
 * from, it ends with the same rows and the same weights, bit for bit. Would catch: optimiser moments, a KL reference or
 * random state that a checkpoint of the middle of a phase does not carry over to another run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointsOf, done, remainsOf } from '../support/finished-runs.js';
import { rzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';

const SMALL = [
  ...SMALL_RUN,
  'iterations=1',
  'curriculum.questions=64',
  'solver.steps=3',
  'evaluation.samples=0',
  'checkpoint.keep_last=100',
].flatMap((set) => ['--set', set]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-steer-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('ends bit-identical when it pauses by itself, and when it is forked', { timeout: 900_000 }, async () => {
  const start = ['run', 'nano', '--seed', '7', ...SMALL];
  await done(folder, ...start, '--name', 'whole');
  const expected = await remainsOf(folder, 'whole');
  expect(Object.keys(expected.weights).length).toBeGreaterThan(1);

  const paused = await done(folder, ...start, '--name', 'patient', '--set', 'reviews.pause_after_curriculum=true');
  expect(paused.stdout).toMatch(/paused \(the recipe pauses after each curriculum.*\) at iteration 1, curriculum/);
  await done(folder, 'resume', 'patient');
  expect(await remainsOf(folder, 'patient')).toEqual(expected);

  const checkpoints = await checkpointsOf(folder, 'whole');
  const within = (phase: string): string =>
    String(checkpoints.find((c) => c.phase === phase && c.step === 2)?.checkpoint);
  for (const phase of ['challenger', 'solver']) {
    const forked = await done(folder, 'fork', 'whole', '--from', within(phase), '--name', `from-${phase}`);
    expect(forked.stdout).toMatch(/resumed: recipe nano/);
    expect(await remainsOf(folder, `from-${phase}`)).toEqual(expected);
  }

  const made = await done(
    folder,
    'fork',
    'whole',
    '--from',
    'latest',
    '--set',
    'iterations=2',
    '--no-start',
    '--name',
    'longer',
  );
  expect(made.stdout).toMatch(/^longer begins at checkpoint \d+ of whole: rzero resume /);
  await done(folder, 'prune', 'whole', '--keep-last', '0', '--no-iterations');
  const other = await rzero('fork', 'whole', '--from', 'latest', '--data-dir', folder);
  expect(other.stderr).toMatch(/whole has no latest checkpoint/);
  expect((await done(folder, 'show', 'longer')).stdout).toMatch(/forked from nano-\S+ at iteration 1, evaluation/);
});
