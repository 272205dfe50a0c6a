import { describe, expect, it } from 'vitest';
import { cohensKappa, observationsToHalve } from './agreement.js';
import { wilson } from './statistics.js';

describe("Cohen's kappa", () => {
  // SAS's PROC FREQ, as printed in the tests of statsmodels: κ, ASE, limits. Would catch: the standard error under
  // κ = 0 (0.1484 in the second) in place of the one for an interval.
  it.each([
    [
      [
        [0, 0, 0],
        [5, 16, 3],
        [8, 12, 28],
      ],
      [0.3333, 0.0814, 0.1738, 0.4929],
    ],
    [
      [
        [0, 4, 1],
        [0, 8, 0],
        [0, 1, 5],
      ],
      [0.4842, 0.138, 0.2137, 0.7547],
    ],
  ] as const)('agrees with SAS for %j', (table, [value, error, low, high]) => {
    const { kappa } = cohensKappa(table);
    expect(kappa?.value).toBeCloseTo(value, 4);
    expect(((kappa?.high ?? NaN) - (kappa?.low ?? NaN)) / 2 / 1.959964).toBeCloseTo(error, 4);
    expect(kappa?.low).toBeCloseTo(low, 4);
    expect(kappa?.high).toBeCloseTo(high, 4);
  });

  // scikit-learn's cohen_kappa_score and statsmodels' cohens_kappa (κ, standard error, limits), on the 2 × 2 tables of two
  // oracles. Would catch: an interval of another formula, and a constant oracle given agreement beyond chance.
  it.each([
    [[45, 5, 10, 40], 0.7, [0.560732180365726, 0.8392678196342739]],
    [[150, 12, 20, 18], 0.4346289752650176, [0.27154005901708883, 0.5977178915129464]],
    [[95, 1, 3, 1], 0.3150684931506844, [-0.17664626990670113, 0.8067832562080699]],
    [[30, 0, 0, 12], 1, [1, 1]],
    [[60, 0, 9, 0], 0, null],
  ] as const)('agrees with scikit-learn and statsmodels for %j', ([a, b, c, d], value, limits) => {
    const { kappa } = cohensKappa([
      [a, b],
      [c, d],
    ]);
    expect(kappa?.value).toBeCloseTo(value, 12);
    // Of a constant oracle statsmodels gives no limits (0 / 0 in rounding); the formula's are 0.
    expect(kappa?.low).toBeCloseTo(limits?.[0] ?? 0, 9);
    expect(kappa?.high).toBeCloseTo(limits?.[1] ?? 0, 9);
  });

  // By hand: (20, 5; 10, 15) of 50, po 0.7, pe 0.5 · 0.6 + 0.5 · 0.4 = 0.5. Would catch: rows mixed up with columns.
  it('is 0.4 for 35 of 50 agreements where half are expected', () => {
    const { kappa, observed, expected } = cohensKappa([
      [20, 5],
      [10, 15],
    ]);
    expect([observed, expected]).toEqual([0.7, 0.5]);
    expect(kappa?.value).toBeCloseTo(0.4, 12);
  });

  // Would catch: 0/0 where both passes say the same thing throughout, and an interval beyond 1.
  it('is not defined without variation, and 1 at full agreement', () => {
    expect(cohensKappa([])).toEqual({ observed: null, expected: null, kappa: null });
    expect(
      cohensKappa([
        [7, 0],
        [0, 0],
      ]),
    ).toEqual({ observed: 1, expected: 1, kappa: null });
    const perfect = cohensKappa([
      [3, 0],
      [0, 4],
    ]).kappa;
    for (const end of ['value', 'low', 'high'] as const) expect(perfect?.[end]).toBeCloseTo(1, 12);
  });
});

describe('halving an interval', () => {
  const width = (k: number, n: number): number => wilson(k, n).high - wilson(k, n).low;

  // Would catch: the rule "four times as many", which is wrong for few observations and shares near 0 and 1.
  it('needs as many as bring the width to half, and not one less', () => {
    for (const [k, n] of [
      [8, 10],
      [45, 60],
      [1, 2],
      [300, 1000],
    ] as const) {
      const more = observationsToHalve(k, n) as number;
      const p = k / n;
      // Wilson's bounds for a share that no whole count may give.
      const at = (m: number): number => {
        const z2 = 1.959963984540054 ** 2;
        return (2 * Math.sqrt(z2) * Math.sqrt((p * (1 - p)) / m + z2 / (4 * m * m))) / (1 + z2 / m);
      };
      expect(at(n)).toBeCloseTo(width(k, n), 12);
      expect(at(n + more)).toBeLessThanOrEqual(width(k, n) / 2);
      expect(at(n + more - 1)).toBeGreaterThan(width(k, n) / 2);
    }
    // 10 of 10: the width is z²/(n + z²), so n must grow to 2·10 + z².
    expect(observationsToHalve(10, 10)).toBe(Math.ceil(2 * 10 + 1.959963984540054 ** 2) - 10);
    expect(observationsToHalve(0, 0)).toBeNull();
  });
});
