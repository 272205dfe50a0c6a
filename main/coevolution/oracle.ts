/**
 * The oracle's verdict on a pseudo-label. This module and nothing else of the loop asks the oracle, and what it returns
 * goes into rows and events only: with the oracle absent the same run has the same weights (tested).
 */
import type { LoopContext } from './context.js';

export interface Verdict {
  readonly oracle: string | null;
  readonly labelCorrect: boolean | null;
}

export function judgeLabel(
  { oracle, domain }: Pick<LoopContext, 'oracle' | 'domain'>,
  question: string | null,
  label: string | null,
): Verdict {
  if (!oracle || question === null) return { oracle: null, labelCorrect: null };
  const truth = oracle(question);
  const known = truth !== null && label !== null;
  return { oracle: truth, labelCorrect: known ? domain.canonicalAnswer(truth) === label : null };
}
