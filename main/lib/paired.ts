/**
 * Two measurements of the same questions: how much better the second is, with a 95 % interval, and whether that could be
 * chance. Pairing takes out what makes questions hard for both, which is most of what an unpaired comparison sees.
 */
import { type BootstrapOptions, clusteredBootstrap, type Estimate, FEW_CLUSTERS, Z95 } from './statistics.js';

/** Of questions that were right in one of two greedy measurements alone. */
export interface Discordant {
  /** Wrong before, right after. */
  readonly won: number;
  /** Right before, wrong after. */
  readonly lost: number;
}

/**
 * The two-sided p-value of McNemar's exact test: were neither better, won and lost questions would be as the faces of a coin.
 * 1 where no question differs.
 */
export function mcnemarExact({ won, lost }: Discordant): number {
  const n = won + lost;
  let term = -n * Math.LN2; // ln of C(n, 0) / 2^n
  let tail = 0;
  for (let i = 0; i <= Math.min(won, lost); i++) {
    tail += Math.exp(term);
    term += Math.log((n - i) / (i + 1));
  }
  return Math.min(1, 2 * tail);
}

/**
 * The difference of two shares on the same `n` questions, one answer to each: Wald's interval after one more question won
 * and one lost (Bonett and Price 2012, J. Educ. Behav. Stat. 37:479). It keeps its promise with few questions, and where
 * none differs.
 */
export function pairedShares({ won, lost }: Discordant, n: number): Estimate {
  if (n === 0) return { value: 0, low: -1, high: 1, n };
  return { ...smoothed({ sum: won - lost, squares: won + lost, n }), value: (won - lost) / n };
}

/**
 * Mean of `after[i] - before[i]` of shares, at least one, its interval by resampling pairs. Where pairs are few or all
 * differ alike, that of `pairedShares` with fractions in the place of single answers.
 */
export function pairedDifference(
  before: readonly number[],
  after: readonly number[],
  options: BootstrapOptions,
): Estimate {
  if (before.length !== after.length)
    throw new RangeError(`Pairs need equal lengths, not ${before.length} and ${after.length}.`);
  const n = before.length;
  const differences = before.map((value, i) => (after[i] as number) - value);
  if (n >= FEW_CLUSTERS) {
    const resampled = clusteredBootstrap(
      differences.map((sum) => ({ sum, count: 1 })),
      options,
    );
    if (resampled.high - resampled.low > 1e-9) return resampled;
  }
  const sum = differences.reduce((total, d) => total + d, 0);
  const squares = differences.reduce((total, d) => total + d * d, 0);
  return { ...smoothed({ sum, squares, n }), value: sum / n };
}

function smoothed({ sum, squares, n }: { sum: number; squares: number; n: number }): Omit<Estimate, 'value'> {
  const centre = sum / (n + 2);
  const margin = Z95 * Math.sqrt(((squares + 2) / (n + 2) - centre ** 2) / (n + 2));
  return { low: Math.max(-1, centre - margin), high: Math.min(1, centre + margin), n };
}
