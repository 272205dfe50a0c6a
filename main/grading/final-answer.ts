/**
 * The final answer in what somebody wrote, whether that is an answer alone or a whole completion of a model, and by which
 * mark it was found. More marks than in training, where only what a prompt asked for counts (`extract.ts`).
 */
import { afterPhrase, lastBoxed, lastNumber } from './extract.js';

/** `box`: \boxed{…}; `tags`: <answer>…</answer>; `phrase`: "the answer is", ####; `alone`: the text is the answer. */
export type AnswerMark = 'box' | 'tags' | 'phrase' | 'alone' | 'number';

export interface FinalAnswer {
  readonly text: string;
  readonly by: AnswerMark;
}

const CLOSING_TAG = '</answer>';
const OPENING_TAG = '<answer>';
/** Phrases and numbers are looked for at the end only. */
const TAIL_LENGTH = 2000;
const LONGEST_END = 24;
/** A sentence is looked into up to this length. */
const LONGEST_SENTENCE = 300;
/** A line of more words is prose, in which the last number is the answer. */
const WORDS_ALONE = 6;

/** What a tokenizer writes for the end. */
const END_OF_TEXT = /(?:<\|[a-z_]{1,20}\|>|<\/s>)$/;

function withoutEnd(text: string): string {
  let rest = text;
  while (END_OF_TEXT.test(rest.slice(-LONGEST_END))) rest = rest.slice(0, rest.lastIndexOf('<')).trimEnd();
  return rest;
}

export function inTags(text: string): string | null {
  const end = text.lastIndexOf(CLOSING_TAG);
  const start = end < 0 ? -1 : text.lastIndexOf(OPENING_TAG, end);
  return start < 0 ? null : text.slice(start + OPENING_TAG.length, end).trim() || null;
}

const CHOSEN = /\b(?:option|choice)\s+is\s*:?\s*\**\(?([A-J])\b\)?/g;

const chosenOption = (tail: string): string | null => [...tail.matchAll(CHOSEN)].at(-1)?.[1] ?? null;

/** "The minimum is -3", "It costs $10 in total"; not "n is even", "the number of ways is at most 3". */
const SENTENCE = /[a-z]{2}.*\b(?:is|are|was|were|equals?|costs?|made|makes?|gets?|has|have|compute)\b.*\d/i;
const COMPARED = /\b(?:most|least|more|less|fewer|than|between|or|and|not|no)\b/i;
/** Words, and then a formula between signs: "Answer \( 9+1 \)". */
const WORDS_AND_FORMULA = /^[A-Za-z][A-Za-z ,:]{2,}(?:\$\$?|\\\(|\\\[)([^$]*?)(?:\$\$?|\\\)|\\\])\s*[.!]?$/;

/** The only formula of one line of prose; null where there is none, or where words may say more. */
function formulaBehindWords(text: string): string | null {
  if (text.length > LONGEST_SENTENCE || COMPARED.test(text) || /\\\$/.test(text)) return null;
  return WORDS_AND_FORMULA.exec(text)?.[1]?.trim() || null;
}

/** One line that is no prose: formulas and numbers count as words only where they hold letters alone. */
function standsAlone(text: string): boolean {
  if (text.includes('\n')) return false;
  if (text.length <= LONGEST_SENTENCE && SENTENCE.test(text) && !COMPARED.test(text)) return false;
  return (text.match(/(?<![\\A-Za-z])[A-Za-z]{2,}/g)?.length ?? 0) <= WORDS_ALONE;
}

export const ANSWER_MARKS: readonly AnswerMark[] = ['box', 'tags', 'phrase', 'alone', 'number'];

/**
 * Null where there is none. Linear in the length of the text.
 * @param wanted the marks that count; the first in the order of ANSWER_MARKS that is there decides
 */
export function finalAnswer(text: string, wanted: readonly AnswerMark[] = ANSWER_MARKS): FinalAnswer | null {
  const whole = withoutEnd(text.trim());
  if (whole === '') return null;
  // A box with nothing in it says that there is no answer.
  if (lastBoxed(whole)?.trim() === '') return null;
  const tail = whole.slice(-TAIL_LENGTH);
  const marks: readonly (readonly [AnswerMark, () => string | null])[] = [
    ['box', () => lastBoxed(whole)?.trim() || null],
    ['tags', () => inTags(whole)],
    ['phrase', () => afterPhrase(tail) ?? chosenOption(tail)],
    ['phrase', () => formulaBehindWords(whole)],
    ['alone', () => (wanted.length === 1 || standsAlone(whole) ? whole : null)],
    ['number', () => lastNumber(tail)],
  ];
  for (const [by, find] of marks) {
    if (!wanted.includes(by)) continue;
    const found = find();
    if (found !== null) return { text: found, by };
  }
  return null;
}
