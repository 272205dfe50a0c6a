import { describe, expect, it } from 'vitest';
import { mcnemarExact, pairedDifference, pairedShares } from './paired.js';
import { RandomKey } from './random.js';

const key = RandomKey.of(1, 'paired');

describe("McNemar's exact test", () => {
  // Would catch: a one-sided p, a p of n instead of the questions that differ, a factorial that overflows.
  it('gives the p of statsmodels', () => {
    // statsmodels.stats.contingency_tables.mcnemar([[10, lost], [won, 10]], exact=True).pvalue
    const table = [
      [3, 0, 0.25],
      [5, 1, 0.21875],
      [12, 4, 0.076812744140625],
      [30, 30, 1],
      [80, 45, 0.002226488347320253],
      [700, 560, 8.869232897811296e-5],
    ] as const;
    for (const [won, lost, p] of table) {
      expect(mcnemarExact({ won, lost }) / p).toBeCloseTo(1, 9);
      expect(mcnemarExact({ won: lost, lost: won })).toBeCloseTo(mcnemarExact({ won, lost }), 15);
    }
    expect(mcnemarExact({ won: 0, lost: 0 })).toBe(1);
  });
});

/** The chance of each table of n questions, of which one is won with probability pw and lost with pl. */
function* tables(n: number, pw: number, pl: number): Generator<{ won: number; lost: number; chance: number }> {
  const choose = (total: number, of: number): number =>
    Array.from({ length: of }, (_, i) => (total - i) / (i + 1)).reduce((a, b) => a * b, 1);
  for (let won = 0; won <= n; won++) {
    for (let lost = 0; lost <= n - won; lost++) {
      const ways = choose(n, won) * choose(n - won, lost);
      yield { won, lost, chance: ways * pw ** won * pl ** lost * (1 - pw - pl) ** (n - won - lost) };
    }
  }
}

describe('the difference of two shares', () => {
  // Would catch: an interval of no width where no question differs, and a plain Wald interval for few questions.
  it('holds the truth about as often as it says, added up over every possible outcome', () => {
    for (const n of [3, 10, 40]) {
      for (const [pw, pl] of [
        [0.1, 0.05],
        [0.3, 0.1],
        [0.02, 0.02],
        [0.5, 0.2],
      ] as const) {
        let covered = 0;
        for (const { won, lost, chance } of tables(n, pw, pl)) {
          const { low, high } = pairedShares({ won, lost }, n);
          if (low <= pw - pl && pw - pl <= high) covered += chance;
        }
        expect(covered).toBeGreaterThan(0.945);
      }
    }
  });

  it('has the sign of what was won', () => {
    expect(pairedShares({ won: 80, lost: 45 }, 800)).toMatchObject({ value: 35 / 800, n: 800 });
    expect(pairedShares({ won: 80, lost: 45 }, 800).low).toBeGreaterThan(0);
    expect(pairedShares({ won: 45, lost: 80 }, 800).high).toBeLessThan(0);
    expect(pairedShares({ won: 3, lost: 0 }, 3)).toMatchObject({ value: 1, high: 1 });
  });
});

describe('the difference of two means', () => {
  it('is resampled as scipy does', () => {
    const before = Array.from({ length: 100 }, (_, i) => ((i * 7) % 9) / 8);
    const after = Array.from({ length: 100 }, (_, i) => ((i * 5) % 9) / 8);
    const { value, low, high, n } = pairedDifference(before, after, { key });
    // scipy.stats.bootstrap((after - before,), numpy.mean, n_resamples=200000, method='percentile'): ±0.0625
    expect(value).toBeCloseTo(0, 12);
    expect(Math.abs(low + 0.0625)).toBeLessThan(0.006);
    expect(Math.abs(high - 0.0625)).toBeLessThan(0.006);
    expect(n).toBe(100);
  });

  it('pairs before with after, which an unpaired comparison of noisy questions would drown', () => {
    const random = key.child('pairs').stream();
    const before = Array.from({ length: 60 }, () => random.uniform());
    const after = before.map((v) => v + 0.05 + 0.02 * random.normal());
    const { value, low, high } = pairedDifference(before, after, { key });
    expect(value).toBeCloseTo(0.05, 1);
    expect(low).toBeGreaterThan(0.03);
    expect(high).toBeLessThan(0.07);
    expect(() => pairedDifference([1], [1, 2], { key })).toThrow(RangeError);
  });

  // Would catch: an interval of no width from three questions, or from many that all differ alike.
  it('has an honest interval where questions are few or all differ alike', () => {
    const few = pairedDifference([0, 0.5, 1], [0.5, 0.5, 1], { key });
    expect(few.value).toBeCloseTo(1 / 6, 12);
    expect(few.low).toBeLessThan(0);
    expect(few.high).toBeGreaterThan(0.5);
    const same = Array<number>(50).fill(0.25);
    const none = pairedDifference(same, same, { key });
    expect(none).toMatchObject({ value: 0, n: 50 });
    expect(none.high).toBeGreaterThan(0.02);
    // With single answers in the place of fractions it is the interval of shares.
    expect(pairedDifference([0, 1, 0], [1, 1, 0], { key })).toEqual(pairedShares({ won: 1, lost: 0 }, 3));
  });
});
