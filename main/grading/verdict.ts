/** Verdicts of parts put together. */
import type { Verdict } from '../../preload/contract/answers.js';

export type { Verdict } from '../../preload/contract/answers.js';

/** Of parts that all have to be the same: one that differs is enough. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('different')) return 'different';
  return verdicts.includes('undecided') ? 'undecided' : 'equal';
}
