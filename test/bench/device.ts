/**
 * What a device does of what it could, for a graphics card that somebody has at hand (and for the processor, as a check of
 * this program): the kernel suite, GRPO's update over the products of the same layers, decoding over the bandwidth of a copy,
 * and a run of the nano recipe.
 *
 *   npm run bench -- device [rounds] [--model FOLDER] [--rows N] [--length N] [--short]
 *
 * --short leaves the nano run at one small iteration. TensorFlow takes the card where its libraries see one; the description says.
 */
import * as tf from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { TextGenerator } from '../../main/model/generate.js';
import { smollm2Folder } from './support/smollm2.js';
import { spread } from './support/spread.js';
import { trainingRounds } from './support/training-share.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    model: { type: 'string' },
    rows: { type: 'string', default: '64' },
    length: { type: 'string', default: '192' },
    short: { type: 'boolean', default: false },
  },
});
const rounds = Number(positionals[0] ?? 5);
const [rows, length] = [Number(values.rows), Number(values.length)];
const [SHORT, LONG] = [32, 96];

/** Bytes a second of reading and writing a large tensor. */
async function copyBandwidth(): Promise<number> {
  const x = tf.randomNormal([64, 1024, 1024]);
  let best = Infinity;
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    const y = tf.neg(x);
    const one = tf.slice(y, [0, 0, 0], [1, 1, 1]);
    await one.data();
    best = Math.min(best, (performance.now() - start) / 1000);
    tf.dispose([y, one]);
  }
  x.dispose();
  return (2 * 4 * x.size) / best;
}

function kernelSuite(): Record<string, unknown> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'main/compute/tensorflow.test.ts', '--reporter=json'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: packageRoot(), encoding: 'utf8' });
  const said = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as Record<string, number>;
  return { passed: said['numPassedTests'], failed: said['numFailedTests'], skipped: said['numPendingTests'] };
}

function nanoRun(): Record<string, unknown> {
  const place = mkdtempSync(join(tmpdir(), 'rzero-device-'));
  const few = ['iterations=1', 'solver.steps=2', 'challenger.steps=1', 'curriculum.questions=100'];
  const set = values.short ? few.flatMap((assignment) => ['--set', assignment]) : [];
  const start = performance.now();
  const cli = join(packageRoot(), 'out/main/cli.js');
  const { status, stderr } = spawnSync(process.execPath, [cli, 'run', 'nano', '--data-dir', place, '--json', ...set], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  rmSync(place, { recursive: true, force: true });
  return {
    finished: status === 0,
    short: values.short,
    seconds: Math.round((performance.now() - start) / 1000),
    ...(status !== 0 && { said: stderr.slice(-300) }),
  };
}

const kernels = kernelSuite();
const compute = await openCompute(values.backend as 'auto' | BackendName);
const model = await loadModelFolder(values.model ?? smollm2Folder());
const { config, parameters } = model;
const generator = new TextGenerator(compute, config);
const random = RandomKey.of(1, 'device').stream();
const prompts = Array.from({ length: rows }, () => Array.from({ length: 16 }, () => random.int(config.vocabSize)));

/** Seconds to write so many tokens behind every prompt. */
async function decoding(maxNewTokens: number): Promise<number> {
  const requests = prompts.map((prompt, i) => ({ prompt, samples: 1, key: RandomKey.of(2, i) }));
  const start = performance.now();
  const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens, stopTokens: [] };
  await generator.generate(parameters, requests, sampling, { maxBatch: rows });
  return (performance.now() - start) / 1000;
}

/** What a step of decoding must read at least: the weights once, and what is cached for every row. */
const cached = 2 * 4 * config.layers * config.kvHeads * config.headDim * rows * (16 + (SHORT + LONG) / 2);
const weights = 4 * parameters.tensors.reduce((sum, tensor) => sum + tensor.size, 0);
const stepBytes = weights + cached;
const bandwidths: number[] = [];
const copies: number[] = [];
await decoding(LONG);
for (let round = 0; round < rounds; round++) {
  const [short, long] = [await decoding(SHORT), await decoding(LONG)];
  bandwidths.push(((LONG - SHORT) * stepBytes) / (long - short));
  copies.push(await copyBandwidth());
}
const load = { rows, length, microBatchTokens: null, headRows: 512, rounds };
const training = await trainingRounds(compute, model, load);
const giga = (numbers: readonly number[]): ReturnType<typeof spread> => spread(numbers.map((x) => x / 1e9), 1); // prettier-ignore
const report = {
  bench: 'device',
  backend: compute.description,
  kernels,
  rows,
  length,
  rounds,
  decodeGigabytesPerSecond: giga(bandwidths),
  copyGigabytesPerSecond: giga(copies),
  decodeShare: spread(bandwidths.map((x, i) => x / (copies[i] as number))),
  trainingGflops: giga(training.rounds.map(({ flops }) => flops)),
  matmulGflops: giga(training.rounds.map(({ peak }) => peak.flops)),
  trainingShare: spread(training.rounds.map(({ flops, peak }) => flops / peak.flops)),
  nano: nanoRun(),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
