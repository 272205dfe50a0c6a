/** Counting votes: answers are the same when their canonical forms are the same string. */

export interface Tally {
  /** Canonical form of the most common answer; null when there was no answer at all. */
  readonly label: string | null;
  /** Votes for the label over all votes: an answer that could not be extracted counts in the denominator. */
  readonly share: number;
  /** Votes by canonical answer, in the order of first occurrence. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The majority of canonical answers. Of equally common answers, the one that was given first wins. */
export function tally(answers: readonly (string | null)[]): Tally {
  const counts = new Map<string, number>();
  for (const answer of answers) if (answer !== null) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  let label: string | null = null;
  let most = 0;
  for (const [answer, count] of counts) {
    if (count > most) {
      label = answer;
      most = count;
    }
  }
  return { label, share: answers.length === 0 ? 0 : most / answers.length, counts };
}
