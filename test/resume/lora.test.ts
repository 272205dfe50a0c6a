/**
 * Adapters on one base, with the real engine and the real record: interrupted within fine-tuning or within either role's
 * phase, a run ends with the same rows and the same adapters. Would catch: an adapter that is drawn anew on resuming, moments or
 * the phase's reference that are lost, masks of dropout that depend on the process, a checkpoint that holds the base, and
 * a base that was changed under the run.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Checkpoint } from '../../preload/contract/steering.js';
import { formatSolution, sampleQuestion } from '../../main/domains/chains/question.js';
import { RandomKey } from '../../main/lib/random.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { CheckpointFiles } from '../../main/store/checkpoint-files.js';
import { Database } from '../../main/store/database.js';
import { digestRun } from '../../main/store/digest.js';
import { findRun } from '../../main/store/runs.js';
import { type Ended, rzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';

let folder: string;
let start: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-lora-'));
  // A copy, whose weights the last test changes.
  cpSync(join(packageRoot(), 'resources/models/nano'), join(folder, 'model'), { recursive: true });
  const data = join(folder, 'data.jsonl');
  const row = (_: unknown, i: number): string => {
    const question = sampleQuestion(RandomKey.of(3, 'sft', i), 6 + (i % 3));
    return `${JSON.stringify({ question, answer: formatSolution(question) })}\n`;
  };
  writeFileSync(data, Array.from({ length: 60 }, row).join(''));
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

async function done(...args: string[]): Promise<Ended> {
  const ended = await rzero(...args, '--data-dir', folder);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended;
}

async function result(run: string): Promise<{ rows: unknown; weights: Record<string, string>; bytes: number }> {
  const db = Database.open(folder, { mode: 'read' });
  try {
    const row = findRun(db, run);
    const last = await new CheckpointFiles(db, row).latestValid();
    const files = Object.entries(last?.files ?? {});
    const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    return {
      rows: digestRun(db, row.number, { without: ['checkpoints.sha256'] }),
      weights: Object.fromEntries(files.map(([part, path]) => [part, sha256(path)])),
      bytes: Math.max(...files.map(([, path]) => statSync(path).size)),
    };
  } finally {
    db.close();
  }
}

it('goes on exactly from within fine-tuning and either phase', { timeout: 900_000 }, async () => {
  await done(...start, '--name', 'whole');
  const whole = await result('whole');
  expect(Object.keys(whole.weights).sort()).toEqual(['challenger', 'solver']);
  expect(whole.weights['challenger']).not.toBe(whole.weights['solver']);
  expect(whole.bytes).toBeLessThan(statSync(join(folder, 'model/model.safetensors')).size / 4);
  const { checkpoints } = JSON.parse((await done('show', 'whole', '--json')).stdout) as { checkpoints: Checkpoint[] };
  for (const [phase, step] of [
    ['sft', 2],
    ['challenger', 2],
    ['solver', 1],
  ] as const) {
    const at = checkpoints.find((c) => c.phase === phase && c.step === step)?.checkpoint;
    const name = `from-${phase}-${step}`;
    await done('fork', 'whole', '--from', String(at), '--name', name);
    expect(await result(name), name).toEqual(whole);
  }
  const measured = await done('eval', 'whole', '--role', 'challenger', '--benchmark', 'test/support/few-chains.jsonl');
  expect(measured.stdout).toMatch(/greedy/);
});

it('does not go on when the weights of its base have changed', { timeout: 300_000 }, async () => {
  const path = join(folder, 'model/model.safetensors');
  const bytes = readFileSync(path);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] as number) ^ 1;
  writeFileSync(path, bytes);
  const { checkpoints } = JSON.parse((await done('show', 'whole', '--json')).stdout) as { checkpoints: Checkpoint[] };
  const at = checkpoints.find((c) => c.phase === 'solver' && c.step === 1)?.checkpoint;
  const ended = await rzero('fork', 'whole', '--from', String(at), '--name', 'changed', '--data-dir', folder);
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/model\.safetensors is another than it was .* Put the folder back as it was/s);
});
