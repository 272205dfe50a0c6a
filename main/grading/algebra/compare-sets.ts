/** Sets and lists of solutions: each of the one has its equal in the other. */
import type { Verdict } from '../verdict.js';
import type { Answer } from './answer.js';
import { assignment, namedValue, withoutIndex } from './named.js';

/** `x = 1, x = 2` and `x_1 = 1, x_2 = 2` are 1 and 2, and their name. */
function unnamed(parts: readonly Answer[]): { readonly name: string | null; readonly values: readonly Answer[] } {
  const named = parts.map(namedValue);
  const names = new Set(named.flatMap((n) => (n && n.name !== '' ? [withoutIndex(n.name)] : [])));
  if (names.size > 1) return { name: null, values: parts };
  const values = parts.map((part, i) => named[i]?.value ?? part);
  return {
    name: [...names][0] ?? null,
    values: values.flatMap((v) => (v.kind === 'set' && !v.braces && assignment(v) === null ? v.parts : [v])),
  };
}

export function compareSets(
  a: readonly Answer[],
  b: readonly Answer[],
  compare: (x: Answer, y: Answer) => Verdict,
): Verdict {
  const [left, right] = [unnamed(a), unnamed(b)];
  const table = left.values.map((x) => right.values.map((y) => compare(x, y)));
  const columns = right.values.map((_, j) => table.map((row) => row[j] as Verdict));
  const found = [...table, ...columns].map((row): Verdict => {
    if (row.includes('equal')) return 'equal';
    return row.includes('undecided') ? 'undecided' : 'different';
  });
  if (found.includes('different')) return 'different';
  if (found.includes('undecided')) return 'undecided';
  return left.name !== null && right.name !== null && left.name !== right.name ? 'different' : 'equal';
}
