/**
 * Complex numbers of 80 digits, on compute-engine's decimals. Every function is bounded: an argument whose value would need
 * more than some thousand digits is Unreadable, and so nothing here takes longer than a millisecond.
 */
import { BigDecimal } from '@cortex-js/compute-engine';
import { Unreadable } from './expression.js';

const DIGITS = 80;
BigDecimal.precision = DIGITS;

export interface Complex {
  readonly re: BigDecimal;
  readonly im: BigDecimal;
}

/** A point at which a formula has no value. */
export class NoValue extends Error {}

const ZERO = new BigDecimal(0);
const ONE = new BigDecimal(1);
const TWO = new BigDecimal(2);
/** What is smaller beside 1 is taken for a rounding error. */
const DUST = new BigDecimal('1e-60');
const LARGEST = new BigDecimal('1e4000');
const MAX_EXPONENT = new BigDecimal(9000);
const MAX_ANGLE = new BigDecimal('1e12');

const rounded = (x: BigDecimal): BigDecimal => x.toPrecision(DIGITS);

export function complex(re: BigDecimal, im: BigDecimal = ZERO): Complex {
  if (!re.isFinite() || !im.isFinite()) throw new NoValue();
  if (re.abs().gt(LARGEST) || im.abs().gt(LARGEST)) throw new Unreadable('too large a number');
  return { re: rounded(re), im: rounded(im) };
}

export const quotientOf = (over: bigint, under: bigint): Complex =>
  complex(new BigDecimal(over).div(new BigDecimal(under)));
export const I: Complex = { re: ZERO, im: ONE };
export const pi = (): Complex => complex(BigDecimal.PI);
export const e = (): Complex => complex(ONE.exp());

export function isDust(x: BigDecimal, beside: BigDecimal = ONE): boolean {
  const scale = beside.abs();
  return x.abs().lt(scale.gt(ONE) ? DUST.mul(scale) : DUST);
}
export const isReal = (z: Complex): boolean => isDust(z.im, z.re);

export const add = (a: Complex, b: Complex): Complex => complex(a.re.add(b.re), a.im.add(b.im));
export const negate = (a: Complex): Complex => ({ re: a.re.neg(), im: a.im.neg() });
export const subtract = (a: Complex, b: Complex): Complex => add(a, negate(b));
export function multiply(a: Complex, b: Complex): Complex {
  return complex(a.re.mul(b.re).sub(a.im.mul(b.im)), a.re.mul(b.im).add(a.im.mul(b.re)));
}

export const modulus = (z: Complex): BigDecimal =>
  z.im.isZero() ? z.re.abs() : rounded(z.re.mul(z.re).add(z.im.mul(z.im)).sqrt());

export function divide(a: Complex, b: Complex): Complex {
  if (isDust(b.re) && isDust(b.im)) {
    // Exactly zero, or so near it that nobody can tell.
    if (b.re.isZero() && b.im.isZero()) throw new NoValue();
    if (b.re.abs().lt(new BigDecimal('1e-75')) && b.im.abs().lt(new BigDecimal('1e-75'))) throw new NoValue();
  }
  if (b.im.isZero()) return complex(a.re.div(b.re), a.im.div(b.re));
  const under = rounded(b.re.mul(b.re).add(b.im.mul(b.im)));
  const over = multiply(a, { re: b.re, im: b.im.neg() });
  return complex(over.re.div(under), over.im.div(under));
}

function angle(x: BigDecimal): BigDecimal {
  if (x.abs().gt(MAX_ANGLE)) throw new Unreadable('too large an angle');
  return x;
}

export function exp(z: Complex): Complex {
  if (z.re.abs().gt(MAX_EXPONENT)) throw new Unreadable('too large a power');
  const size = z.re.exp();
  if (z.im.isZero()) return complex(size);
  return complex(size.mul(angle(z.im).cos()), size.mul(z.im.sin()));
}

let leftReals = false;

/** Whether a root, power or logarithm of a real number has not been real since this was last asked. */
export function hasLeftReals(): boolean {
  const has = leftReals;
  leftReals = false;
  return has;
}

/** In (-π, π]. */
function argument({ re, im }: Complex): BigDecimal {
  if (isDust(im, re)) return re.isNegative() ? BigDecimal.PI : ZERO;
  if (isDust(re, im)) return im.isNegative() ? BigDecimal.PI.div(TWO).neg() : BigDecimal.PI.div(TWO);
  const base = im.div(re).atan();
  if (!re.isNegative()) return base;
  return im.isNegative() ? base.sub(BigDecimal.PI) : base.add(BigDecimal.PI);
}

export function ln(z: Complex): Complex {
  const size = modulus(z);
  if (isDust(size) && size.lt(new BigDecimal('1e-75'))) throw new NoValue();
  if (isReal(z) && z.re.isNegative()) leftReals = true;
  return complex(size.ln(), argument(z));
}

function wholePower(base: Complex, exponent: number): Complex {
  let [result, square]: [Complex, Complex] = [complex(ONE), base];
  for (let n = Math.abs(exponent); n > 0; n >>= 1) {
    if (n & 1) result = multiply(result, square);
    if (n > 1) square = multiply(square, square);
  }
  return exponent < 0 ? divide(complex(ONE), result) : result;
}

const isZero = (z: Complex): boolean => modulus(z).lt(new BigDecimal('1e-75'));

/** Principal value. */
export function power(base: Complex, exponent: Complex): Complex {
  if (isZero(base)) {
    if (isZero(exponent) || exponent.re.isNegative() || !isReal(exponent)) throw new NoValue();
    return complex(ZERO);
  }
  if (exponent.im.isZero() && exponent.re.isInteger() && exponent.re.abs().lt(MAX_EXPONENT)) {
    const size = Math.abs(modulus(base).toNumber());
    if (Number.isFinite(size) && Math.abs(Math.log10(size) * exponent.re.toNumber()) < 3900)
      return wholePower(base, exponent.re.toNumber());
  }
  return exp(multiply(exponent, ln(base)));
}

/** The real root of a negative number where the degree is odd, the principal one else. */
export function root(z: Complex, degree: Complex): Complex {
  if (isReal(z) && isReal(degree) && degree.re.isInteger() && degree.re.gt(ZERO)) {
    if (isZero(z)) return complex(ZERO);
    const odd = !degree.re.div(TWO).isInteger();
    if (odd && z.re.isNegative()) return negate(root(negate(complex(z.re)), degree));
    if (!z.re.isNegative() && degree.re.eq(2)) return complex(z.re.sqrt());
    if (z.re.isNegative() && degree.re.eq(2)) {
      leftReals = true;
      return { re: ZERO, im: rounded(z.re.neg().sqrt()) };
    }
  }
  return power(z, divide(complex(ONE), degree));
}

export function sin(z: Complex): Complex {
  if (isReal(z)) return complex(angle(z.re).sin());
  const iz = multiply(I, z);
  return divide(subtract(exp(iz), exp(negate(iz))), { re: ZERO, im: TWO });
}
export function cos(z: Complex): Complex {
  if (isReal(z)) return complex(angle(z.re).cos());
  const iz = multiply(I, z);
  return divide(add(exp(iz), exp(negate(iz))), complex(TWO));
}
export const tan = (z: Complex): Complex => divide(sin(z), cos(z));

const realOnly = (z: Complex): BigDecimal => {
  if (!isReal(z)) throw new Unreadable('a complex angle');
  return z.re;
};
export const arctan = (z: Complex): Complex => complex(realOnly(z).atan());
export function arcsin(z: Complex): Complex {
  const x = realOnly(z);
  if (x.abs().gt(ONE) && !isDust(x.abs().sub(ONE))) throw new NoValue();
  if (isDust(x.abs().sub(ONE))) return complex(BigDecimal.PI.div(x.isNegative() ? -2 : 2));
  return complex(x.div(ONE.sub(x.mul(x)).sqrt()).atan());
}
export const arccos = (z: Complex): Complex => subtract(complex(BigDecimal.PI.div(TWO)), arcsin(z));

/** Downwards; of a number that may be a whole one but for rounding, nothing is said. */
export function floor(z: Complex): Complex {
  const x = realOnly(z);
  const near = x.round();
  if (!x.isInteger() && isDust(x.sub(near), x)) return complex(near);
  return complex(x.floor());
}
