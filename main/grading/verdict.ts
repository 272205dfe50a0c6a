/** What is said of a pair of answers. `undecided` counts as neither right nor wrong. */
export type Verdict = 'equal' | 'different' | 'undecided';

/** Of parts that all have to be the same: one that differs is enough. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('different')) return 'different';
  return verdicts.includes('undecided') ? 'undecided' : 'equal';
}
