import { disposeBatch } from './steps.js';
import { beforeAll, expect, it } from 'vitest';
import { TINY } from '../../test/support/naive-transformer.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { WholeSteps } from './whole-steps.js';

let compute: Compute;
beforeAll(async () => {
  compute = await openCompute('auto');
});

// Would catch lanes that together hold more than the recipe allows on a machine of many cores.
it.each([
  [1, 4096, { lanes: 1, longest: 4096 }],
  [2, 4096, { lanes: 2, longest: 2048 }],
  [16, 4096, { lanes: 4, longest: 1024 }],
  [16, 512, { lanes: 1, longest: 512 }],
])('on %d cores, micro-batches of %d tokens are dealt so that they fit together', (lanes, tokens, expected) => {
  const samples = Array.from({ length: 2 * tokens }, () => ({ prompt: [1], completion: Array<number>(16).fill(2) }));
  const limits = { padToken: 0, sharePrompts: true, packInto: null };
  for (const [c, present] of [
    [TINY, expected],
    [
      { ...TINY, hiddenSize: 4096 },
      { lanes: 1, longest: tokens },
    ],
  ] as const) {
    const steps = new WholeSteps({ ...compute, lanes }, c, tokens);
    const batches = steps.cut(samples, limits);
    const longest = Math.max(...batches.map(({ plan }) => plan.padded));
    batches.forEach(disposeBatch);
    expect({ lanes: steps.lanes, longest }).toEqual(present);
  }
});
