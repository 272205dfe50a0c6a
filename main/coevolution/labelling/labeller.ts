/**
 * Labelling is a function from questions to pseudo-labels. The loop does not know which one it calls; a judge or a
 * Verifier that scores answers without a checkable truth would be another.
 */
import type { AnswerRecord } from '../unit.js';

/** The answers to one question, and what most of them say. */
export interface Votes {
  readonly answers: readonly AnswerRecord[];
  /** Canonical form of the majority answer; null when no answer could be extracted. */
  readonly label: string | null;
  /** Share of the majority among all answers, extracted or not: the paper's p-hat. */
  readonly share: number;
}

export interface Ask {
  /** Has the Solver answer each question `votes` times. */
  (questions: readonly string[], source: 'vote' | 'rewrite'): Promise<Votes[]>;
}

export interface LabellingTools {
  readonly ask: Ask;
  /** The same groups of answers, equal ones in each with one canonical form. */
  unify(groups: readonly (readonly AnswerRecord[])[]): Promise<AnswerRecord[][]>;
  /** Whether a vote share lies in the difficulty band. */
  inBand(share: number): boolean;
  canonicalAnswer(answer: string): string;
  /** The i-th question in another form with the same answer; absent where the domain has none. */
  rewrite?(question: string, index: number): string;
}

export interface Labelling {
  readonly label: string | null;
  /** Majority of the votes on the question itself. */
  readonly majority: string | null;
  /** Share of the label among all votes it rests on. */
  readonly labelShare: number;
  /** Share of the majority on the question itself: difficulty, and what the band looks at. */
  readonly pHat: number;
  /** The rewritten form whose votes were pooled in. */
  readonly rewrite: string | null;
  readonly answers: readonly AnswerRecord[];
}

export interface Labeller {
  readonly name: string;
  label(questions: readonly string[], tools: LabellingTools): Promise<Labelling[]>;
}
