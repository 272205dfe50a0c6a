/**
 * The paper's domain: mathematics in words, written and solved by chat or base models. No oracle, no rewriting, and no
 * measure of difficulty but the Solver's own votes.
 */
import { lastBoxed } from '../../grading/extract.js';
import { graderOf } from '../../grading/grader.js';
import type { PromptSet } from '../../../preload/contract/prompts.js';
import type { Domain, ParsedQuestion } from '../domain.js';
import { challengerPrompt, solverPrompt } from '../prompts.js';
import { MATH_PROMPTS } from './prompts.js';
import { mathTopic } from './topics.js';

const OPENING_TAG = '<question>';
const CLOSING_TAG = '</question>';
const MAX_QUESTION_LENGTH = 4000;

function invalid(reason: string): ParsedQuestion {
  return { valid: false, reason };
}

/** The last complete pair of tags counts: a model may mention the format while it thinks. */
function parseMathQuestion(completion: string, finish: 'stop' | 'length'): ParsedQuestion {
  if (finish === 'length') return invalid('cut off');
  const end = completion.lastIndexOf(CLOSING_TAG);
  if (end < 0) return invalid(completion.includes(OPENING_TAG) ? 'no closing tag' : 'no question tags');
  const start = completion.lastIndexOf(OPENING_TAG, end);
  if (start < 0) return invalid('no opening tag');
  const question = completion.slice(start + OPENING_TAG.length, end).trim();
  if (question === '') return invalid('empty');
  if (question.length > MAX_QUESTION_LENGTH) return invalid('too long');
  if (question.includes('\\boxed')) return invalid('answer inside the question');
  const answer = lastBoxed(completion)?.trim();
  if (answer === undefined || answer === '') return invalid('no boxed answer');
  return { valid: true, question, answer };
}

export function createMathDomain(prompts: PromptSet = MATH_PROMPTS): Domain {
  const grader = graderOf('math');
  return {
    name: 'math',
    answers: 'math',
    challengerPrompt: () => challengerPrompt(prompts),
    parseQuestion: parseMathQuestion,
    solverPrompt: (question) => solverPrompt(prompts, question),
    extractAnswer: grader.extract,
    canonicalAnswer: grader.canonical,
    normaliseQuestion: (question) =>
      question
        .normalize('NFKC')
        .toLowerCase()
        .replace(/\\[,;:! ]|[$~]/g, ' ')
        .replace(/\s+/g, ' ')
        .replace(/ ?[.?!]? ?$/, '')
        .trim(),
    // As in the public code: words are what stands between spaces.
    bleuTokens: (question) => question.split(/\s+/).filter((word) => word !== ''),
    bleuSmoothing: 'epsilon',
    difficulty: () => null,
    topic: mathTopic,
  };
}
