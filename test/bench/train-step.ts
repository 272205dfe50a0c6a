/**
 * One training step of the nano model, forward and backward over 128 × 80 tokens, against eager PyTorch with the same
 * weights and tokens, interleaved round by round. Loss and gradient norm of both are compared, so that both did the work.
 *
 *   RZERO_PYTHON=… node scripts/run-ts.mjs test/bench/train-step.ts [rounds] [--backend NAME] [--threads N]
 */
import * as tf from '@tensorflow/tfjs-core';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { accumulateGradients } from '../../main/training/accumulate.js';
import { gradientNorm } from '../../main/training/clipping.js';
import { crossEntropy } from '../../main/training/sft.js';
import { stepsFor } from '../../main/training/steps-for.js';
import { median, openPeer } from '../support/peer.js';

const FOLDER = join(packageRoot(), 'resources/models/nano');
const BATCH = 128;
const LENGTH = 80;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const rounds = Number(positionals[0] ?? 15);
const compute = await openCompute(values.backend as 'auto' | BackendName);
const { config, parameters } = await loadModelFolder(FOLDER);
const random = RandomKey.of(0, 'train-step').stream();
const ids = Array.from({ length: BATCH }, () => Array.from({ length: LENGTH + 1 }, () => random.int(config.vocabSize)));

const samples = ids.map((row) => ({ prompt: row.slice(0, 1), completion: row.slice(1) }));
const steps = stepsFor(compute, config, { tokens: BATCH * LENGTH, kept: 'products' });
const limits = { padToken: 0, sharePrompts: false, packInto: null };
const parts = steps.cut(samples, limits).map((device) => ({
  device,
  extras: [tf.fill([device.plan.rows], 1 / (BATCH * LENGTH))],
}));
const options = {
  step: steps.gradients({ name: 'sft', extras: 1, rowLoss: () => crossEntropy }),
  weights: { frozen: [], trained: parameters.tensors },
  coefficients: tf.tensor1d([0]),
  lanes: steps.lanes,
  onBroken: () => Promise.reject(new Error('The loss is not finite.')),
};

async function ours(): Promise<{ seconds: number; loss: number; norm: number }> {
  const start = performance.now();
  const { sums, gradients } = await accumulateGradients(parts, options);
  const seconds = (performance.now() - start) / 1000;
  const { norm } = await gradientNorm(compute, gradients, { specs: parameters.specs, clipNorm: 1 });
  tf.dispose(gradients);
  return { seconds, loss: sums[0] as number, norm };
}

const peer = await openPeer('train_step.py', [FOLDER, values.threads]);
const theirs = (): Promise<Awaited<ReturnType<typeof ours>>> | undefined =>
  peer?.ask({ ids }) as Promise<Awaited<ReturnType<typeof ours>>> | undefined;
const one = await ours();
const other = await theirs();
for (let i = 0; i < 2; i++) {
  await ours();
  await theirs();
}
const our: number[] = [];
const their: number[] = [];
for (let round = 0; round < rounds; round++) {
  our.push((await ours()).seconds);
  const result = await theirs();
  if (result) their.push(result.seconds);
}
peer?.close();
const report = {
  bench: 'train-step',
  backend: compute.description,
  shape: [BATCH, LENGTH],
  rounds,
  milliseconds: Math.round(1000 * median(our)),
  peerMilliseconds: their.length > 0 ? Math.round(1000 * median(their)) : null,
  ratio: their.length > 0 ? Number(median(our.map((x, i) => (their[i] as number) / x)).toFixed(2)) : null,
  bar: 1.2,
  loss: [one.loss, other?.loss ?? null],
  gradientNorm: [one.norm, other?.norm ?? null],
  steps: compute.statistics(),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
