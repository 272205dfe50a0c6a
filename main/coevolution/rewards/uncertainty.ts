/**
 * How much a question is worth by how divided the Solver is about it: p is the share of the majority answer among its
 * votes. A question without any extractable answer has p = 0 and is worth nothing.
 */
export type UncertaintyName = 'paper' | 'code';

const REWARDS: Readonly<Record<UncertaintyName, (share: number) => number>> = {
  /** 1 at p = 1/2, 0 at certainty (arXiv 2508.05004, equation of the uncertainty reward). */
  paper: (share) => 1 - 2 * Math.abs(share - 0.5),
  /** The public code: the same peak, half as high. */
  code: (share) => Math.min(share, 1 - share),
};

export function uncertaintyReward(name: UncertaintyName, share: number): number {
  return REWARDS[name](share);
}
