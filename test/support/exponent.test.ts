import { describe, expect, it } from 'vitest';
import { growthOf } from './exponent.js';

describe('growthOf', () => {
  // Would catch: an exponent of the plain numbers, or of size against cost the wrong way round.
  it('finds the power of a law, and no doubt where there is none', () => {
    for (const power of [0, 0.5, 1, 2]) {
      const { exponent, within } = growthOf([1, 2, 4, 8].map((size) => [size, 3 * size ** power] as const));
      expect(exponent).toBeCloseTo(power, 10);
      expect(within).toBeCloseTo(0, 6);
    }
  });

  it('has the interval of a linear model', () => {
    const { exponent, within } = growthOf([
      [1, 3],
      [2, 5],
      [4, 13],
      [8, 21],
    ]);
    const [a, b, c, d] = [3, 5, 13, 21].map(Math.log) as [number, number, number, number];
    expect(exponent).toBeCloseTo((-1.5 * a - 0.5 * b + 0.5 * c + 1.5 * d) / 5 / Math.log(2), 10);
    expect(within).toBeGreaterThan(0.2);
    expect(within).toBeLessThan(0.6);
  });

  it('says nothing of the doubt with two points', () => expect(growthOf([[1, 1], [2, 4]])).toEqual({ exponent: 2, within: null })); // prettier-ignore
});
