/** Multiple choice: between the tags a question and its lettered options, all different, and the letter of one of them in a box. */
import type { ParsedQuestion } from '../domain.js';
import { graderOf } from '../../grading/grader.js';
import { type Form, invalid, type QuestionRules } from './form.js';
import { letterOf, type MultipleChoice, readOptions, writeOptions } from './options.js';
import { parseTagged } from './tags.js';

export function choiceForm(rules: QuestionRules): Form {
  return {
    parse(completion, finish) {
      const tagged = parseTagged(rules, completion, finish);
      return tagged.valid ? parseChoice(rules, tagged) : tagged;
    },
    isQuestion: (text) => {
      const read = readOptions(text);
      return read !== null && wrongWith(read, rules) === null;
    },
  };
}

function parseChoice(
  rules: QuestionRules,
  { question, answer }: Extract<ParsedQuestion, { valid: true }>,
): ParsedQuestion {
  const read = readOptions(question);
  if (read === null) return invalid('no lettered options');
  const wrong = wrongWith(read, rules);
  if (wrong !== null) return invalid(wrong);
  const text = writeOptions(read);
  if (answer === undefined) return { valid: true, question: text };
  const letter = graderOf('choice').canonical(answer);
  if (!read.options.some((_, i) => letterOf(i) === letter)) return invalid('answer is no option');
  return { valid: true, question: text, answer: letter };
}

function wrongWith({ stem, options }: MultipleChoice, rules: QuestionRules): string | null {
  if (stem === '') return 'nothing asked';
  if (options.length < rules.options.min) return 'too few options';
  if (options.length > rules.options.max) return 'too many options';
  const { canonical } = graderOf('text');
  return new Set(options.map(canonical)).size < options.length ? 'equal options' : null;
}
