/** The verdict of a glance and of algebra, in this process: without deadline, so that a test does not depend on the clock. */
import { decide } from '../../main/grading/algebra/decide.js';
import { gradePair } from '../../main/grading/grade.js';
import type { Verdict } from '../../main/grading/verdict.js';

export function wholeVerdict(gold: string, pred: string): Verdict {
  const glance = gradePair(gold, pred);
  if (!glance.open || !glance.gold || !glance.pred) return glance.verdict;
  return decide(glance.gold.text, glance.pred.text).verdict;
}
