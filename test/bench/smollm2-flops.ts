/**
 * What share of the machine a training step of SmolLM2-135M uses: floating-point operations a second of GRPO's update (6 a weight
 * and token, and attention; recomputation not counted) over those that the backend reaches on the products of the very same
 * layers. Step and products are measured in turn. Rows are all of one length, so that nothing is padding.
 *
 *   npm run bench -- smollm2-flops [rounds] [--rows N] [--length N] [--micro-batch-tokens N] [--head-rows N]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { peakMemory, smollm2Folder } from './support/smollm2.js';
import { spread } from './support/spread.js';
import { trainingRounds } from './support/training-share.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    rows: { type: 'string', default: '16' },
    length: { type: 'string', default: '192' },
    'micro-batch-tokens': { type: 'string' },
    'head-rows': { type: 'string', default: '512' },
  },
});
const microBatch = values['micro-batch-tokens'];
const load = {
  rows: Number(values.rows),
  length: Number(values.length),
  microBatchTokens: microBatch === undefined ? null : Number(microBatch),
  headRows: Number(values['head-rows']),
  rounds: Number(positionals[0] ?? 5),
};
const compute = await openCompute(values.backend as 'auto' | BackendName);
const { operations, rounds } = await trainingRounds(compute, await loadModelFolder(smollm2Folder()), load);
const gflops = (of: (round: (typeof rounds)[number]) => number): ReturnType<typeof spread> =>
  spread(
    rounds.map((round) => of(round) / 1e9),
    0,
  );
const report = {
  bench: 'smollm2-flops',
  backend: compute.description,
  ...load,
  gflopOfAStep: Math.round(operations / 1e9),
  gflops: gflops(({ flops }) => flops),
  peakGflops: gflops(({ peak }) => peak.flops),
  products: rounds.at(-1)?.peak.products ?? [],
  share: spread(rounds.map(({ flops, peak }) => flops / peak.flops)),
  peakGib: Number((peakMemory() / 2 ** 30).toFixed(2)),
  bar: 0.6,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
