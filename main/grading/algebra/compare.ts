/** Compares two answers by what they are made of. */
import type { RandomKey } from '../../lib/random.js';
import { allOf, type Verdict } from '../verdict.js';
import type { Answer } from './answer.js';
import { NoValue } from './complex.js';
import { compareFormulas, isConstant } from './compare-formulas.js';
import { compareMatrices, compareToList, determinantOf } from './compare-matrices.js';
import { compareSets } from './compare-sets.js';
import { positiveMultiple, sameCurve } from './curves.js';
import { minus, parseFormula, Unreadable } from './expression.js';
import { sameIntervals } from './intervals.js';
import { assignment, inOrderOfNames, type Named, namedValue, withoutIndex } from './named.js';
import { isRegion, regionOf } from './regions.js';

/** As near.ts. */
const TOLERANCE = 1e-6;

export interface Comparing {
  readonly key: RandomKey;
  /** Of parts. */
  readonly compare: (a: Answer, b: Answer) => Verdict;
}

export function compareAnswers(a: Answer, b: Answer, key: RandomKey): Verdict {
  const context: Comparing = { key, compare: (x, y) => compareAnswers(x, y, key) };
  try {
    return compareKinds(a, b, context);
  } catch (error) {
    if (error instanceof Unreadable || error instanceof NoValue) return 'undecided';
    throw error;
  }
}

function compareKinds(a: Answer, b: Answer, context: Comparing): Verdict {
  const { compare, key } = context;
  const asList =
    a.kind === 'matrix' ? compareToList(a, b, compare) : b.kind === 'matrix' ? compareToList(b, a, compare) : null;
  if (asList !== null) return asList;
  if (isRegion(a) || isRegion(b)) return compareRegions(a, b, context);
  if (a.kind === 'relation' || b.kind === 'relation') return compareEquations(a, b, context);
  if (a.kind === 'set' || b.kind === 'set') {
    return compareAssignments(a, b, context) ?? compareSets(partsOf(a), partsOf(b), compare);
  }
  if (a.kind === 'matrix' && a.determinant && b.kind === 'formula') return compare(determinantOf(a), b);
  if (b.kind === 'matrix' && b.determinant && a.kind === 'formula') return compare(a, determinantOf(b));
  if (a.kind === 'formula' && b.kind === 'formula') return compareFormulas(a, b, key);
  if (a.kind !== b.kind) return differentKinds(a, b);
  switch (a.kind) {
    case 'words':
      return a.words === (b as typeof a).words ? 'equal' : 'different';
    case 'choice':
      return a.letter === (b as typeof a).letter ? 'equal' : 'different';
    case 'tuple':
      return compareTuples(a, b as typeof a, compare);
    case 'matrix':
      return compareMatrices(a, b as typeof a, key);
    case 'based':
      return compareBased(a, b as typeof a);
    case 'residue':
      return compareResidues(a, b as typeof a);
    case 'clock':
      return compareClocks(a, b as typeof a);
    default:
      return 'undecided';
  }
}

const partsOf = (answer: Answer): readonly Answer[] => (answer.kind === 'set' ? answer.parts : [answer]);

/** A number is no word, no point and no matrix; of other kinds that may mean the same, nothing is said. */
function differentKinds(a: Answer, b: Answer): Verdict {
  const [formula, other] = a.kind === 'formula' ? [a, b] : [b, a];
  if (formula.kind !== 'formula') return [a.kind, b.kind].includes('choice') ? 'undecided' : wordsOr(a, b);
  if (!['words', 'tuple', 'matrix'].includes(other.kind)) return 'undecided';
  return isConstant(formula) ? 'different' : 'undecided';
}

const wordsOr = (a: Answer, b: Answer): Verdict =>
  [a.kind, b.kind].includes('words') && [a.kind, b.kind].some((kind) => kind === 'tuple' || kind === 'matrix')
    ? 'different'
    : 'undecided';

type Of<K extends Answer['kind']> = Extract<Answer, { kind: K }>;

function compareTuples(a: Of<'tuple'>, b: Of<'tuple'>, compare: Comparing['compare']): Verdict {
  const shape = ({ open, close }: Of<'tuple'>): string => (open === '\\langle' ? '()' : open + close);
  if (a.parts.length !== b.parts.length) return 'different';
  const parts = allOf(a.parts.map((part, i) => compare(part, b.parts[i] as Answer)));
  return parts === 'equal' && shape(a) !== shape(b) ? 'different' : parts;
}

function compareBased(a: Of<'based'>, b: Of<'based'>): Verdict {
  const value = ({ digits, base }: Of<'based'>): bigint =>
    [...digits].reduce((sum, digit) => sum * BigInt(base) + BigInt(Number.parseInt(digit, 36)), 0n);
  if (value(a) !== value(b)) return 'different';
  // The same number, asked for in another base.
  return a.base === b.base ? 'equal' : 'undecided';
}

function compareResidues(a: Of<'residue'>, b: Of<'residue'>): Verdict {
  if (BigInt(a.modulus) !== BigInt(b.modulus)) return 'different';
  const modulus = BigInt(a.modulus);
  return modulus !== 0n && (BigInt(a.value) - BigInt(b.value)) % modulus === 0n ? 'equal' : 'different';
}

/** Of twenty-four hours; null where it is not said which half of the day is meant. */
function dayTime({ parts: [hour = 0, ...rest], half }: Of<'clock'>): number[] | null {
  if (half === 'a' || half === 'p') return hour > 12 ? null : [(hour % 12) + (half === 'p' ? 12 : 0), ...rest];
  return half === '' && hour > 12 ? [hour, ...rest] : null;
}

function compareClocks(a: Of<'clock'>, b: Of<'clock'>): Verdict {
  const [x, y] = [a.parts, b.parts];
  if (a.half === ':' && b.half === ':') {
    if (x.length === y.length && x.every((part, i) => part === y[i])) return 'equal';
    const multiple = x.length === y.length && x.every((part, i) => part * Number(y[0]) === Number(y[i]) * Number(x[0]));
    return multiple ? 'undecided' : 'different';
  }
  const [morning, noted] = [a, b].map(dayTime);
  if (morning && noted && (a.half !== b.half || a.half !== ''))
    return morning.join() === noted.join() ? 'equal' : 'different';
  const same = x.every((part, i) => part === (y[i] ?? 0)) && y.every((part, i) => part === (x[i] ?? 0));
  if (!same) return 'different';
  return a.half === b.half ? 'equal' : [a.half, b.half].some((h) => h === '' || h === ':') ? 'undecided' : 'different';
}

function compareRegions(a: Answer, b: Answer, { compare, key }: Comparing): Verdict {
  const endless = [a, b].some(
    (x) => x.kind === 'tuple' && x.parts.some((p) => p.kind === 'formula' && p.latex.includes('\\infty')),
  );
  if (a.kind === 'tuple' && b.kind === 'tuple' && !endless) {
    const parts = compareTuples(a, b, compare);
    if (parts !== 'undecided') return parts;
  }
  const outside = [a, b].find((x) => !['tuple', 'set', 'formula', 'relation', 'region'].includes(x.kind));
  if (outside) return outside.kind === 'words' || outside.kind === 'matrix' ? 'different' : 'undecided';
  try {
    const [left, right] = [regionOf(a), regionOf(b)];
    const names = new Set([...left.names, ...right.names]);
    const both = left.names.size > 0 && right.names.size > 0;
    if (left.names.size > 1 || right.names.size > 1) return ofSeveral(a, b, compare);
    if (both && names.size > 1) return 'different';
    const tolerance = left.rounded || right.rounded ? TOLERANCE : 0;
    return sameIntervals(left.intervals, right.intervals, tolerance) ? 'equal' : 'different';
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof NoValue)) throw error;
    return a.kind === 'relation' && b.kind === 'relation' ? compareInequalities(a, b, key) : 'undecided';
  }
}

/** `a > 0, b > 0`: only where each inequality has its equal. */
function ofSeveral(a: Answer, b: Answer, compare: Comparing['compare']): Verdict {
  if (a.kind !== 'region' || b.kind !== 'region') return 'undecided';
  if (![...a.signs, ...b.signs].every((sign) => sign === '\\cap')) return 'undecided';
  return compareSets(a.parts, b.parts, compare) === 'equal' ? 'equal' : 'undecided';
}

/** In several variables, or of a higher degree: only where one is a multiple of the other. */
function compareInequalities(a: Of<'relation'>, b: Of<'relation'>, key: RandomKey): Verdict {
  const below = ({ sides, signs }: Of<'relation'>): { formula: ReturnType<typeof minus>; strict: boolean } => {
    const [left = '', right = ''] = sides;
    if (signs.length !== 1 || signs[0] === '!=' || signs[0] === '=') throw new Unreadable('no single inequality');
    const [l, r] = [parseFormula(left), parseFormula(right)];
    return { formula: signs[0]?.startsWith('<') ? minus(l, r) : minus(r, l), strict: signs[0]?.length === 1 };
  };
  const [left, right] = [below(a), below(b)];
  if (positiveMultiple(left.formula, right.formula, key) !== true) return 'undecided';
  return left.strict === right.strict ? 'equal' : 'different';
}

/** The names in a tuple count where both sides have names. */
function namesInOrder(a: Answer, b: Answer): (Named | null)[] {
  const named = [namedValue(a), namedValue(b)];
  const both = [a, b].every((x, i) => named[i] || assignment(x));
  return both ? named.map((n) => n && inOrderOfNames(n)) : named;
}

function compareEquations(a: Answer, b: Answer, context: Comparing): Verdict {
  const { compare, key } = context;
  const [left, right] = namesInOrder(a, b);
  if (left && right) {
    const values = compare(left.value, right.value);
    const [x, y] = [left.name, right.name];
    if (x === y || x === '' || y === '') return values;
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
  if (other.kind === 'set') return compareSets(partsOf(a), partsOf(b), compare);
  return compareChain(relation, other, compare);
}

/** `6/8 = 3/4` is 3/4. */
function compareChain({ sides }: Of<'relation'>, other: Answer, compare: Comparing['compare']): Verdict {
  const formulas = sides.map((latex): Answer => ({ kind: 'formula', latex, percent: false, unit: '' }));
  const [first] = formulas;
  const same = formulas.every((formula) => first && compare(first, formula) === 'equal');
  return same && first ? compare(first, other) : 'undecided';
}

/** `x = 2, y = 5` beside the same, or beside (2, 5). Null where neither names different unknowns. */
function compareAssignments(a: Answer, b: Answer, { compare }: Comparing): Verdict | null {
  const [left, right] = [assignment(a), assignment(b)];
  if (left && right) {
    const names = new Set([...left.keys(), ...right.keys()]);
    if (names.size !== left.size || names.size !== right.size) return 'undecided';
    return allOf([...names].map((name) => compare(left.get(name) as Answer, right.get(name) as Answer)));
  }
  const [given, other] = left ? [left, b] : [right, a];
  if (!given) return null;
  const ordered = [...given.keys()].sort().map((name) => given.get(name) as Answer);
  const parts = other.kind === 'tuple' || other.kind === 'set' ? other.parts : [other];
  if (parts.length !== ordered.length) return other.kind === 'tuple' ? 'different' : 'undecided';
  const inOrder = allOf(ordered.map((value, i) => compare(value, parts[i] as Answer)));
  if (inOrder === 'equal' || other.kind === 'tuple') return inOrder;
  return compareSets(ordered, parts, compare) === 'different' ? 'different' : 'undecided';
}
