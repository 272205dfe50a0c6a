/**
 * Estimates with 95 % intervals. Proportions: Wilson's score interval. Means over samples that share a question: a
 * bootstrap that draws whole questions, since samples of one question are not independent, or, where that would promise too
 * much, Wilson's interval over questions. Few seeds: Student's t. What compares two measurements is in paired.ts.
 * Bootstraps are percentile intervals from a random key, so that equal keys give equal intervals.
 */
import type { RandomKey } from './random.js';

/** A proportion or mean with its 95 % interval; `n` observations, or clusters of them. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

export const Z95 = 1.959963984540054;
const RESAMPLES = 2000;

export function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** Sample standard deviation (n - 1); NaN below two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

/** A proportion with Wilson's interval (Wilson 1927). Nothing observed: anything between 0 and 1. */
export function wilson(successes: number, n: number): Estimate {
  if (n === 0) return { value: 0, low: 0, high: 1, n };
  const p = successes / n;
  const z2 = Z95 * Z95;
  const centre = p + z2 / (2 * n);
  const margin = Z95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  // At 0 and n successes one end is exactly 0 or 1; rounding must not put the interval beside the value.
  return {
    value: p,
    low: successes === 0 ? 0 : Math.max(0, (centre - margin) / scale),
    high: successes === n ? 1 : Math.min(1, (centre + margin) / scale),
    n,
  };
}

/** What was observed in one cluster, e.g. the samples of one question. */
export interface Cluster {
  readonly sum: number;
  readonly count: number;
}

export interface BootstrapOptions {
  readonly key: RandomKey;
  readonly resamples?: number;
}

/** Below so many clusters a percentile bootstrap is too narrow: it holds the truth 60 to 90 times in 100, not 95. */
export const FEW_CLUSTERS = 20;

/**
 * A share over clusters of right and wrong answers (`sum` of `count`, count ≥ 1), with its interval by resampling whole
 * clusters. Where they are few, or resampling them gives one value always, resampling says nothing of other questions; then
 * Wilson's interval as if each cluster had given one answer. That is never too narrow: a share within [0, 1] of mean p
 * varies at most as a single answer does, by p(1 - p) (Bhatia and Davis 2000, Am. Math. Monthly 107:353).
 */
export function clusteredShare(clusters: readonly Cluster[], options: BootstrapOptions): Estimate {
  const n = clusters.length;
  const resampled = n < FEW_CLUSTERS ? null : clusteredBootstrap(clusters, options);
  if (resampled && resampled.low < resampled.high) return resampled;
  const sum = clusters.reduce((total, c) => total + c.sum, 0);
  const share = sum / clusters.reduce((total, c) => total + c.count, 0);
  return { ...wilson(share * n, n), value: share };
}

/** Mean over all observations, its interval by resampling whole clusters. `n` counts clusters, at least one. */
export function clusteredBootstrap(
  clusters: readonly Cluster[],
  { key, resamples = RESAMPLES }: BootstrapOptions,
): Estimate {
  const random = key.stream();
  const means = new Float64Array(resamples);
  const n = clusters.length;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const cluster = clusters[random.int(n)] as Cluster;
      sum += cluster.sum;
      count += cluster.count;
    }
    means[r] = sum / count;
  }
  means.sort();
  const sum = clusters.reduce((total, c) => total + c.sum, 0);
  const count = clusters.reduce((total, c) => total + c.count, 0);
  return { value: sum / count, low: quantile(means, 0.025), high: quantile(means, 0.975), n };
}

/**
 * Mean of a table whose rows (seeds) and columns (questions) are both drawn from more: every resample draws rows and columns
 * with replacement, as in Owen (2007), The pigeonhole bootstrap. With one row only columns are drawn. `n` counts columns.
 * @param rows of equal length, at least one row and one column
 */
export function crossedBootstrap(
  rows: readonly (readonly number[])[],
  { key, resamples = RESAMPLES }: BootstrapOptions,
): Estimate {
  const n = rows[0]?.length ?? 0;
  if (n === 0 || rows.some((row) => row.length !== n))
    throw new RangeError('A crossed bootstrap needs rows of one length, at least 1.');
  const random = key.stream();
  const means = new Float64Array(resamples);
  const times = new Float64Array(n);
  // Plain loops over flat arrays: this is most of the time that a study's table takes.
  const values = rows.map((row) => Float64Array.from(row));
  const weightedMean = (row: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (row[i] as number) * (times[i] as number);
    return sum / n;
  };
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let i = 0; i < n; i++) {
      const column = random.int(n);
      times[column] = (times[column] as number) + 1;
    }
    const weighted = values.map(weightedMean);
    const drawn = rows.length === 1 ? weighted : rows.map(() => weighted[random.int(rows.length)] as number);
    means[r] = mean(drawn);
  }
  means.sort();
  return { value: mean(rows.map(mean)), low: quantile(means, 0.025), high: quantile(means, 0.975), n };
}

/** Mean over independent runs with Student's t interval; a single run has no interval beyond itself. */
export function studentInterval(values: readonly number[]): Estimate {
  const value = mean(values);
  const n = values.length;
  if (n < 2) return { value, low: value, high: value, n };
  const margin = (studentQuantile(0.975, n - 1) * standardDeviation(values)) / Math.sqrt(n);
  return { value, low: value - margin, high: value + margin, n };
}

/** Linear interpolation between order statistics. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (at - below) * (high - low);
}

/** The value below which Student's t with `freedom` ≥ 1 (an integer) falls with probability q > 1/2, by bisection. */
export function studentQuantile(q: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (studentCdf(high, freedom) < q) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T ≤ t) for t ≥ 0 and integer freedom: the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4. */
function studentCdf(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const cosine2 = Math.cos(angle) ** 2;
  const odd = freedom % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let series = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= (cosine2 * (k - 1)) / k;
    series += term;
  }
  const both = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * series) : Math.sin(angle) * series;
  return (1 + both) / 2;
}
