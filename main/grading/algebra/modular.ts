/**
 * Values of rational expressions modulo large primes. Two polynomials that differ agree at a random point with a chance below
 * degree / 2^61 (Schwartz 1980, Zippel 1979): agreement at several points modulo several primes is sameness, one disagreement is
 * difference. Nothing is expanded, so the size of numbers and powers does not matter.
 */
import { RandomKey } from '../../lib/random.js';
import { type Expression, Unreadable } from './expression.js';

const MAX_FACTORIAL = 5000n;
const MAX_EXPONENT_BITS = 4096;

/** Another point or prime is needed: a denominator is zero here. */
class Pole extends Error {}

function modPower(base: bigint, exponent: bigint, p: bigint): bigint {
  let [result, square] = [1n, ((base % p) + p) % p];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

function inverse(a: bigint, p: bigint): bigint {
  if (a === 0n) throw new Pole();
  return modPower(a, p - 2n, p);
}

function isPrime(n: bigint): boolean {
  let [odd, twos] = [n - 1n, 0];
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  // These witnesses are enough below 3.3 · 10^24 (Sorenson and Webster 2015).
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n].every((witness) => {
    let x = modPower(witness, odd, n);
    if (x === 1n || x === n - 1n) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n;
      if (x === n - 1n) return true;
    }
    return false;
  });
}

interface Field {
  readonly p: bigint;
  /** A square root of -1. */
  readonly i: bigint;
}

const random64 = (stream: { int(limit: number): number }): bigint =>
  (BigInt(stream.int(2 ** 31)) << 32n) | (BigInt(stream.int(2 ** 31)) << 1n) | 1n;

/** Primes of 62 bits that leave 1 when divided by 4, so that there is a square root of -1. The same ones every time. */
function makeFields(count: number): Field[] {
  const stream = RandomKey.of(20, 'grading primes').stream();
  const fields: Field[] = [];
  while (fields.length < count) {
    const p = (random64(stream) | (1n << 61n)) & ~2n;
    if (!isPrime(p)) continue;
    let base = 2n;
    while (modPower(base, (p - 1n) / 2n, p) === 1n) base++;
    fields.push({ p, i: modPower(base, (p - 1n) / 4n, p) });
  }
  return fields;
}
let fields: readonly Field[] | null = null;

/** The literal whole number that an exponent is. */
function wholeExponent(e: Expression): bigint | null {
  if (e.kind === 'number') return e.value.denominator === 1n ? e.value.numerator : null;
  if (e.kind !== 'call') return null;
  const args = e.args.map(wholeExponent);
  const [a, b] = args;
  if (a === undefined || args.includes(null)) return null;
  const values = args as bigint[];
  switch (e.head) {
    case 'negate':
      return -(a as bigint);
    case 'add':
      return values.reduce((sum, v) => sum + v, 0n);
    case 'multiply':
      return values.reduce((product, v) => product * v, 1n);
    case 'power': {
      const [base, power] = [a as bigint, b as bigint];
      if (power < 0n || power > BigInt(MAX_EXPONENT_BITS)) return null;
      if (base.toString(2).length * Number(power) > MAX_EXPONENT_BITS) return null;
      return base ** power;
    }
    default:
      return null;
  }
}

type Point = (name: string) => bigint;

function valueAt(e: Expression, point: Point, field: Field): bigint {
  const { p } = field;
  const of = (part: Expression): bigint => valueAt(part, point, field);
  switch (e.kind) {
    case 'number':
      return (((e.value.numerator % p) + p) * inverse(e.value.denominator % p, p)) % p;
    case 'symbol':
      return point(e.name);
    case 'constant':
      if (e.name === 'i') return field.i;
      throw new Unreadable(`${e.name} is not rational`);
    case 'call':
      break;
  }
  const [a, b] = e.args as [Expression, Expression];
  switch (e.head) {
    case 'add':
      return e.args.reduce((sum, arg) => (sum + of(arg)) % p, 0n);
    case 'multiply':
      return e.args.reduce((product, arg) => (product * of(arg)) % p, 1n);
    case 'negate':
      return (p - of(a)) % p;
    case 'divide':
      return (of(a) * inverse(of(b), p)) % p;
    case 'power': {
      const exponent = wholeExponent(b);
      if (exponent === null) throw new Unreadable('not a whole power');
      const base = of(a);
      if (base === 0n && exponent === 0n) throw new Pole();
      return exponent < 0n ? inverse(modPower(base, -exponent, p), p) : modPower(base, exponent, p);
    }
    case 'factorial':
      return factorial(wholeOf(a), p);
    case 'binomial': {
      const [n, k] = [wholeOf(a), wholeOf(b)];
      if (k > n) return 0n;
      return (factorial(n, p) * inverse((factorial(k, p) * factorial(n - k, p)) % p, p)) % p;
    }
    default:
      throw new Unreadable(`${e.head} is not rational`);
  }
}

function wholeOf(e: Expression): bigint {
  const n = wholeExponent(e);
  if (n === null || n < 0n || n > MAX_FACTORIAL) throw new Unreadable('not the factorial of a small number');
  return n;
}

function factorial(n: bigint, p: bigint): bigint {
  let product = 1n;
  for (let i = 2n; i <= n; i++) product = (product * i) % p;
  return product;
}

const POINTS = 3;
const TRIES = 12;

/**
 * Whether a relation between rational expressions holds at random points: true (it is an identity), false, or null where they are
 * not rational. `holds` is given the values of all of them, at two points each.
 */
export function holdsModulo(
  expressions: readonly Expression[],
  holds: (here: readonly bigint[], there: readonly bigint[], p: bigint) => boolean,
  key: RandomKey,
): boolean | null {
  fields ??= makeFields(POINTS);
  let seen = 0;
  for (let attempt = 0; attempt < TRIES && seen < POINTS; attempt++) {
    const field = fields[attempt % POINTS] as Field;
    try {
      const [here, there] = ['here', 'there'].map((place) => {
        const point = pointOf(key.child(place, attempt), field.p);
        return expressions.map((e) => valueAt(e, point, field));
      }) as [bigint[], bigint[]];
      if (!holds(here, there, field.p)) return false;
      seen++;
    } catch (error) {
      if (error instanceof Unreadable) return null;
      if (!(error instanceof Pole)) throw error;
    }
  }
  return seen === POINTS ? true : null;
}

function pointOf(key: RandomKey, p: bigint): Point {
  const values = new Map<string, bigint>();
  return (name) => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const value = random64(key.child(name).stream()) % p;
    values.set(name, value);
    return value;
  };
}
