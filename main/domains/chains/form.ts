/**
 * How the nano model writes a question: `<question>`, a chain, `</question>`, and nothing else. Completions arrive decoded,
 * special tokens kept, without the stop token.
 */
import { type Form, invalid } from '../forms/form.js';
import { isChain, MAX_QUESTION_LENGTH } from './question.js';

const OPENING_TAG = '<question>';
const CLOSING_TAG = '</question>';

export const chainsForm: Form = {
  parse(completion, finish) {
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
  },
  isQuestion: (text) => isChain(text) && text.length <= MAX_QUESTION_LENGTH,
};
