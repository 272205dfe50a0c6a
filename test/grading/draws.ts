/** How near-misses are drawn. */
import type { RandomStream } from '../../main/lib/random.js';

export type Make = (r: RandomStream) => readonly [string, string];

export const between = (r: RandomStream, low: number, high: number): number => low + r.int(high - low + 1);
export const pick = <T>(r: RandomStream, items: readonly T[]): T => items[r.int(items.length)] as T;
/** Two different numbers. */
export function two(r: RandomStream, low: number, high: number): readonly [number, number] {
  const a = between(r, low, high);
  const b = between(r, low, high - 1);
  return [a, b >= a ? b + 1 : b];
}
