/** Formulas with what stands beside them: units, percent signs, and the readings that a way of writing leaves open. */
import type { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import type { Answer } from './answer.js';
import { call, type Expression, parseFormula, some, symbolsOf, Unreadable, whole } from './expression.js';
import { sameFunction } from './identity.js';
import { readingsOf } from './tidy.js';
import { compareUnits, unitName } from './unit-text.js';

type Formula = Extract<Answer, { kind: 'formula' }>;

/** Whether a formula is a number. */
export function isConstant({ latex }: Formula): boolean {
  try {
    return symbolsOf(parseFormula(latex)).size === 0;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

export function compareFormulas(a: Formula, b: Formula, key: RandomKey): Verdict {
  const infinite = [a, b].map(({ latex }) => /^([+-]?)\s*\\infty$/.exec(latex)?.[1]);
  if (infinite[0] !== undefined || infinite[1] !== undefined) return compareInfinite(a, b, infinite);
  const units = compareUnits(a.unit, b.unit);
  const values = (x: Formula, y: Formula, scale = 1n): Verdict => readings(x.latex, y.latex, { key, scale });
  if (a.percent !== b.percent) {
    if (a.unit !== '' || b.unit !== '') return 'different';
    const plain = values(a, b);
    if (plain !== 'different') return plain;
    return a.percent ? values(a, b, 100n) : values(b, a, 100n);
  }
  const joined = joinedUnit(a, b, values) ?? joinedUnit(b, a, values);
  if (joined !== null) return joined;
  const verdict = values(a, b);
  if (units === 'other') return verdict === 'undecided' ? 'undecided' : 'different';
  if (units === 'convertible') return verdict === 'equal' ? 'different' : 'undecided';
  if (verdict === 'different' && [a.unit, b.unit].includes('degree') && units === 'left out')
    return inRadians(a, b, key);
  return verdict;
}

/** `5m` may be five metres: beside `5 m` it is, beside 5 nobody knows. Null where there is nothing of the kind. */
function joinedUnit(a: Formula, b: Formula, values: (x: Formula, y: Formula) => Verdict): Verdict | null {
  const [, number, letter] = /^([-+]?[\d.]+)\s*([mgshLNJWVK])$/.exec(a.latex) ?? [];
  if (number === undefined || letter === undefined || a.unit !== '' || !isConstant(b)) return null;
  const verdict = values({ ...a, latex: number }, b);
  if (b.unit === '') return verdict === 'equal' ? 'undecided' : null;
  return b.unit === unitName(letter) ? verdict : null;
}

function compareInfinite(a: Formula, b: Formula, [left, right]: readonly (string | undefined)[]): Verdict {
  if (left !== undefined && right !== undefined) return (left === '-') === (right === '-') ? 'equal' : 'different';
  return isConstant(left === undefined ? a : b) ? 'different' : 'undecided';
}

/** An angle in degrees beside one without a unit, which may be in radians. */
function inRadians(a: Formula, b: Formula, key: RandomKey): Verdict {
  const [degrees, other] = a.unit === 'degree' ? [a, b] : [b, a];
  if (!/\\pi/.test(other.latex)) return 'different';
  return readings(`\\frac{(${degrees.latex})\\pi}{180}`, other.latex, { key, scale: 1n });
}

/** All ways to read the two have to say the same. */
function readings(a: string, b: string, { key, scale }: { readonly key: RandomKey; readonly scale: bigint }): Verdict {
  const squeezed = (text: string): string => text.replace(/(?<!\d)\s+|\s+(?!\d)/g, '');
  const [left, right] = [readingsOf(a), readingsOf(b)];
  if (scale === 1n && squeezed(a) === squeezed(b)) return 'equal';
  try {
    const [xs, ys] = [left.map(parseFormula), right.map(parseFormula)];
    const scaled = scale === 1n ? xs : xs.map((x) => call('divide', x, whole(scale)));
    const pairs = scaled.flatMap((x, i) =>
      // Of two logarithms without a base both have the same.
      left.length === right.length && left.length === 2 ? [[x, ys[i] as Expression]] : ys.map((y) => [x, y]),
    ) as [Expression, Expression][];
    const verdicts = new Set(pairs.map(([x, y]) => certain(x, y, key)));
    return verdicts.size === 1 ? ([...verdicts][0] as Verdict) : 'undecided';
  } catch (error) {
    if (error instanceof Unreadable) return 'undecided';
    throw error;
  }
}

/** Constants of integration are named as one likes, and a power of -1 may be of whole numbers only. */
function certain(x: Expression, y: Expression, key: RandomKey): Verdict {
  const verdict = sameFunction(x, y, key);
  if (verdict !== 'different') return verdict;
  const [left, right] = [symbolsOf(x), symbolsOf(y)];
  const apart = [...left, ...right].filter((name) => !left.has(name) || !right.has(name));
  if (apart.length > 0 && apart.every((name) => /^[CKc]$/.test(name)) && left.size + right.size > apart.length)
    return 'undecided';
  return [x, y].some((e) => some(e, isAlternating)) ? 'undecided' : 'different';
}

function isAlternating(e: Expression): boolean {
  if (e.kind !== 'call' || e.head !== 'power') return false;
  const [base, exponent] = e.args as [Expression, Expression];
  return base.kind === 'call' && base.head === 'negate' && symbolsOf(base).size === 0 && symbolsOf(exponent).size > 0;
}
