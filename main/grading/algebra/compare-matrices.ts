/** Matrices and vectors, entry by entry; a factor before one is multiplied out. A list of lists is one where the other side is. */
import type { RandomKey } from '../../lib/random.js';
import { allOf, type Verdict } from '../verdict.js';
import type { Answer } from './answer.js';
import { compareFormulas } from './compare-formulas.js';
import { Unreadable } from './expression.js';

type Matrix = Extract<Answer, { kind: 'matrix' }>;
type Formula = Extract<Answer, { kind: 'formula' }>;

const formula = (latex: string): Formula => ({ kind: 'formula', latex, percent: false, unit: '' });

function entries({ rows, factor }: Matrix): string[][] {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width || row.includes(''))) throw new Unreadable('rows of different lengths');
  return rows.map((row) => row.map((cell) => (factor === '' ? cell : scaled(factor, cell))));
}

const scaled = (factor: string, cell: string): string => (factor === '-' ? `-(${cell})` : `(${factor})\\cdot(${cell})`);

export function compareMatrices(a: Matrix, b: Matrix, key: RandomKey): Verdict {
  if (a.determinant !== b.determinant) return 'different';
  if (a.determinant) return compareFormulas(determinantOf(a), determinantOf(b), key);
  const [left, right] = [entries(a), entries(b)];
  if (left.length !== right.length || left[0]?.length !== right[0]?.length) return 'different';
  return allOf(
    left.flatMap((row, i) =>
      row.map((cell, j) => compareFormulas(formula(cell), formula(right[i]?.[j] as string), key)),
    ),
  );
}

/**
 * A matrix beside what programs and prose write for one: `[[1,2],[3,4]]`, `((1,2),(3,4))`, `{{1,2},{3,4}}`; a vector beside
 * `(1,2)`, whether it stands or lies. Null where the other answer is nothing of the kind.
 */
export function compareToList(
  matrix: Matrix,
  list: Answer,
  compare: (a: Answer, b: Answer) => Verdict,
): Verdict | null {
  const parts = listed(list);
  if (parts === null || matrix.determinant) return null;
  const rows = entries(matrix);
  const nested = parts.map(listed);
  const vector = rows.length === 1 ? rows[0] : rows.every((row) => row.length === 1) ? rows.flat() : null;
  if (nested.every((row) => row === null)) {
    if (!vector) return null;
    // A bare list says no order: 1, 2 may be meant as the vector.
    if (list.kind === 'set') return list.braces ? null : 'undecided';
    return sameEntries([vector], [parts], compare);
  }
  if (nested.includes(null)) return null;
  return sameEntries(rows, nested as (readonly Answer[])[], compare);
}

const listed = (answer: Answer): readonly Answer[] | null => {
  if (answer.kind === 'set') return answer.parts;
  if (answer.kind !== 'tuple') return null;
  return ['()', '[]', '\\langle\\rangle'].includes(answer.open + answer.close) ? answer.parts : null;
};

function sameEntries(
  rows: readonly (readonly string[])[],
  others: readonly (readonly Answer[])[],
  compare: (a: Answer, b: Answer) => Verdict,
): Verdict {
  if (rows.length !== others.length || rows.some((row, i) => row.length !== others[i]?.length)) return 'different';
  return allOf(rows.flatMap((row, i) => row.map((cell, j) => compare(formula(cell), others[i]?.[j] as Answer))));
}

/** Up to three rows. @throws Unreadable */
export function determinantOf(matrix: Matrix): Formula {
  const rows = matrix.rows;
  if (rows.length > 3 || rows.some((row) => row.length !== rows.length)) throw new Unreadable('no small square');
  const expand = (part: readonly (readonly string[])[]): string => {
    const [first, ...rest] = part;
    if (!first) return '1';
    return first
      .map((cell, j) => {
        const minor = rest.map((row) => row.filter((_, column) => column !== j));
        return `${j % 2 === 0 ? '+' : '-'}(${cell})\\cdot(${expand(minor)})`;
      })
      .join('');
  };
  const plain = expand(rows).replace(/^\+/, '').replace(/\(\+/g, '(');
  return formula(matrix.factor === '' ? plain : scaled(matrix.factor, plain));
}
