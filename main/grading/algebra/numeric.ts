/** The value of a formula at a point, to 80 digits. */
import { BigDecimal } from '@cortex-js/compute-engine';
import * as c from './complex.js';
import { call, type Expression, Unreadable } from './expression.js';

const MAX_FACTORIAL = 1000;

export type At = ReadonlyMap<string, c.Complex>;

/** @throws Unreadable where it would take too long, NoValue where there is none */
export function valueOf(e: Expression, at: At): c.Complex {
  switch (e.kind) {
    case 'number':
      return c.quotientOf(e.value.numerator, e.value.denominator);
    case 'symbol': {
      const value = at.get(e.name);
      if (!value) throw new Unreadable(`${e.name} has no value`);
      return value;
    }
    case 'constant':
      if (e.name === 'infinity') throw new Unreadable('infinity is no number');
      return e.name === 'pi' ? c.pi() : e.name === 'e' ? c.e() : c.I;
    case 'call':
      return e.args.length === 1 ? ofOne(e.head, e.args[0] as Expression, at) : ofMore(e, at);
  }
}

const one = (): c.Complex => c.quotientOf(1n, 1n);
const half = (z: c.Complex): c.Complex => c.divide(z, c.quotientOf(2n, 1n));

function ofOne(head: (Expression & { kind: 'call' })['head'], arg: Expression, at: At): c.Complex {
  const z = valueOf(arg, at);
  switch (head) {
    case 'add':
    case 'multiply':
    case 'max':
    case 'min':
      return z;
    case 'negate':
      return c.negate(z);
    case 'abs':
      return c.complex(c.modulus(z));
    case 'floor':
      return c.floor(z);
    case 'ceil':
      return c.negate(c.floor(c.negate(z)));
    case 'factorial':
      return factorial(z);
    case 'ln':
      return c.ln(z);
    case 'sin':
      return c.sin(z);
    case 'cos':
      return c.cos(z);
    case 'tan':
      return c.tan(z);
    case 'cot':
      return c.divide(c.cos(z), c.sin(z));
    case 'sec':
      return c.divide(one(), c.cos(z));
    case 'csc':
      return c.divide(one(), c.sin(z));
    case 'arcsin':
      return c.arcsin(z);
    case 'arccos':
      return c.arccos(z);
    case 'arctan':
      return c.arctan(z);
    case 'arccot':
      return c.subtract(half(c.pi()), c.arctan(z));
    case 'arcsec':
      return c.arccos(c.divide(one(), z));
    case 'arccsc':
      return c.arcsin(c.divide(one(), z));
    case 'sinh':
      return half(c.subtract(c.exp(z), c.exp(c.negate(z))));
    case 'cosh':
      return half(c.add(c.exp(z), c.exp(c.negate(z))));
    case 'tanh':
      return valueOf(call('divide', call('sinh', arg), call('cosh', arg)), at);
    case 'divide':
    case 'power':
    case 'root':
    case 'binomial':
      throw new Unreadable(`${head} of one`);
  }
}

function ofMore(e: Expression & { kind: 'call' }, at: At): c.Complex {
  const [a, b] = e.args as [Expression, Expression];
  switch (e.head) {
    case 'add':
      return e.args.map((arg) => valueOf(arg, at)).reduce(c.add);
    case 'multiply':
      return e.args.map((arg) => valueOf(arg, at)).reduce(c.multiply);
    case 'divide':
      return c.divide(valueOf(a, at), valueOf(b, at));
    case 'power':
      return powerOf(a, b, at);
    case 'root':
      return c.root(valueOf(a, at), valueOf(b, at));
    case 'binomial':
      return binomial(valueOf(a, at), valueOf(b, at));
    case 'max':
    case 'min': {
      const sign = e.head === 'max' ? 1 : -1;
      const values = e.args.map((arg) => valueOf(arg, at));
      if (!values.every(c.isReal)) throw new c.NoValue();
      return values.reduce((best, v) => (v.re.cmp(best.re) === sign ? v : best));
    }
    default:
      throw new Unreadable(`${e.head} of several`);
  }
}

/** `x^{p/q}` is a root of a power, so that `(-8)^{1/3}` is real. */
function powerOf(base: Expression, exponent: Expression, at: At): c.Complex {
  const z = valueOf(base, at);
  if (exponent.kind === 'call' && exponent.head === 'divide') {
    const [over, under] = exponent.args as [Expression, Expression];
    if (under.kind === 'number' && under.value.denominator === 1n && under.value.numerator % 2n === 1n)
      return c.power(c.root(z, valueOf(under, at)), valueOf(over, at));
  }
  return c.power(z, valueOf(exponent, at));
}

function smallWhole(z: c.Complex): number {
  const n = z.re.toNumber();
  if (!c.isReal(z) || !z.re.isInteger() || n < 0) throw new c.NoValue();
  if (n > MAX_FACTORIAL) throw new Unreadable('too large a factorial');
  return n;
}

function factorial(z: c.Complex): c.Complex {
  let product = 1n;
  for (let i = 2n, n = BigInt(smallWhole(z)); i <= n; i++) product *= i;
  return c.complex(new BigDecimal(product));
}

function binomial(n: c.Complex, k: c.Complex): c.Complex {
  const chosen = smallWhole(k);
  let [over, under] = [one(), 1n];
  for (let i = 0; i < chosen; i++) {
    over = c.multiply(over, c.subtract(n, c.quotientOf(BigInt(i), 1n)));
    under *= BigInt(i + 1);
  }
  return c.divide(over, c.quotientOf(under, 1n));
}

/** Only for whole numbers: a factorial, a binomial coefficient. */
export const needsWhole = (head: string): boolean => head === 'factorial' || head === 'binomial';
