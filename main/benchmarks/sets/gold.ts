/** True answers as sets write them, as the grader reads them. Pure. */
import { lastBoxed } from '../../grading/extract.js';
import { answerOf, cellFault, type SetRow, textOf } from './cells.js';

/** The content of the last \boxed{}, its braces balanced. */
export function boxedOf(row: SetRow, column: string): string {
  const boxed = lastBoxed(textOf(row, column))?.trim();
  if (boxed) return boxed;
  throw cellFault(row, column, 'has no \\boxed{} with the answer', 'Add the answer, or take the row out of the file.');
}

/** A whole number, as sets of competitions have it: "025" and 25.0 are 25, and degrees are left to the question. */
export function integerOf(row: SetRow, column: string, limits: { readonly min: number; readonly max: number }): string {
  const written = answerOf(row, column)
    .replace(/^\$(.*)\$$/, '$1')
    .replace(/\s*\^\s*\{?\\circ\}?$/, '');
  const value = /^-?\d+(?:\.0+)?$/.test(written) ? Number(written) : Number.NaN;
  if (Number.isInteger(value) && value >= limits.min && value <= limits.max) return String(value);
  const range = Number.isFinite(limits.max) ? ` from ${limits.min} to ${limits.max}` : '';
  throw cellFault(row, column, `is ${JSON.stringify(written)}, not a whole number${range}`, 'Mend the answer.');
}
