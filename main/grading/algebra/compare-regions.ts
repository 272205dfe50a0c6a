/** Sets of real numbers: intervals, inequalities and what joins them, as the numbers that they hold. */
import type { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import type { Answer, Of } from './answer.js';
import { compareSets } from './compare-sets.js';
import { compareTuples } from './compare-tuples.js';
import type { Comparing } from './comparing.js';
import { NoValue } from './complex.js';
import { positiveMultiple } from './curves.js';
import { minus, parseFormula, Unreadable } from './expression.js';
import { sameIntervals } from './intervals.js';
import { regionOf } from './regions.js';

/** As near.ts. */
const TOLERANCE = 1e-6;

export function compareRegions(a: Answer, b: Answer, { compare, key }: Comparing): Verdict {
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
