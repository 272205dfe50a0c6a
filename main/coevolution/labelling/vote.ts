/** Majority vote over canonical answers (paper, section 3.2). */
export interface Tally {
  /** The most common canonical answer; null when there is none at all. */
  readonly label: string | null;
  readonly count: number;
  /** `count` over all votes; a completion without an answer is a vote for nothing, but it is counted. */
  readonly share: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Ties go to the answer that was given first, so that the result depends on the votes alone. */
export function tally(canonical: readonly (string | null)[]): Tally {
  const counts = new Map<string, number>();
  for (const answer of canonical) if (answer !== null) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  let label: string | null = null;
  let count = 0;
  for (const [answer, n] of counts) {
    if (n > count) {
      label = answer;
      count = n;
    }
  }
  return { label, count, share: canonical.length === 0 ? 0 : count / canonical.length, counts };
}
