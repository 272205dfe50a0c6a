import { expect, it } from 'vitest';
import { requireTwo } from './compare.js';

const side = (run: string, iteration: number) => ({ run, name: `the run ${run}`, iteration, zeroData: true });

// Would catch: a run compared with itself, however it was named, that is told as "no difference, p = 1".
it('refuses to compare a measurement with itself', () => {
  expect(() => requireTwo({ a: side('x', 3), b: side('x', 3) })).toThrow('A and B are the same measurement: the run x');
  expect(() => requireTwo({ a: side('x', 3), b: side('x', 2) })).not.toThrow();
  expect(() => requireTwo({ a: side('x', 3), b: side('y', 3) })).not.toThrow();
});
