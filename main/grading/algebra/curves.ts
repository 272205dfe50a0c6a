/**
 * Equations in several variables: the same curve. Two are the same where the differences of their sides are proportional; they are
 * not where a point of the one, on a random line, does not lie on the other.
 */
import { BigDecimal } from '@cortex-js/compute-engine';
import type { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import * as c from './complex.js';
import { type Expression, symbolsOf, Unreadable } from './expression.js';
import { holdsModulo } from './modular.js';
import { valueOf } from './numeric.js';

/** Of f = 0 and g = 0. */
export function sameCurve(f: Expression, g: Expression, key: RandomKey): Verdict {
  const proportional = holdsModulo(
    [f, g],
    ([f1 = 0n, g1 = 0n], [f2 = 0n, g2 = 0n], p) => (f1 * g2 - f2 * g1) % p === 0n,
    key,
  );
  if (proportional === true) {
    const zero = holdsModulo([f, g], ([f1, g1]) => f1 === 0n || g1 === 0n, key);
    return zero === false ? 'equal' : 'undecided';
  }
  const names = [...symbolsOf(g, symbolsOf(f))].sort();
  if (symbolsOf(f).size !== names.length || symbolsOf(g).size !== names.length) return 'different';
  try {
    const [there, back] = [zerosVanish(f, g, names, key), zerosVanish(g, f, names, key)];
    if (there === false || back === false) return 'different';
    return there === true && back === true ? 'equal' : 'undecided';
  } catch (error) {
    if (error instanceof Unreadable || error instanceof c.NoValue) return 'undecided';
    throw error;
  }
}

const SLICES = 3;
const ZERO = new BigDecimal('1e-45');

/** Whether g vanishes where f does, on random lines along a variable in which f is at most of second degree. */
function zerosVanish(f: Expression, g: Expression, names: readonly string[], key: RandomKey): boolean | null {
  for (const free of names) {
    let held = 0;
    for (let slice = 0; slice < SLICES; slice++) {
      const fixed = new Map(
        names
          .filter((name) => name !== free)
          .map((name) => [name, signed(numberOf(key.child('curve', slice, name)), slice)] as const),
      );
      const at = (e: Expression, x: c.Complex): c.Complex => valueOf(e, new Map([...fixed, [free, x]]));
      const zeros = whereDefined(() => quadraticZeros((x) => at(f, x)));
      if (zeros === null) break;
      for (const zero of zeros) {
        if (c.modulus(at(f, zero)).gt(ZERO)) return null;
        const value = c.modulus(at(g, zero));
        if (value.gt(new BigDecimal('1e-20'))) return false;
        if (value.gt(ZERO)) return null;
      }
      held++;
    }
    if (held === SLICES) return true;
  }
  return null;
}

/** Null where a formula has no value, 1/x at 0: another variable may do. */
function whereDefined<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof c.NoValue) return null;
    throw error;
  }
}

function numberOf(key: RandomKey): c.Complex {
  return c.complex(new BigDecimal(key.stream().int(2_000_000) + 100_000).div(1_000_003));
}

/** Both signs are tried: a half of a circle is not the circle. */
const signed = (value: c.Complex, slice: number): c.Complex => (slice % 2 === 0 ? value : c.negate(value));

/** Of a function that takes its values as a polynomial of second degree would; null where it does not. */
function quadraticZeros(f: (x: c.Complex) => c.Complex): c.Complex[] | null {
  const n = (value: number): c.Complex => c.complex(new BigDecimal(value));
  const [zero, plus, less, five] = [f(n(0)), f(n(1)), f(n(-1)), f(n(5))];
  const half = n(0.5);
  const a = c.multiply(half, c.subtract(c.add(plus, less), c.add(zero, zero)));
  const b = c.multiply(half, c.subtract(plus, less));
  const expected = c.add(c.add(c.multiply(a, n(25)), c.multiply(b, n(5))), zero);
  if (c.modulus(c.subtract(expected, five)).gt(ZERO)) return null;
  if (c.modulus(a).lt(ZERO)) return c.modulus(b).lt(ZERO) ? null : [c.negate(c.divide(zero, b))];
  const root = c.power(c.subtract(c.multiply(b, b), c.multiply(n(4), c.multiply(a, zero))), half);
  const under = c.add(a, a);
  return [c.divide(c.subtract(root, b), under), c.divide(c.negate(c.add(root, b)), under)];
}

/** Of f < 0 and g < 0: one is a positive multiple of the other. */
export function positiveMultiple(f: Expression, g: Expression, key: RandomKey): boolean | null {
  const proportional = holdsModulo(
    [f, g],
    ([f1 = 0n, g1 = 0n], [f2 = 0n, g2 = 0n], p) => (f1 * g2 - f2 * g1) % p === 0n,
    key,
  );
  if (proportional !== true) return proportional;
  const at = new Map([...symbolsOf(g, symbolsOf(f))].map((name) => [name, numberOf(key.child('sign', name))] as const));
  const ratio = c.divide(valueOf(f, at), valueOf(g, at));
  return c.isReal(ratio) && !ratio.re.isNegative();
}
