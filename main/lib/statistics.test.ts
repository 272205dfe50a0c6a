import { describe, expect, it } from 'vitest';
import { RandomKey } from './random.js';
import {
  crossedBootstrap,
  type Cluster,
  clusteredBootstrap,
  clusteredShare,
  mean,
  standardDeviation,
  studentInterval,
  studentQuantile,
  wilson,
} from './statistics.js';

const key = RandomKey.of(1, 'statistics');

describe("Wilson's interval", () => {
  it('agrees with statsmodels (a normal approximation would give [1, 1] for 10 of 10)', () => {
    const table: readonly (readonly [number, number, number, number])[] = [
      [0, 10, 0, 0.27753279986288926],
      [7, 10, 0.39677814746114537, 0.8922087325936989],
      [10, 10, 0.7224672001371106, 1],
      [604, 800, 0.7240247462188395, 0.7835380269162658],
      [1, 3, 0.06149194472039626, 0.7923403991979523],
    ];
    for (const [k, n, low, high] of table) {
      const estimate = wilson(k, n);
      expect(estimate.value).toBe(k / n);
      expect(estimate.low).toBeCloseTo(low, 12);
      expect(estimate.high).toBeCloseTo(high, 12);
    }
    expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1, n: 0 });
  });
});

describe("Student's t", () => {
  it('has the quantiles scipy gives', () => {
    const table = [
      [1, 12.706204736174694],
      [2, 4.302652729749462],
      [3, 3.1824463052837078],
      [4, 2.7764451051977934],
      [7, 2.364624251592784],
      [10, 2.228138851986274],
      [29, 2.045229642132703],
      [100, 1.9839715185235518],
    ] as const;
    for (const [freedom, quantile] of table) expect(studentQuantile(0.975, freedom)).toBeCloseTo(quantile, 9);
  });

  it('bounds a mean over seeds as scipy does', () => {
    const seeds = [0.656, 0.63, 0.648, 0.61];
    expect(standardDeviation(seeds)).toBeCloseTo(0.020461345670963763, 12);
    const { value, low, high, n } = studentInterval(seeds);
    expect([value, low, high]).toEqual([
      expect.closeTo(0.636, 12),
      expect.closeTo(0.6034414330341543, 12),
      expect.closeTo(0.6685585669658457, 12),
    ]);
    expect(n).toBe(4);
    expect(studentInterval([0.5])).toEqual({ value: 0.5, low: 0.5, high: 0.5, n: 1 });
    expect(mean([])).toBeNaN();
    expect(standardDeviation([1])).toBeNaN();
  });
});

describe('bootstrap', () => {
  const questions = Array.from({ length: 100 }, (_, i) => ({ sum: (i * 7) % 9, count: 8 }));

  it('resamples questions, not answers (an interval over 800 answers would be about three times too narrow)', () => {
    const { value, low, high, n } = clusteredBootstrap(questions, { key });
    expect(value).toBeCloseTo(0.495, 12);
    // numpy, 200,000 resamples of the 100 question means: [0.43125, 0.55875].
    expect(Math.abs(low - 0.43125)).toBeLessThan(0.006);
    expect(Math.abs(high - 0.55875)).toBeLessThan(0.006);
    expect(n).toBe(100);
  });

  it('gives equal intervals for equal keys only', () => {
    expect(clusteredBootstrap(questions, { key })).toEqual(clusteredBootstrap(questions, { key }));
    expect(clusteredBootstrap(questions, { key }).low).not.toBe(
      clusteredBootstrap(questions, { key: key.child('other') }).low,
    );
  });

  it('weighs clusters by their size', () => {
    const uneven = [
      { sum: 1, count: 1 },
      { sum: 0, count: 9 },
    ];
    expect(clusteredBootstrap(uneven, { key }).value).toBeCloseTo(0.1, 12);
  });

  it('covers the truth about as often as it says', () => {
    // 94 % of 6,000 trials in a long run; a percentile bootstrap of 80 questions is a little narrow.
    let covered = 0;
    for (let trial = 0; trial < 600; trial++) {
      const random = key.child('coverage', trial).stream();
      const sample = Array.from({ length: 80 }, () => {
        const p = random.uniform();
        return {
          sum: Array.from({ length: 8 }, () => Number(random.uniform() < p)).reduce((a, b) => a + b, 0),
          count: 8,
        };
      });
      const { low, high } = clusteredBootstrap(sample, { key: key.child('trial', trial), resamples: 250 });
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(546);
    expect(covered).toBeLessThan(588);
  });

  it('draws seeds and questions where both are samples, and questions alone where there is one seed', () => {
    const rows = [0, 1, 2].map((s) => Array.from({ length: 40 }, (_, q) => (((7 * q + 3 * s + q * s) % 5) - 2) / 4));
    const both = crossedBootstrap(rows, { key, resamples: 20_000 });
    // numpy, 200,000 resamples of rows and columns with replacement: [-0.0917, 0.0938]; of row 0 alone: [-0.1125, 0.1063].
    expect(both).toMatchObject({ value: 0, n: 40 });
    expect(Math.abs(both.low + 0.0917)).toBeLessThan(0.004);
    expect(Math.abs(both.high - 0.0938)).toBeLessThan(0.004);
    const one = crossedBootstrap(rows.slice(0, 1), { key, resamples: 20_000 });
    // Means of one row come in steps of 1/160.
    expect(Math.abs(one.low + 0.1125)).toBeLessThan(0.0063);
    expect(Math.abs(one.high - 0.1063)).toBeLessThan(0.0063);
    expect(() => crossedBootstrap([[1, 2], [1]], { key })).toThrow(RangeError);
    expect(() => crossedBootstrap([], { key })).toThrow(RangeError);
  });
});

describe('a share over few clusters, or clusters all alike', () => {
  // Would catch: an interval of no width, which says that the next question is known already.
  it('has the interval statsmodels gives for as many single answers', () => {
    const all = (sum: number, n: number) => clusteredShare(Array<Cluster>(n).fill({ sum, count: 8 }), { key });
    // proportion_confint(count, nobs, method='wilson') of (0, 3), (1.5, 3), (0, 100)
    expect(all(0, 3)).toEqual({ value: 0, low: 0, high: expect.closeTo(0.5614970317550455, 12) as number, n: 3 });
    expect(all(4, 3)).toMatchObject({ low: expect.closeTo(0.1253344719102632, 12) as number, value: 0.5 });
    expect(all(0, 100)).toMatchObject({ value: 0, high: expect.closeTo(0.03699349820698569, 12) as number });
    expect(all(8, 100)).toMatchObject({
      value: 1,
      high: 1,
      low: expect.closeTo(1 - 0.03699349820698569, 12) as number,
    });
  });

  it('is resampled where there are enough that differ', () => {
    const questions = Array.from({ length: 40 }, (_, i) => ({ sum: (i * 7) % 9, count: 8 }));
    expect(clusteredShare(questions, { key })).toEqual(clusteredBootstrap(questions, { key }));
    const few = clusteredShare(questions.slice(0, 19), { key });
    expect(few.high - few.low).toBeGreaterThan(0.35);
  });

  // Would catch: the bootstrap put back for few questions, which holds the truth in 3 of 4 cases.
  it('holds the truth at least as often as it says with five questions', () => {
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const random = key.child('few', trial).stream();
      const clusters = Array.from({ length: 5 }, () => {
        const p = random.uniform();
        return {
          sum: Array.from({ length: 8 }, () => Number(random.uniform() < p)).reduce((a, b) => a + b, 0),
          count: 8,
        };
      });
      const { low, high } = clusteredShare(clusters, { key: key.child('trial', trial) });
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(380);
  });
});
