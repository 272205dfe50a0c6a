/** What can be measured of a question without an answer, and what a chain alone allows, by the words a domain's folder gives. */
import type { DomainFile } from '../../preload/contract/domain-file.js';
import type { RandomKey } from '../lib/random.js';
import { isChain, orderFreeForm, rewriteQuestion, termsOf, topicOf, valueOf } from './chains/question.js';
import { readOptions } from './forms/options.js';
import { mathTopic } from './math/topics.js';
import { readWordProblem } from './word-problems/read.js';

type Word<K extends 'difficulty' | 'topic' | 'rewriting' | 'oracle'> = NonNullable<DomainFile[K]>;

/** As in the public code: words are what stands between spaces. */
export function wordsOf(question: string): string[] {
  return question.split(/\s+/).filter((word) => word !== '');
}

export const DIFFICULTY: Readonly<Record<Word<'difficulty'>, (question: string) => number | null>> = {
  'chain-terms': (question) => termsOf(question).length,
  words: (question) => wordsOf(question).length,
  options: (question) => readOptions(question)?.options.length ?? null,
};

export const TOPIC: Readonly<Record<Word<'topic'>, (question: string) => string>> = {
  'math-subjects': mathTopic,
  'chain-shape': topicOf,
};

interface Rewriting {
  rewrite(question: string, key: RandomKey): string;
  rewriteClass(question: string): string;
}

export const REWRITING: Readonly<Record<Word<'rewriting'>, Rewriting>> = {
  chains: {
    rewrite: rewriteQuestion,
    // A benchmark may hold questions in words, whose numbers are no terms.
    rewriteClass: (question) => (isChain(question) ? orderFreeForm(question) : question),
  },
};

export const ORACLE: Readonly<Record<Word<'oracle'>, (question: string) => string | null>> = {
  chains: (question) => String(valueOf(question)),
  'word-problems': readWordProblem,
};
