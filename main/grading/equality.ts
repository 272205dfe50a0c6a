/**
 * Equality of answers as the loop and a measurement ask for it: in groups, since what canonical forms cannot tell takes algebra
 * in another process. Without one, canonical forms decide alone.
 */
import type { Verdict } from './verdict.js';

/** The canonical forms of the answers to one question, in the order in which they were given; null for no answer. */
export type AnswerGroup = readonly (string | null)[];

export interface AnswerPair {
  readonly gold: string;
  readonly pred: string;
}

export interface Compared {
  readonly verdict: Verdict;
  readonly reason: string;
}

export interface AnswerEquality {
  /**
   * Every form becomes the first form of its group that is equal to it. Compared with first ones only, so that a tolerance cannot
   * chain; what is undecided stays apart. Groups are never compared with each other.
   */
  unify(groups: readonly AnswerGroup[]): Promise<(string | null)[][]>;
  /** Of final answers, as they were written or canonical. In order. */
  compare(pairs: readonly AnswerPair[]): Promise<Compared[]>;
  close(): Promise<void>;
}

/** For answers of which the canonical form says everything, whole numbers and letters among them: starts no process. */
export const canonicalEquality: AnswerEquality = {
  unify: (groups) => Promise.resolve(groups.map((group) => [...group])),
  compare: (pairs) =>
    Promise.resolve(
      pairs.map(({ gold, pred }) => ({ verdict: gold === pred ? 'equal' : 'different', reason: 'by canonical form' })),
    ),
  close: () => Promise.resolve(),
};
