/**
 * The nano model's domain: question writing and solving in 23 tokens. The Challenger continues `<bos><gen>`, the Solver
 * continues `<bos><question>…</question>` with a trace and its answer after `#`. Completions arrive decoded, special
 * tokens kept, without the stop token.
 */
import type { PromptSet } from '../../../preload/contract/prompts.js';
import type { Domain, ParsedQuestion } from '../domain.js';
import { challengerPrompt, solverPrompt } from '../prompts.js';
import { CHAINS_PROMPTS } from './prompts.js';
import { isChain, MAX_QUESTION_LENGTH, orderFreeForm, rewriteQuestion, termsOf, topicOf, valueOf } from './question.js';

const OPENING_TAG = '<question>';
const CLOSING_TAG = '</question>';

function invalid(reason: string): ParsedQuestion {
  return { valid: false, reason };
}

/** Reasons are short and few, because funnels count by them. */
function parseChain(completion: string, finish: 'stop' | 'length'): ParsedQuestion {
  if (finish === 'length') return invalid('cut off');
  if (!completion.startsWith(OPENING_TAG)) return invalid('no opening tag');
  const end = completion.indexOf(CLOSING_TAG);
  if (end < 0) return invalid('no closing tag');
  if (end + CLOSING_TAG.length !== completion.length) return invalid('text after the question');
  const question = completion.slice(OPENING_TAG.length, end);
  if (question === '') return invalid('empty');
  if (question.includes('<')) return invalid('special token inside');
  if (!isChain(question)) return invalid('not a chain of + and -');
  if (question.length > MAX_QUESTION_LENGTH) return invalid('too long');
  return { valid: true, question };
}

export function createChainsDomain(prompts: PromptSet = CHAINS_PROMPTS): Domain {
  return {
    name: 'chains',
    answers: null,
    challengerPrompt: () => challengerPrompt(prompts),
    parseQuestion: parseChain,
    solverPrompt: (question) => solverPrompt(prompts, question),
    extractAnswer(completion, finish) {
      if (finish === 'length') return null;
      const mark = completion.lastIndexOf('#');
      if (mark < 0) return null;
      const answer = completion.slice(mark + 1);
      return /^-?[0-9]+$/.test(answer) ? answer : null;
    },
    // -0 and 007 are legal to write and equal to 0 and 7.
    canonicalAnswer: (answer) => (/^-?[0-9]{1,40}$/.test(answer) ? BigInt(answer).toString() : answer),
    normaliseQuestion: (question) => question,
    bleuTokens: (question) => [...question],
    bleuSmoothing: 'add-one',
    difficulty: (question) => termsOf(question).length,
    topic: topicOf,
    rewrite: rewriteQuestion,
    rewriteClass: orderFreeForm,
    oracle: (question) => String(valueOf(question)),
  };
}
