/** Vectors as sums of the unit vectors i, j and k, beside each other and beside columns and brackets of entries. */
import type { RandomKey } from '../../lib/random.js';
import { allOf, type Verdict } from '../verdict.js';
import { UNIT_INDEX } from './accents.js';
import type { Answer } from './answer.js';
import { call, type Expression, minus, parseFormula, Unreadable, whole } from './expression.js';
import { sameFunction } from './identity.js';

const AXES = ['i', 'j', 'k'] as const;
const MARKED = new RegExp(`_\\{${UNIT_INDEX}\\}`);

/** Whether one of two answers is such a sum, so that the other is to be read as one. */
export function haveVector(a: Answer, b: Answer): boolean {
  const sums = [a, b].filter((x) => x.kind === 'formula' && MARKED.test(x.latex));
  if (sums.length > 0) return [a, b].every((x) => ['formula', 'tuple', 'matrix'].includes(x.kind));
  const [formula, other] = a.kind === 'formula' ? [a, b] : [b, a];
  if (formula.kind !== 'formula' || !['tuple', 'matrix'].includes(other.kind)) return false;
  return /(?<![a-zA-Z\\])i(?![a-zA-Z])/.test(formula.latex) && /(?<![a-zA-Z\\])j(?![a-zA-Z])/.test(formula.latex);
}

/** @throws Unreadable */
export function compareVectors(a: Answer, b: Answer, key: RandomKey): Verdict {
  const [left, right] = [entriesOf(a, key), entriesOf(b, key)];
  const count = Math.max(left.length, right.length);
  const zero = whole(0n);
  return allOf(Array.from({ length: count }, (_, n) => sameFunction(left[n] ?? zero, right[n] ?? zero, key)));
}

function entriesOf(answer: Answer, key: RandomKey): readonly Expression[] {
  if (answer.kind === 'formula') return coefficients(parseFormula(answer.latex), key);
  const entries = answer.kind === 'matrix' ? cellsOf(answer) : answer.kind === 'tuple' ? answer.parts.map(latexOf) : [];
  if (entries.length < 2 || entries.length > 3) throw new Unreadable('no vector of two or three entries');
  return entries.map(parseFormula);
}

function cellsOf({ rows, factor, determinant }: Extract<Answer, { kind: 'matrix' }>): string[] {
  if (determinant || (rows.length > 1 && rows.some((row) => row.length > 1))) throw new Unreadable('no vector');
  return rows
    .flat()
    .map((cell) => (factor === '' ? cell : factor === '-' ? `-(${cell})` : `(${factor})\\cdot(${cell})`));
}

function latexOf(part: Answer): string {
  if (part.kind !== 'formula' || part.percent || part.unit !== '') throw new Unreadable('no entry of a vector');
  return part.latex;
}

/** Of a sum that is linear in the unit vectors and has nothing else in it. */
function coefficients(sum: Expression, key: RandomKey): readonly Expression[] {
  const at = (values: readonly bigint[]): Expression => substituted(sum, values);
  const same = (x: Expression, y: Expression): boolean => sameFunction(x, y, key) === 'equal';
  const axes = [at([1n, 0n, 0n]), at([0n, 1n, 0n]), at([0n, 0n, 1n])];
  const [i, j, k] = axes as [Expression, Expression, Expression];
  const mixed = call(
    'add',
    call('multiply', whole(2n), i),
    call('multiply', whole(3n), j),
    call('multiply', whole(5n), k),
  );
  const linear = same(at([0n, 0n, 0n]), whole(0n)) && same(minus(at([2n, 3n, 5n]), mixed), whole(0n));
  if (!linear) throw new Unreadable('no sum of unit vectors');
  return axes;
}

function substituted(e: Expression, values: readonly bigint[]): Expression {
  if (e.kind === 'call') return call(e.head, ...e.args.map((arg) => substituted(arg, values)));
  if (e.kind === 'number') return e;
  const name = e.kind === 'symbol' ? e.name.replace(`_${UNIT_INDEX}`, '') : e.name;
  const axis = AXES.findIndex((letter) => letter === name);
  return axis < 0 ? e : whole(values[axis] ?? 0n);
}
