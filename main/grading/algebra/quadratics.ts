/** Equations and inequalities in one variable that are linear or of second degree, solved for the real numbers. */
import { BigDecimal } from '@cortex-js/compute-engine';
import type { Relation } from './answer.js';
import { isReal, quotientOf } from './complex.js';
import { type Expression, Unreadable } from './expression.js';
import { complement, intersection, type Intervals, type Piece, point, union } from './intervals.js';
import { valueOf } from './numeric.js';

export const TURNED: Readonly<Record<Relation, Relation>> = {
  ...{ '=': '=', '!=': '!=', '<': '>', '>': '<', '<=': '>=', '>=': '<=' },
};

/** Values nearer to each other are one: they are worked out to 80 digits. */
const SAME = new BigDecimal('1e-60');
const n = (value: number): BigDecimal => new BigDecimal(value);

/** `square` x² + `slope` x + `start`. */
interface Polynomial {
  readonly square: BigDecimal;
  readonly slope: BigDecimal;
  readonly start: BigDecimal;
}

/** Where a formula stands to 0 as asked. @throws Unreadable for anything but a polynomial of first or second degree */
export function solvedPolynomial(formula: Expression, sign: Relation, name: string): Intervals {
  const found = polynomialOf(formula, name);
  const { square, slope } = found;
  if (!square.abs().lt(SAME)) return quadratic(found, sign);
  if (slope.abs().lt(SAME)) throw new Unreadable('no variable');
  return beside(found.start.neg().div(slope), slope.isNegative() ? TURNED[sign] : sign);
}

/** From three values; taken for one where two other values agree. */
function polynomialOf(formula: Expression, name: string): Polynomial {
  const at = (over: bigint, under = 1n): BigDecimal => {
    const value = valueOf(formula, new Map([[name, quotientOf(over, under)]]));
    if (!isReal(value)) throw new Unreadable('not real');
    return value.re;
  };
  const [start, plus, less] = [at(0n), at(1n), at(-1n)];
  const square = plus.add(less).div(2).sub(start);
  const slope = plus.sub(less).div(2);
  const agrees = (x: BigDecimal, value: BigDecimal): boolean =>
    value.sub(square.mul(x).add(slope).mul(x).add(start)).abs().lt(SAME);
  if (!agrees(n(-3), at(-3n)) || !agrees(n(17).div(7), at(17n, 7n))) throw new Unreadable('of a higher degree');
  return { square, slope, start };
}

function quadratic({ square, slope, start }: Polynomial, sign: Relation): Intervals {
  const under = slope.mul(slope).sub(square.mul(start).mul(4));
  const middle = slope.neg().div(square.mul(2));
  const double = under.abs().lt(SAME);
  // No real solution of an equation: there may be complex ones.
  if (!double && under.isNegative() && sign === '=') throw new Unreadable('no real solution');
  const half = double || under.isNegative() ? n(0) : under.sqrt().div(square.abs().mul(2));
  const [low, high] = [middle.sub(half), middle.add(half)];
  const roots: Intervals = double || !under.isNegative() ? union([point(low)], [point(high)]) : [];
  if (sign === '=') return roots;
  if (sign === '!=') return complement(roots);
  const inside: Piece = { low, lowOpen: true, high, highOpen: true };
  const between = roots.length === 2 ? [inside] : [];
  const outside = intersection(complement(between), complement(roots));
  const positive = square.isNegative() ? between : outside;
  const negative = square.isNegative() ? outside : between;
  const strict = sign.startsWith('>') ? positive : negative;
  return sign.endsWith('=') ? union(strict, roots) : strict;
}

/** Where x stands to a root as asked. */
function beside(root: BigDecimal, sign: Relation): Intervals {
  if (sign === '=') return [point(root)];
  if (sign === '!=') return complement([point(root)]);
  const open = sign === '<' || sign === '>';
  return sign.startsWith('<')
    ? [{ low: BigDecimal.NEGATIVE_INFINITY, lowOpen: true, high: root, highOpen: open }]
    : [{ low: root, lowOpen: open, high: BigDecimal.POSITIVE_INFINITY, highOpen: true }];
}
