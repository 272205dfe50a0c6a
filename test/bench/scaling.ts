/**
 * How cost grows as questions, votes, length and model size double, and so the parts of the loop that are no model: a table of
 * each, with the fitted exponent. Models are made on the fly with random weights; nothing stops before its limit.
 *
 *   npm run bench -- scaling [repeats] [--backend NAME] [--only PART,…] [--cpu]
 *
 * --cpu takes the processor's time in place of the clock's, which says more on a busy machine.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { generationCosts, modelCosts, trainingCosts } from './support/model-costs.js';
import { loopCosts } from './support/loop-costs.js';
import { growthOf } from '../support/exponent.js';
import type { Cost } from './support/cost.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    only: { type: 'string', default: '' },
    cpu: { type: 'boolean', default: false },
  },
});
const repeats = Number(positionals[0] ?? 3);
const only = values.only === '' ? null : values.only.split(',');
const compute = await openCompute(values.backend as 'auto' | BackendName);
const costs: Cost[] = [...generationCosts(compute), ...trainingCosts(compute), ...modelCosts(compute), ...loopCosts()];

/** Milliseconds. */
function now(): number {
  if (!values.cpu) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const tables: object[] = [];
for (const { part, grows, sizes, prepare } of costs.filter(({ part }) => only?.includes(part) ?? true)) {
  const points: [number, number][] = [];
  for (const size of sizes) {
    const { run, close, size: measured = size } = await prepare(size);
    // The first call traces.
    await run();
    let best = Infinity;
    for (let i = 0; i < repeats; i++) {
      const start = now();
      await run();
      best = Math.min(best, now() - start);
    }
    close?.();
    points.push([measured, best]);
    process.stderr.write(`${part}, ${grows} ${measured}: ${best.toFixed(1)} ms\n`);
  }
  const { exponent, within } = growthOf(points);
  tables.push({
    part,
    grows,
    points: points.map(([size, ms]) => ({ size, ms: Number(ms.toFixed(1)) })),
    exponent: Number(exponent.toFixed(2)),
    within: within === null ? null : Number(within.toFixed(2)),
  });
}
process.stdout.write(
  `${JSON.stringify({ bench: 'scaling', backend: compute.description, repeats, clock: values.cpu ? 'processor' : 'wall', tables })}\n`,
);
process.exit(0);
