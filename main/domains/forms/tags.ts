/** A question in words between tags, and the Challenger's own answer in a box after it: the method's format. */
import { lastBoxed } from '../../grading/extract.js';
import type { ParsedQuestion } from '../domain.js';
import { type Finish, type Form, invalid, type QuestionRules } from './form.js';

const BOX = '\\boxed';

export function tagsForm(rules: QuestionRules): Form {
  return {
    parse: (completion, finish) => parseTagged(rules, completion, finish),
    isQuestion: (text) => wrongWith(text.trim(), rules) === null,
  };
}

/** The last complete pair of tags counts: a model may mention the format while it thinks. */
export function parseTagged(rules: QuestionRules, completion: string, finish: Finish): ParsedQuestion {
  if (finish === 'length') return invalid('cut off');
  const { opening, closing } = rules;
  const end = completion.lastIndexOf(closing);
  if (end < 0) return invalid(completion.includes(opening) ? 'no closing tag' : 'no question tags');
  const start = completion.lastIndexOf(opening, end);
  if (start < 0) return invalid('no opening tag');
  const question = completion.slice(start + opening.length, end).trim();
  const wrong = wrongWith(question, rules);
  if (wrong !== null) return invalid(wrong);
  const answer = lastBoxed(completion)?.trim();
  if (answer !== undefined && answer !== '') return { valid: true, question, answer };
  return rules.answer === 'required' ? invalid('no boxed answer') : { valid: true, question };
}

function wrongWith(question: string, { max_characters, forbid }: QuestionRules): string | null {
  if (question === '') return 'empty';
  if (question.length > max_characters) return 'too long';
  if (question.includes(BOX)) return 'answer inside the question';
  return forbid.some((text) => question.includes(text)) ? 'forbidden text inside' : null;
}
