/**
 * A domain is what questions are about: how the Challenger is asked for one, how the Solver is asked to answer, what a
 * well-formed question is, when two answers are the same. Everything here is pure text.
 */
import type { AnswerKind } from '../../preload/contract/answers.js';
import type { Prompt } from '../coevolution/executor.js';
import type { RandomKey } from '../lib/random.js';
import type { Presented } from './forms/options.js';

export type ParsedQuestion =
  | {
      readonly valid: true;
      readonly question: string;
      /** The Challenger's own answer, where its format asks for one. */ readonly answer?: string;
    }
  | { readonly valid: false; readonly reason: string };

/** How a question is put to a Solver, and how its answer is read: all that a measurement needs to know. */
export interface SolverTask {
  solverPrompt(question: string): Prompt;
  /** The final answer in a Solver's completion, or null where there is none. */
  extractAnswer(completion: string, finish: 'stop' | 'length'): string | null;
  /** Answers with equal canonical forms are equal. */
  canonicalAnswer(answer: string): string;
  /** What its answers look like; where it says `math`, answers with different canonical forms may still be equal. */
  readonly answers?: AnswerKind | null;
  /** Whether an answer is right, where the authors of a benchmark say it otherwise than by canonical forms. */
  isRight?(given: string, truth: string): boolean;
}

export interface Domain extends SolverTask {
  readonly name: string;
  /** What its answers look like; null: a form of its own, which no kind describes. */
  readonly answers: AnswerKind | null;
  /** What questions are asked about, one drawn for each; null where all are asked for with the same prompt. */
  readonly topics: readonly string[] | null;
  /** @param topic one of `topics`, where there are any */
  challengerPrompt(topic?: string | null): Prompt;
  parseQuestion(completion: string, finish: 'stop' | 'length'): ParsedQuestion;
  /** Whether a text, which a person may have typed, is a question of this domain. */
  isQuestion(text: string): boolean;
  /** Questions with equal normal forms are the same question. */
  normaliseQuestion(question: string): string;
  /** The characters or words BLEU compares. */
  bleuTokens(question: string): readonly string[];
  /** How BLEU treats n-gram orders without a match; see coevolution/rewards/bleu.ts. */
  readonly bleuSmoothing: 'add-one' | 'epsilon';
  /** Words of a run that questions must share to overlap, see benchmarks/contamination.ts; null: only the same is the same. */
  readonly overlapWords: number | null;
  /** A measure of difficulty that needs no oracle (nano: number of terms), or null. */
  difficulty(question: string): number | null;
  /** What a question is about: one of a few names, so that a curriculum can be counted by it. Measures only. */
  topic(question: string): string | null;
  /** The question as one vote is shown it, where each is shown another form, such as options in an order of its own. */
  present?(question: string, key: RandomKey): Presented;
  /** Another form of the question with the same answer, for pooled voting. */
  rewrite?(question: string, key: RandomKey): string;
  /** Equal exactly for questions that are rewritten forms of each other; keeps all of them out of training at once. */
  rewriteClass?(question: string): string;
  /** The true answer, null where it is not known. Measures only: the loop's decisions never see it. */
  oracle?(question: string): string | null;
}
