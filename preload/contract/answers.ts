/** What answers to a set of questions look like, and so how they are found in a text and compared. */
import { z } from 'zod';

export const answerKindSchema = z.enum(['math', 'choice', 'text']);
/** `math`: numbers and formulas; `choice`: a letter, A to J; `text`: a few words. */
export type AnswerKind = z.infer<typeof answerKindSchema>;

export const verdictSchema = z.enum(['equal', 'different', 'undecided']);
/** Of an answer held against the right one; `undecided` is neither right nor wrong. */
export type Verdict = z.infer<typeof verdictSchema>;

/** What a model answered to a question of a benchmark, and whether it is right. */
export interface GradedAnswer {
  readonly text: string;
  /** The final answer as it was written; null where there is none. */
  readonly extracted: string | null;
  readonly verdict: Verdict;
  /** Why it is undecided; null where it is decided. */
  readonly reason: string | null;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
}
