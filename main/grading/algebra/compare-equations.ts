/** Equations: what they name, the curve they describe, or a chain that ends in a value. */
import type { Verdict } from '../verdict.js';
import type { Answer, Of } from './answer.js';
import { isConstant } from './compare-formulas.js';
import { compareRegions } from './compare-regions.js';
import { compareSets } from './compare-sets.js';
import { type Comparing, partsOf } from './comparing.js';
import { sameCurve } from './curves.js';
import { minus, parseFormula, symbolsOf } from './expression.js';
import { constantValue } from './identity.js';
import { isReal } from './complex.js';
import { readAnswer } from './read-answer.js';
import { assignment, inOrderOfNames, type Named, namedValue, withoutIndex } from './named.js';

/** The names in a tuple count where both sides have names. */
function namesInOrder(a: Answer, b: Answer): (Named | null)[] {
  const named = [namedValue(a), namedValue(b)];
  const both = [a, b].every((x, i) => named[i] || assignment(x));
  return both ? named.map((n) => n && inOrderOfNames(n)) : named;
}

export function compareEquations(a: Answer, b: Answer, context: Comparing): Verdict {
  const { compare, key } = context;
  const [left, right] = namesInOrder(a, b);
  if (left && right) {
    const values = compare(left.value, right.value);
    const [x, y] = [left.name, right.name];
    if (x === y || x === '' || y === '') return values;
    const renamed = otherVariable(left, right);
    if (renamed) {
      const values = compare(left.value, renamed);
      return values === 'equal' || !hasParameters(left) ? values : 'undecided';
    }
    const constant = [left.value, right.value].every((v) => v.kind !== 'formula' || isConstant(v));
    if (constant) return withoutIndex(x) === withoutIndex(y) ? values : values === 'equal' ? 'different' : values;
    // f(x) = x^2 and y = x^2.
    if (values === 'equal') return 'undecided';
  } else if (left || right) {
    const [value, other] = left ? [left.value, b] : [(right as { value: Answer }).value, a];
    if (other.kind !== 'relation') return left ? compare(value, other) : compare(other, value);
  }
  if (a.kind === 'relation' && b.kind === 'relation') {
    if (a.sides.length !== 2 || b.sides.length !== 2) return 'undecided';
    const [f, g] = [a, b].map(({ sides: [l = '', r = ''] }) => minus(parseFormula(l), parseFormula(r)));
    return f && g ? sameCurve(f, g, key) : 'undecided';
  }
  const [relation, other] = a.kind === 'relation' ? [a, b] : [b as Of<'relation'>, a];
  const solved = other.kind === 'set' && !namedValue(relation) ? compareSolutions(relation, other, key) : null;
  if (solved !== null) return solved;
  if (other.kind === 'set') return compareSets(partsOf(a), partsOf(b), compare);
  const measured = MEASURED.test(relation.sides[0] ?? '') && other.kind === 'formula' && isConstant(other);
  if (measured) return compare(readAnswer(relation.sides.at(-1) ?? '', 1), other);
  return compareChain(relation, other, compare);
}

/** `x^2 = 4` beside its solutions. Null where it cannot be solved. */
function compareSolutions(relation: Of<'relation'>, solutions: Answer, key: Comparing['key']): Verdict | null {
  const region: Answer = { kind: 'region', parts: [relation], signs: [], name: '' };
  const verdict = compareRegions(region, solutions, { key, compare: () => 'undecided' });
  return verdict === 'undecided' ? null : verdict;
}

/** f(n) = 2n - 1 is f(x) = 2x - 1: null where that is not what two names say. */
function otherVariable(left: Named, right: Named): Answer | null {
  const [, f, x = ''] = /^([a-zA-Z])\(([a-zA-Z])\)$/.exec(left.name) ?? [];
  const [, g, y = ''] = /^([a-zA-Z])\(([a-zA-Z])\)$/.exec(right.name) ?? [];
  if (f === undefined || f !== g || x === y || right.value.kind !== 'formula') return null;
  const letter = (name: string): RegExp => new RegExp(`(?<![\\\\a-zA-Z])${name}(?![a-zA-Z])`, 'g');
  const { latex } = right.value;
  return latex.replace(/\\[a-zA-Z]+/g, '').includes(x) ? null : { ...right.value, latex: latex.replace(letter(y), x) };
}

/** Whether the value of f(x) has another letter than x. */
function hasParameters({ name, value }: Named): boolean {
  const letters = value.kind === 'formula' ? value.latex.replace(/\\[a-zA-Z]+/g, '').match(/[a-zA-Z]/g) : ['?'];
  return (letters ?? []).some((letter) => !name.endsWith(`(${letter})`));
}

/** What has a number for its value: P(X=3), f(3), |S|, an angle, and the m+n that is asked for. */
const MEASURED =
  /^(?:\\?Pr?|E|Var)\s*[([].*[)\]]$|^[a-zA-Z]\(-?\d+\)$|^\|[A-Z]\|$|^m?\s*\\angle\s*[A-Z]{1,3}$|^[abcdkmnpqr](?:\s*\+\s*[abcdkmnpqr])+$/;

/** `6/8 = 3/4` is 3/4, and `12\pi = 37.70` both of them. */
function compareChain({ sides }: Of<'relation'>, other: Answer, compare: Comparing['compare']): Verdict {
  const formulas = sides.map((latex): Answer => ({ kind: 'formula', latex, percent: false, unit: '' }));
  const [first] = formulas;
  const same = formulas.every((formula) => first && compare(first, formula) === 'equal');
  if (same && first) return compare(first, other);
  if (!isRounding(sides)) return 'undecided';
  const verdicts = formulas.map((formula) => compare(formula, other));
  return verdicts.includes('equal') ? 'equal' : verdicts.includes('undecided') ? 'undecided' : 'different';
}

/** Whether the last side is the first one, rounded to the places it is written with. */
function isRounding(sides: readonly string[]): boolean {
  const last = sides.at(-1) ?? '';
  const places = /^-?\d*\.(\d+)$/.exec(last)?.[1]?.length;
  const exact = parseFormula(sides[0] ?? '');
  if (places === undefined || symbolsOf(exact).size > 0) return false;
  const value = constantValue(exact);
  return isReal(value) && Math.abs(value.re.toNumber() - Number(last)) <= 0.501 * 10 ** -places;
}
