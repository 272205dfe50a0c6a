/** Lists that give each unknown its value. */
import { allOf, type Verdict } from '../verdict.js';
import type { Answer } from './answer.js';
import { compareSets } from './compare-sets.js';
import type { Comparing } from './comparing.js';
import { assignment, namedValue } from './named.js';

/** `x = 2, y = 5` beside the same, or beside (2, 5). Null where neither names different unknowns. */
export function compareAssignments(a: Answer, b: Answer, { compare }: Comparing): Verdict | null {
  const [left, right] = [assignment(a), assignment(b)];
  if (left && right) {
    const names = new Set([...left.keys(), ...right.keys()]);
    if (names.size !== left.size || names.size !== right.size) return 'undecided';
    return allOf([...names].map((name) => compare(left.get(name) as Answer, right.get(name) as Answer)));
  }
  const [given, other] = left ? [left, b] : [right, a];
  if (!given) return null;
  // x = 1, x = 2 beside x = 1, y = 2.
  if (other.kind === 'set' && other.parts.some((part) => (namedValue(part)?.name ?? '') !== '')) return 'different';
  const ordered = [...given.keys()].sort().map((name) => given.get(name) as Answer);
  const parts = other.kind === 'tuple' || other.kind === 'set' ? other.parts : [other];
  if (parts.length !== ordered.length) return other.kind === 'tuple' ? 'different' : 'undecided';
  const inOrder = allOf(ordered.map((value, i) => compare(value, parts[i] as Answer)));
  if (inOrder === 'equal' || other.kind === 'tuple') return inOrder;
  return compareSets(ordered, parts, compare) === 'different' ? 'different' : 'undecided';
}
