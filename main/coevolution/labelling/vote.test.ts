import { describe, expect, it } from 'vitest';
import { tally } from './vote.js';

describe('majority vote', () => {
  it('counts answers that could not be read in the denominator (p-hat would be too high without them)', () => {
    const { label, share, counts } = tally(['7', null, '7', '8', null]);
    expect({ label, share }).toEqual({ label: '7', share: 0.4 });
    expect([...counts]).toEqual([
      ['7', 2],
      ['8', 1],
    ]);
  });

  it('breaks a tie for the answer that was given first, whichever reaches the count first', () => {
    expect(tally(['8', '7', '7', '8']).label).toBe('8');
    expect(tally(['7', '8', '8', '7']).label).toBe('7');
  });

  it('has no label without answers', () => {
    expect(tally([null, null])).toMatchObject({ label: null, share: 0 });
    expect(tally([])).toMatchObject({ label: null, share: 0 });
  });
});
