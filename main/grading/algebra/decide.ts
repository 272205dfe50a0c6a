/**
 * Whether two final answers are the same where it takes algebra to tell. Loads compute-engine: only a worker imports this. What
 * it says is a function of the two texts; its random points are drawn from them.
 */
import { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import { compareAnswers } from './compare.js';
import { Unreadable } from './expression.js';
import { readAnswer } from './read-answer.js';
import { tidy } from './tidy.js';

/** Of an answer, in characters. */
const MAX_LENGTH = 2000;

export interface Decided {
  readonly verdict: Verdict;
  readonly reason: string;
}

export function decide(gold: string, pred: string): Decided {
  if (gold.length > MAX_LENGTH || pred.length > MAX_LENGTH)
    return { verdict: 'undecided', reason: `an answer of more than ${MAX_LENGTH} characters is not looked into` };
  const key = RandomKey.of(3, 'grading', gold, pred);
  try {
    const [a, b] = [readAnswer(tidy(gold)), readAnswer(tidy(pred))];
    const verdict = compareAnswers(a, b, key);
    return { verdict, reason: REASONS[verdict] };
  } catch (error) {
    // A stack that overflows on nested brackets is a limit like the others.
    if (error instanceof Unreadable || error instanceof RangeError)
      return { verdict: 'undecided', reason: 'an answer cannot be read as mathematics' };
    throw error;
  }
}

const REASONS: Readonly<Record<Verdict, string>> = {
  equal: 'the same by algebra',
  different: 'not the same by algebra',
  undecided: 'algebra cannot tell whether these are the same',
};
