/**
 * Formulas as trees. compute-engine reads LaTeX into raw MathJSON (nothing evaluated, nothing assumed of a symbol); here that
 * becomes a small tree of known heads, with what the raw form leaves open decided: mixed numbers, inverse functions, letters that
 * are applied as functions. Anything unknown is Unreadable, which makes a pair undecided.
 */
import { LatexSyntax } from '@cortex-js/compute-engine';
import { rational, type Rational } from '../rational.js';

export type Head =
  | 'add' | 'multiply' | 'divide' | 'power' | 'root' | 'negate' | 'abs' | 'floor' | 'ceil' | 'factorial' | 'binomial' | 'ln'
  | 'sin' | 'cos' | 'tan' | 'cot' | 'sec' | 'csc' | 'arcsin' | 'arccos' | 'arctan' | 'arccot' | 'arcsec' | 'arccsc'
  | 'sinh' | 'cosh' | 'tanh' | 'max' | 'min'; // prettier-ignore

export type Expression =
  | { readonly kind: 'number'; readonly value: Rational; readonly decimal: boolean }
  | { readonly kind: 'constant'; readonly name: 'pi' | 'e' | 'i' | 'infinity' }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'call'; readonly head: Head; readonly args: readonly Expression[] };

/** Thrown where a text is no formula that is understood, or is too large to be looked at. */
export class Unreadable extends Error {}

/** Of a formula, in characters; and of what may stand within what. */
const MAX_LENGTH = 1200;
const MAX_NESTING = 40;
const MAX_DIGITS = 400;

export const call = (head: Head, ...args: readonly Expression[]): Expression => ({ kind: 'call', head, args });
export const whole = (n: bigint): Expression => ({
  kind: 'number',
  value: { numerator: n, denominator: 1n },
  decimal: false,
});
export const minus = (a: Expression, b: Expression): Expression => call('add', a, call('negate', b));

let syntax: LatexSyntax | null = null;

/** Names and words that would be read as letters side by side. */
const NO_PRODUCT =
  /(?<![\\a-zA-Z])(?:cis|gcd|lcm|arg|det|dim|rank|sgn|mod|hours?|minutes?|seconds?|feet|days?)(?![a-zA-Z])|_\s*\{?\d+\}?\s*[CP]\s*_/;

/** @throws Unreadable */
export function parseFormula(latex: string): Expression {
  if (latex.length > MAX_LENGTH || nesting(latex) > MAX_NESTING) throw new Unreadable('too large');
  // Digits with only a space between would be read as one number.
  if (latex.trim() === '' || /\d\s+\d/.test(latex)) throw new Unreadable('no formula');
  if (NO_PRODUCT.test(latex)) throw new Unreadable('no product of letters');
  syntax ??= new LatexSyntax();
  return read(syntax.parse(latex) as Json, 0);
}

function nesting(text: string): number {
  let [depth, most] = [0, 0];
  for (const c of text) {
    if ('([{'.includes(c)) most = Math.max(most, ++depth);
    else if (')]}'.includes(c)) depth -= 1;
  }
  return most;
}

type Json = string | number | { readonly num?: string; readonly sym?: string } | readonly Json[];

const CONSTANTS: Readonly<Record<string, 'pi' | 'e' | 'i' | 'infinity'>> = {
  ...{ Pi: 'pi', pi: 'pi', e: 'e', ExponentialE: 'e', i: 'i', ImaginaryUnit: 'i', PositiveInfinity: 'infinity' },
};

const HEADS: Readonly<Record<string, Head>> = {
  ...{ Add: 'add', Multiply: 'multiply', Divide: 'divide', Rational: 'divide', Power: 'power', Root: 'root' },
  ...{ Negate: 'negate', Abs: 'abs', Floor: 'floor', Ceil: 'ceil', Factorial: 'factorial', Binomial: 'binomial' },
  ...{ Choose: 'binomial', Ln: 'ln', Sin: 'sin', Cos: 'cos', Tan: 'tan', Cot: 'cot', Sec: 'sec', Csc: 'csc' },
  ...{ Arcsin: 'arcsin', Arccos: 'arccos', Arctan: 'arctan', Arccot: 'arccot', Arcsec: 'arcsec', Arccsc: 'arccsc' },
  ...{ Sinh: 'sinh', Cosh: 'cosh', Tanh: 'tanh', Max: 'max', Min: 'min' },
};

const ARITY: Readonly<Partial<Record<Head, readonly [number, number]>>> = {
  ...{ add: [1, 999], multiply: [1, 999], max: [1, 99], min: [1, 99] },
  ...{ divide: [2, 2], power: [2, 2], root: [2, 2], binomial: [2, 2] },
};

const INVERSE: Readonly<Partial<Record<Head, Head>>> = {
  ...{ sin: 'arcsin', cos: 'arccos', tan: 'arctan', cot: 'arccot', sec: 'arcsec', csc: 'arccsc' },
};

/** Letters that are read as functions where a bracket follows. */
const FUNCTION_LETTER = /^[fghFGHPQ](?:_\w+)?$/;

function read(json: Json, depth: number): Expression {
  if (depth > 2 * MAX_NESTING) throw new Unreadable('nested too deeply');
  if (typeof json === 'number') return numeral(String(json));
  if (typeof json === 'string') return symbol(json);
  if (!Array.isArray(json)) {
    const atom = json as { readonly num?: string; readonly sym?: string };
    if (atom.num !== undefined) return numeral(atom.num);
    if (atom.sym !== undefined) return symbol(atom.sym);
    throw new Unreadable('an error of the syntax');
  }
  const [name, ...operands] = json as readonly Json[];
  if (typeof name !== 'string') throw new Unreadable('a function that is computed');
  return readCall(name, operands, depth + 1);
}

function symbol(name: string): Expression {
  const constant = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
  if (constant) return { kind: 'constant', name: constant };
  // Named sets and values of the library: nothing is assumed of them.
  if (/^[A-Z][a-z]{3,}/.test(name) || name === '') throw new Unreadable(name);
  return { kind: 'symbol', name };
}

function numeral(text: string): Expression {
  const match = /^([+-]?)(\d*)(?:\.(\d*)(?:\((\d+)\))?)?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  const [, sign, before = '', after = '', repeated = '', power = '0'] = match ?? [];
  const exponent = Number(power);
  if (!match || before.length + after.length + repeated.length > MAX_DIGITS || Math.abs(exponent) > MAX_DIGITS)
    throw new Unreadable('too long a number');
  const scale = 10n ** BigInt(after.length);
  const cycle = repeated === '' ? 1n : 10n ** BigInt(repeated.length) - 1n;
  const plain = BigInt(before + after || '0');
  const over = repeated === '' ? plain : BigInt(before + after + repeated) - plain;
  const shift = 10n ** BigInt(Math.abs(exponent));
  const signed = sign === '-' ? -over : over;
  const value = rational(
    exponent >= 0 ? signed * shift : signed,
    exponent >= 0 ? scale * cycle : scale * cycle * shift,
  );
  return { kind: 'number', value: value as Rational, decimal: after !== '' && repeated === '' };
}

function readCall(name: string, operands: readonly Json[], depth: number): Expression {
  const at = (i: number): Expression => {
    const operand = operands[i];
    if (operand === undefined) throw new Unreadable(`${name} of too little`);
    return read(operand, depth);
  };
  switch (name) {
    case 'Delimiter':
      if (Array.isArray(operands[0]) && operands[0][0] === 'Sequence') throw new Unreadable('a list');
      return at(0);
    case 'Subtract':
      return minus(at(0), at(1));
    case 'Square':
      return call('power', at(0), whole(2n));
    case 'Sqrt':
      return call('root', at(0), whole(2n));
    case 'Exp':
      return call('power', { kind: 'constant', name: 'e' }, at(0));
    case 'Degrees':
      return call('divide', call('multiply', at(0), { kind: 'constant', name: 'pi' }), whole(180n));
    case 'Lb':
      return call('divide', call('ln', at(0)), call('ln', whole(2n)));
    case 'Log':
      return call('divide', call('ln', at(0)), call('ln', operands.length > 1 ? at(1) : whole(10n)));
    case 'InvisibleOperator':
      return sideBySide(operands, depth);
    case 'Subscript':
      return { kind: 'symbol', name: JSON.stringify(['Subscript', ...operands]) };
    case 'Power':
      return powerOf(operands, depth);
    default: {
      const head = HEADS[name];
      if (!head || !Object.hasOwn(HEADS, name)) throw new Unreadable(name);
      const [least, most] = ARITY[head] ?? [1, 1];
      if (operands.length < least || operands.length > most) throw new Unreadable(`${name} of too much or little`);
      return call(head, ...operands.map((operand) => read(operand, depth)));
    }
  }
}

/** `\sin^{-1} x` is the inverse function, `(\sin x)^{-1}` the reciprocal. */
function powerOf([base, exponent]: readonly Json[], depth: number): Expression {
  if (base === undefined || exponent === undefined) throw new Unreadable('a power of nothing');
  const inner = read(base, depth);
  const inverse = inner.kind === 'call' ? INVERSE[inner.head] : undefined;
  if (inverse && JSON.stringify(exponent) === '["Negate",1]' && Array.isArray(base) && base[0] !== 'Delimiter')
    return call(inverse, ...(inner as { readonly args: readonly Expression[] }).args);
  return call('power', inner, read(exponent, depth));
}

/** A product without a sign, a mixed number, or the value of a function, which is refused. */
function sideBySide(operands: readonly Json[], depth: number): Expression {
  operands.forEach((operand, i) => {
    const next = operands[i + 1];
    if (typeof operand === 'string' && FUNCTION_LETTER.test(operand) && Array.isArray(next) && next[0] === 'Delimiter')
      throw new Unreadable('the value of a function');
  });
  const factors = operands.map((operand) => read(operand, depth));
  const [first, second] = factors;
  if (factors.length === 2 && first && second && isProperFraction(second)) {
    const negative = first.kind === 'call' && first.head === 'negate' ? first.args[0] : undefined;
    if (isWhole(negative ?? first))
      return negative ? call('negate', call('add', negative, second)) : call('add', first, second);
  }
  factors.forEach((factor, i) => {
    if (i > 0 && (factor.kind === 'number' || isProperFraction(factor)) && isNumber(factors[i - 1] as Expression))
      throw new Unreadable('numbers side by side');
  });
  return call('multiply', ...factors);
}

const isNumber = (e: Expression): boolean =>
  e.kind === 'number' || (e.kind === 'call' && e.head === 'negate' && e.args[0]?.kind === 'number');
const isWhole = (e: Expression): boolean => e.kind === 'number' && e.value.denominator === 1n && !e.decimal;

function isProperFraction(e: Expression): boolean {
  if (e.kind !== 'call' || e.head !== 'divide') return false;
  const [over, under] = e.args;
  return over !== undefined && under !== undefined && isWhole(over) && isWhole(under);
}

/** Names of the free variables. */
export function symbolsOf(e: Expression, found = new Set<string>()): Set<string> {
  if (e.kind === 'symbol') found.add(e.name);
  else if (e.kind === 'call') for (const arg of e.args) symbolsOf(arg, found);
  return found;
}

/** Whether any part of a formula answers to a test. */
export function some(e: Expression, test: (part: Expression) => boolean): boolean {
  return test(e) || (e.kind === 'call' && e.args.some((arg) => some(arg, test)));
}

export const hasDecimal = (e: Expression): boolean => some(e, (part) => part.kind === 'number' && part.decimal);
