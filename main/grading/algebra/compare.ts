/** Compares two answers by what they are made of. */
import type { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import type { Answer } from './answer.js';
import { compareAssignments } from './compare-assignments.js';
import { compareEquations } from './compare-equations.js';
import { compareFormulas, isConstant } from './compare-formulas.js';
import { compareMatrices, compareToList, determinantOf } from './compare-matrices.js';
import { compareBased, compareClocks, compareResidues } from './compare-notations.js';
import { compareRegions } from './compare-regions.js';
import { compareSets } from './compare-sets.js';
import { compareTuples } from './compare-tuples.js';
import { compareVectors, haveVector } from './compare-vectors.js';
import { type Comparing, partsOf } from './comparing.js';
import { NoValue } from './complex.js';
import { Unreadable } from './expression.js';
import { isRegion } from './regions.js';

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
  if (haveVector(a, b)) return compareVectors(a, b, key);
  const asList =
    a.kind === 'matrix' ? compareToList(a, b, compare) : b.kind === 'matrix' ? compareToList(b, a, compare) : null;
  if (asList !== null) return asList;
  if (isRegion(a) || isRegion(b)) return compareRegions(a, b, context);
  if (a.kind === 'relation' || b.kind === 'relation') return compareEquations(a, b, context);
  if (a.kind === 'set' || b.kind === 'set') {
    const verdict = compareAssignments(a, b, context) ?? compareSets(partsOf(a), partsOf(b), compare);
    return verdict === 'different' && sameTogether(a, b, compare) ? 'undecided' : verdict;
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

/** Whether two answers are the same where all ± of one change together. */
function sameTogether(a: Answer, b: Answer, compare: Comparing['compare']): boolean {
  const ways = (x: Answer): (readonly Answer[])[] =>
    x.kind === 'set' && x.together ? [x.parts, x.together] : [partsOf(x)];
  return ways(a).some((x) => ways(b).some((y) => compareSets(x, y, compare) === 'equal'));
}

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
