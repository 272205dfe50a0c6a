/** Would catch: a tolerance, a simplification or a convention so generous that a wrong answer passes for a right one. */
import { expect, it } from 'vitest';
import { RandomKey } from '../../main/lib/random.js';
import { NEAR_MISS_KINDS, nearMisses } from './near-misses.js';
import { wholeVerdict } from './whole-verdict.js';

it('takes none of 1,000 near-misses of all kinds for equal, and tells nearly all of them apart', () => {
  const misses = nearMisses(1000, RandomKey.of(5, 'near misses'));
  const verdicts = misses.map((miss) => ({ ...miss, verdict: wholeVerdict(miss.gold, miss.pred) }));
  expect(new Set(misses.map(({ kind }) => kind)).size).toBe(NEAR_MISS_KINDS.length);
  expect(verdicts.filter(({ verdict }) => verdict === 'equal')).toEqual([]);
  const undecided = verdicts.filter(({ verdict }) => verdict === 'undecided');
  expect(undecided.length, undecided.map(({ gold, pred }) => `${gold} | ${pred}`).join('\n')).toBeLessThan(20);
});
