/** How a figure that was measured several times lies: median, smallest and largest. */
import { median } from '../../support/peer.js';

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Null where nothing was measured. */
export function spread(values: readonly number[], digits = 2): Spread | null {
  if (values.length === 0) return null;
  const rounded = (value: number): number => Number(value.toFixed(digits));
  return { median: rounded(median(values)), low: rounded(Math.min(...values)), high: rounded(Math.max(...values)) };
}
