import { describe, expect, it } from 'vitest';
import { groupAdvantages } from './advantages.js';

describe('groupAdvantages', () => {
  it('centres every group and divides by its deviation', () => {
    const { advantages, zeroVarianceGroups } = groupAdvantages(
      [
        [1, 0, 0, 1],
        [3, 1],
      ],
      true,
    );
    const scaled = 0.5 / (0.5 + 1e-4);
    advantages[0]?.forEach((a, i) => expect(a).toBeCloseTo([scaled, -scaled, -scaled, scaled][i] as number, 12));
    advantages[1]?.forEach((a, i) => expect(a).toBeCloseTo([1 / (1 + 1e-4), -1 / (1 + 1e-4)][i] as number, 12));
    expect(zeroVarianceGroups).toBe(0);
    expect(groupAdvantages([[3, 1]], false).advantages).toEqual([[1, -1]]);
  });

  // Catches rounding that gives a group without variance advantages of about 1e-17, which division makes visible.
  it('gives a group without variance exact zeros and counts it', () => {
    const { advantages, zeroVarianceGroups } = groupAdvantages(
      [
        [0.1, 0.1, 0.1],
        [0, 1],
        [0, 0],
      ],
      true,
    );
    expect(advantages[0]).toEqual([0, 0, 0]);
    expect(zeroVarianceGroups).toBe(2);
  });

  // Catches one missing reward that makes every advantage NaN, silently.
  it('names the sample whose reward is NaN or missing', () => {
    expect(() =>
      groupAdvantages(
        [
          [1, 0],
          [0, NaN],
        ],
        true,
      ),
    ).toThrow('The reward of sample 1 in group 1 is NaN.');
    expect(() => groupAdvantages([[undefined, 0]], true)).toThrow('The reward of sample 0 in group 0 is missing.');
    expect(() => groupAdvantages([[1, null]], false)).toThrow('The reward of sample 1 in group 0 is missing.');
    expect(() => groupAdvantages([[Infinity, 1]], false)).toThrow(/is Infinity/);
  });
});
