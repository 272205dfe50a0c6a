/** Sets of real numbers: unions of intervals, read from intervals, inequalities, finite sets and what joins them. */
import { BigDecimal } from '@cortex-js/compute-engine';
import type { Answer, Relation } from './answer.js';
import { constantValue } from './identity.js';
import { isReal } from './complex.js';
import { call, type Expression, hasDecimal, minus, parseFormula, symbolsOf, Unreadable } from './expression.js';
import { complement, intersection, type Intervals, type Piece, point, union } from './intervals.js';
import { solvedPolynomial, TURNED } from './quadratics.js';

export interface Region {
  readonly intervals: Intervals;
  /** Variables that were named; empty where none was. */
  readonly names: ReadonlySet<string>;
  /** Whether an end is written as a decimal. */
  readonly rounded: boolean;
}

const INFINITE = (sign: 1 | -1): BigDecimal => (sign > 0 ? BigDecimal.POSITIVE_INFINITY : BigDecimal.NEGATIVE_INFINITY);

/** @throws Unreadable where an answer is no set of real numbers that can be worked out */
export function regionOf(answer: Answer): Region {
  switch (answer.kind) {
    case 'tuple':
      return intervalOf(answer);
    case 'set': {
      const parts = answer.parts.map(regionOf);
      return joined(parts, parts.map((p) => p.intervals).reduce(union, []));
    }
    case 'formula': {
      const { value, rounded } = end(answer.latex);
      return { intervals: [point(value)], names: new Set(), rounded };
    }
    case 'relation':
      return relationRegion(answer.sides, answer.signs);
    case 'region': {
      const [first, ...rest] = answer.parts.map(regionOf);
      if (!first) return { intervals: complement([]), names: named(answer.name), rounded: false };
      const whole = rest.reduce(
        (all, part, i) => combine(all, part.intervals, answer.signs[i] ?? '\\cup'),
        first.intervals,
      );
      return joined([first, ...rest, { intervals: [], names: named(answer.name), rounded: false }], whole);
    }
    default:
      throw new Unreadable('no set of numbers');
  }
}

const named = (name: string): Set<string> => new Set(name === '' ? [] : [name]);

function joined(parts: readonly Region[], intervals: Intervals): Region {
  return { intervals, names: new Set(parts.flatMap((p) => [...p.names])), rounded: parts.some((p) => p.rounded) };
}

function combine(a: Intervals, b: Intervals, sign: string): Intervals {
  if (sign === '\\cap') return intersection(a, b);
  return sign === '\\setminus' ? intersection(a, complement(b)) : union(a, b);
}

function end(latex: string): { readonly value: BigDecimal; readonly rounded: boolean } {
  const infinite = /^([+-]?)\s*\\infty$/.exec(latex.trim());
  if (infinite) return { value: INFINITE(infinite[1] === '-' ? -1 : 1), rounded: false };
  const formula = parseFormula(latex);
  if (symbolsOf(formula).size > 0) throw new Unreadable('an end with a variable');
  const value = constantValue(formula);
  if (!isReal(value)) throw new Unreadable('an end that is not real');
  return { value: value.re, rounded: hasDecimal(formula) };
}

function intervalOf({ open, close, parts }: Answer & { kind: 'tuple' }): Region {
  const [low, high] = parts;
  if (parts.length !== 2 || low?.kind !== 'formula' || high?.kind !== 'formula') throw new Unreadable('no interval');
  if (!'([]'.includes(open) || !')[]'.includes(close)) throw new Unreadable('no interval');
  const [from, to] = [end(low.latex), end(high.latex)];
  const piece: Piece = {
    low: from.value,
    lowOpen: open !== '[' || !from.value.isFinite(),
    high: to.value,
    highOpen: close !== ']' || !to.value.isFinite(),
  };
  return { intervals: union([piece], []), names: new Set(), rounded: from.rounded || to.rounded };
}

function relationRegion(sides: readonly string[], signs: readonly Relation[]): Region {
  const formulas = sides.map((side) => (/\\infty/.test(side) ? null : parseFormula(side)));
  const names = new Set(formulas.flatMap((f) => (f ? [...symbolsOf(f)] : [])));
  const [name] = names;
  if (names.size !== 1 || name === undefined) throw new Unreadable('not one variable');
  let intervals: Intervals = complement([]);
  signs.forEach((sign, i) => {
    const [left, right] = [formulas[i], formulas[i + 1]];
    // x < ∞ says nothing.
    if (left && right) intervals = intersection(intervals, solved(left, sign, right, name));
  });
  const rounded = formulas.some((f) => f !== null && hasDecimal(f));
  return { intervals, names, rounded };
}

function solved(left: Expression, sign: Relation, right: Expression, name: string): Intervals {
  if (right.kind === 'call' && right.head === 'abs') return solved(right, TURNED[sign], left, name);
  if (left.kind === 'call' && left.head === 'abs' && symbolsOf(right).size === 0) {
    const inner = left.args[0] as Expression;
    const [above, below] = [solved(inner, sign, right, name), solved(inner, TURNED[sign], call('negate', right), name)];
    if (sign === '<' || sign === '<=' || sign === '!=') return intersection(above, below);
    return union(above, below);
  }
  return solvedPolynomial(minus(left, right), sign, name);
}

/** Whether an answer can only be a set of numbers, and so makes a pair of numbers beside it an interval. */
export function isRegion(answer: Answer): boolean {
  if (answer.kind === 'region') return true;
  if (answer.kind === 'relation') return answer.signs.some((sign) => sign !== '=');
  if (answer.kind !== 'tuple') return false;
  return answer.open + answer.close !== '()' && answer.open !== '\\langle' && answer.parts.length === 2;
}
