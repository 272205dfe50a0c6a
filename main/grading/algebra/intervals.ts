/** Unions of intervals of real numbers, kept sorted, disjoint and as few as can be. */
import { BigDecimal } from '@cortex-js/compute-engine';

export interface Piece {
  readonly low: BigDecimal;
  readonly lowOpen: boolean;
  readonly high: BigDecimal;
  readonly highOpen: boolean;
}
export type Intervals = readonly Piece[];

/** Ends nearer to each other are one: they come from formulas worked out to 80 digits. */
const SAME = new BigDecimal('1e-55');

function order(a: BigDecimal, b: BigDecimal): -1 | 0 | 1 {
  if (a.isFinite() && b.isFinite()) {
    const scale = a.abs().gt(1) ? a.abs() : new BigDecimal(1);
    if (a.sub(b).abs().lt(SAME.mul(scale))) return 0;
  }
  return a.cmp(b) as -1 | 0 | 1;
}

export const point = (at: BigDecimal): Piece => ({ low: at, lowOpen: false, high: at, highOpen: false });

function isEmpty({ low, lowOpen, high, highOpen }: Piece): boolean {
  const o = order(low, high);
  return o > 0 || (o === 0 && (lowOpen || highOpen || !low.isFinite()));
}

export function union(a: Intervals, b: Intervals): Intervals {
  const sorted = [...a, ...b].filter((piece) => !isEmpty(piece));
  sorted.sort((x, y) => order(x.low, y.low) || Number(x.lowOpen) - Number(y.lowOpen));
  const merged: Piece[] = [];
  for (const piece of sorted) {
    const last = merged.at(-1);
    const o = last ? order(piece.low, last.high) : 1;
    if (!last || o > 0 || (o === 0 && piece.lowOpen && last.highOpen)) merged.push(piece);
    else {
      const further = order(piece.high, last.high);
      const highOpen = further === 0 ? piece.highOpen && last.highOpen : further > 0 ? piece.highOpen : last.highOpen;
      merged[merged.length - 1] = { ...last, high: further > 0 ? piece.high : last.high, highOpen };
    }
  }
  return merged;
}

export function complement(of: Intervals): Intervals {
  const gaps: Piece[] = [];
  let [low, lowOpen] = [BigDecimal.NEGATIVE_INFINITY, true];
  for (const piece of union(of, [])) {
    gaps.push({ low, lowOpen, high: piece.low, highOpen: !piece.lowOpen });
    [low, lowOpen] = [piece.high, !piece.highOpen];
  }
  gaps.push({ low, lowOpen, high: BigDecimal.POSITIVE_INFINITY, highOpen: true });
  return gaps.filter((piece) => !isEmpty(piece));
}

export function intersection(a: Intervals, b: Intervals): Intervals {
  return complement(union(complement(a), complement(b)));
}

/** Whether two are the same, ends compared as given; null where they are the same but for a rounding of an end. */
export function sameIntervals(a: Intervals, b: Intervals, tolerance: number): boolean {
  if (a.length !== b.length) return false;
  const near = (x: BigDecimal, y: BigDecimal): boolean => {
    if (order(x, y) === 0) return true;
    if (tolerance === 0 || !x.isFinite() || !y.isFinite()) return false;
    return !x.sub(y).abs().gt(x.abs().mul(tolerance));
  };
  return a.every((piece, i) => {
    const other = b[i] as Piece;
    if (piece.lowOpen !== other.lowOpen || piece.highOpen !== other.highOpen) return false;
    return near(piece.low, other.low) && near(piece.high, other.high);
  });
}
