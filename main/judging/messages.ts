/** What passes between a process that does algebra and the one that started it. One pair at a time, in order. */
import type { Verdict } from '../grading/verdict.js';

export interface AlgebraQuestion {
  readonly id: number;
  readonly gold: string;
  readonly pred: string;
}

export type AlgebraMessage =
  /** Everything is loaded: from here on a pair is timed. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly verdict: Verdict; readonly reason: string };
