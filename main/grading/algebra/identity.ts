/**
 * Whether two formulas are the same function of their variables. Rational ones modulo primes; anything else by its values to 80
 * digits, of which 50 have to agree: numbers that agree so far and are not equal are not written by accident, and numbers that
 * do not agree so far are not equal. Where the two are the same on one part of the numbers and not on another, or a value cannot be had,
 * nothing is said.
 */
import { BigDecimal } from '@cortex-js/compute-engine';
import type { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import { type Complex, complex, hasLeftReals, isReal, modulus, NoValue, quotientOf, subtract } from './complex.js';
import { type Expression, hasDecimal, some, symbolsOf, Unreadable } from './expression.js';
import { holdsModulo } from './modular.js';
import { needsWhole, valueOf } from './numeric.js';

/** Relative; where a decimal is written. As near.ts. */
const TOLERANCE = new BigDecimal('1e-6');
const EXACT = new BigDecimal('1e-50');
const TINY = new BigDecimal('1e-25');
const POINTS = 4;
const TRIES = 16;
/** Of functions that leap. */
const STEP_POINTS = 40;

export function sameFunction(a: Expression, b: Expression, key: RandomKey): Verdict {
  if (sameTree(a, b)) return 'equal';
  const rounded = hasDecimal(a) || hasDecimal(b);
  const identical = holdsModulo([a, b], (here) => here[0] === here[1], key);
  if (identical === true) return 'equal';
  if (identical === false && !rounded) return 'different';
  try {
    return byValues(a, b, { key, tolerance: rounded ? TOLERANCE : EXACT });
  } catch (error) {
    if (error instanceof Unreadable || error instanceof NoValue) return 'undecided';
    throw error;
  }
}

/** Written the same, wherever that is defined. */
function sameTree(a: Expression, b: Expression): boolean {
  if (a.kind === 'number')
    return (
      b.kind === 'number' && a.value.numerator === b.value.numerator && a.value.denominator === b.value.denominator
    );
  if (a.kind !== 'call') return b.kind === a.kind && a.name === b.name;
  if (b.kind !== 'call' || a.head !== b.head || a.args.length !== b.args.length) return false;
  return a.args.every((arg, i) => sameTree(arg, b.args[i] as Expression));
}

/** Whether two numbers agree; null where both are too small to tell. */
export function near(a: Complex, b: Complex, tolerance: BigDecimal): boolean | null {
  const [left, right] = [modulus(a), modulus(b)];
  const larger = left.gt(right) ? left : right;
  const apart = modulus(subtract(a, b));
  if (apart.isZero()) return true;
  if (larger.lt(TINY)) return larger.lt(EXACT) ? null : apart.lt(EXACT.mul(EXACT)) ? true : null;
  // Beside zero there is no relative nearness, only the rounding errors of what was subtracted.
  const smaller = left.gt(right) ? right : left;
  if (smaller.lt(EXACT)) return larger.lt(TINY) ? null : false;
  return !apart.gt(larger.mul(tolerance));
}

/** The value of a formula without variables. @throws Unreadable, NoValue */
export const constantValue = (e: Expression): Complex => valueOf(e, new Map());

interface Comparison {
  readonly key: RandomKey;
  readonly tolerance: BigDecimal;
}

function byValues(a: Expression, b: Expression, { key, tolerance }: Comparison): Verdict {
  const names = [...symbolsOf(b, symbolsOf(a))].sort();
  if (names.length === 0) {
    const same = near(constantValue(a), constantValue(b), tolerance);
    return same === null ? zeroOr(a, b) : same ? 'equal' : 'different';
  }
  const whole = some(a, isOfWholes) || some(b, isOfWholes);
  if (!whole && (some(a, isStep) || some(b, isStep))) return bySteps(a, b, { names, key, tolerance });
  const positive = agreement(a, b, {
    names,
    key: key.child('positive'),
    tolerance,
    place: whole ? 'whole' : 'positive',
  });
  if (positive !== 'equal' || whole) return positive;
  // sqrt(x^2) is x for the positive only: where the negative say otherwise, nothing is certain.
  const negative = agreement(a, b, { names, key: key.child('any'), tolerance, place: 'any' });
  return negative === 'different' ? 'undecided' : 'equal';
}

/** What leaps is seen at many places only, whole numbers among them: of those a name like n may be meant alone. */
function bySteps(a: Expression, b: Expression, { names, key, tolerance }: Omit<Region, 'place'>): Verdict {
  const at = (place: Region['place']): Verdict =>
    agreement(a, b, { names, key: key.child(place), tolerance, place, points: STEP_POINTS });
  const wholes = at('whole');
  if (wholes !== 'equal') return wholes;
  const between = at('wide');
  return between === 'different' && names.every((name) => /^[nmkN]$/.test(name))
    ? 'equal'
    : between === 'equal'
      ? 'equal'
      : 'undecided';
}

const isStep = (e: Expression): boolean => e.kind === 'call' && (e.head === 'floor' || e.head === 'ceil');
const isOfWholes = (e: Expression): boolean => e.kind === 'call' && needsWhole(e.head);

/** Both vanish to 50 digits and one of them is plainly zero. */
function zeroOr(a: Expression, b: Expression): Verdict {
  const [left, right] = [constantValue(a), constantValue(b)].map(modulus) as [BigDecimal, BigDecimal];
  const dust = new BigDecimal('1e-65');
  return left.lt(dust) && right.lt(dust) ? 'equal' : 'undecided';
}

interface Region extends Comparison {
  readonly names: readonly string[];
  /** `wide`: of both signs, up to some tens. */
  readonly place: 'positive' | 'whole' | 'any' | 'wide';
  readonly points?: number;
}

function agreement(a: Expression, b: Expression, { names, key, tolerance, place, points = POINTS }: Region): Verdict {
  let [seen, oneSided, apart] = [0, 0, 0];
  for (let attempt = 0; attempt < points * (TRIES / POINTS) && seen < points; attempt++) {
    const at = new Map(names.map((name) => [name, drawn(key.child(attempt, name), place, attempt === 0)]));
    hasLeftReals();
    const [left, right] = [valueAt(a, at), valueAt(b, at)];
    // Where a root or a logarithm is not defined on the real numbers, nothing is asked of it.
    const outside = hasLeftReals();
    if (left === null || right === null) continue;
    const same = near(left, right, tolerance);
    if (same === null) continue;
    seen += 1;
    if (same) continue;
    if (place === 'any' && (outside || !isReal(left) || !isReal(right)))
      oneSided += Number(isReal(left) !== isReal(right));
    else apart += 1;
  }
  if (apart > 0) return 'different';
  if (seen < points) return place === 'any' ? 'equal' : 'undecided';
  // ln|x| and ln x: the one is defined where the other is not.
  const absolute = [a, b].filter((e) => some(e, (part) => part.kind === 'call' && part.head === 'abs'));
  return oneSided > 0 && absolute.length === 1 ? 'different' : 'equal';
}

function valueAt(e: Expression, at: ReadonlyMap<string, Complex>): Complex | null {
  try {
    return valueOf(e, at);
  } catch (error) {
    if (error instanceof NoValue) return null;
    throw error;
  }
}

/** `negative`: certainly so, where that may be. */
function drawn(key: RandomKey, place: Region['place'], negative: boolean): Complex {
  const stream = key.stream();
  if (place === 'wide') return quotientOf(BigInt(stream.int(8_000_000) - 4_000_000), 100_003n);
  if (place === 'whole') return quotientOf(BigInt(12 + stream.int(30)), 1n);
  const size = complex(new BigDecimal(stream.int(2_000_000) + 100_000).div(1_000_003));
  return place === 'any' && (negative || stream.int(3) > 0) ? { re: size.re.neg(), im: size.im } : size;
}
