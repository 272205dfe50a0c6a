/**
 * Adapters on one base, with the real engine and the real record: interrupted within fine-tuning or within either role's
 * phase, a run ends with the same rows and the same adapters. Would catch: an adapter that is drawn anew on resuming, moments or
 * the phase's reference that are lost, masks of dropout that depend on the process, a checkpoint that holds the base, and
 * a base that was changed under the run.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../main/lib/package-root.js';
import { checkpointsOf, done, remainsOf, writeChains } from '../support/finished-runs.js';
import { rzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';

let folder: string;
let start: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-lora-'));
  // A copy, whose weights the last test changes.
  cpSync(join(packageRoot(), 'resources/models/nano'), join(folder, 'model'), { recursive: true });
  const data = join(folder, 'data.jsonl');
  writeChains(data, 60);
  const set = [
    ...SMALL_RUN,
    ...[`model=${join(folder, 'model')}`, 'iterations=1', 'curriculum.questions=64', 'evaluation.samples=0'],
    ...['challenger.steps=3', 'solver.steps=3', 'checkpoint.every_steps=1', 'checkpoint.keep_last=100'],
    'lora={rank: 4, alpha: 8, dropout: 0.1, reference: phase, base_dtype: bfloat16}',
    ...['challenger', 'solver'].map((role) => `${role}.optimiser.learning_rate=1e-3`),
    ...[`sft.data=${data}`, 'sft.optimiser.learning_rate=1e-3', 'sft.batch=16', 'sft.epochs=2', 'sft.evaluate_every=2'],
  ];
  start = ['run', 'nano', '--seed', '7', '--json', ...set.flatMap((one) => ['--set', one])];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('goes on exactly from within fine-tuning and either phase', { timeout: 900_000 }, async () => {
  await done(folder, ...start, '--name', 'whole');
  let largest = 0;
  const whole = await remainsOf(folder, 'whole', (_, files) => {
    largest = Math.max(...Object.values(files).map((path) => statSync(path).size));
  });
  expect(Object.keys(whole.weights).sort()).toEqual(['challenger', 'solver']);
  expect(whole.weights['challenger']).not.toBe(whole.weights['solver']);
  expect(largest).toBeLessThan(statSync(join(folder, 'model/model.safetensors')).size / 4);
  const checkpoints = await checkpointsOf(folder, 'whole');
  for (const [phase, step] of [
    ['sft', 2],
    ['challenger', 2],
    ['solver', 1],
  ] as const) {
    const at = checkpoints.find((c) => c.phase === phase && c.step === step)?.checkpoint;
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

it('does not go on when the weights of its base have changed', { timeout: 300_000 }, async () => {
  const path = join(folder, 'model/model.safetensors');
  const bytes = readFileSync(path);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] as number) ^ 1;
  writeFileSync(path, bytes);
  const checkpoints = await checkpointsOf(folder, 'whole');
  const at = checkpoints.find((c) => c.phase === 'solver' && c.step === 1)?.checkpoint;
  const ended = await rzero('fork', 'whole', '--from', String(at), '--name', 'changed', '--data-dir', folder);
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/model\.safetensors is another than it was .* Put the folder back as it was/s);
});
