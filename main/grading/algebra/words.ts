/** Answers in words: which they are, how they are compared, and the few that say what a formula says. */
import { type Answer, NOTHING, REALS } from './answer.js';

/** Also what a word problem counts. */
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const FORMULA_WORDS = /^(?:[a-z]{1,2}|[abcdmnpqrstuvwxyz]{3})$/;
const COMMON = new Set('am an as at be by do go he if in is it me my no of on or so to up us we dry fly shy sky try why'.split(' '));

const EMPTY = /^(?:no|none|there (?:is|are) no) ?(?:real |integer |such )*(?:solutions?|numbers?|values?)?(?: exists?)?$|^(?:the )?empty set$/;
const ALL = /^(?:all|any|every) (?:the )?reals?(?: numbers?)?(?: x)?$|^(?:the )?reals?(?: numbers)?$/;
const MISSING = /^(?:undefined|dne|does not exist|doesn't exist|do not exist|not defined|indeterminate)$/;

/** Letters, digits within words, and what joins words. */
const WORDS = /^(?=.*\p{L}{2})[\p{L}\p{M}\d'’.,!?&() -]+$/u;

/** Whether what a text says is said in words, not in a formula. */
export function isWords(text: string): boolean {
  if (!WORDS.test(text)) return false;
  const words = text.match(/[\p{L}\p{M}'’]+/gu) ?? [];
  const real = words.filter((word) => COMMON.has(word.toLowerCase()) || !FORMULA_WORDS.test(word));
  return real.some((word) => word.length > 1) && !/[\d)]\s*\(|\)\s*\d|^\(.*,.*\)$/.test(text);
}

export function wordsAnswer(text: string): Answer {
  const words = plainWords(text);
  const number = NUMBERS.indexOf(words);
  if (number >= 0) return { kind: 'formula', latex: String(number), percent: false, unit: '' };
  if (EMPTY.test(words)) return NOTHING;
  if (ALL.test(words)) return REALS;
  return { kind: 'words', words: MISSING.test(words) ? 'undefined' : words };
}

const plainWords = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/[.,!?;:"]+/g, ' ')
    .replace(/\s*-\s*/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:(?:the|a|an) )+/, '');
