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

const CHOSEN =
  /(?:\b(?:option|choice)\s+is\s*:?|\b(?:choose|select|pick)\s+(?:(?:option|choice|answer)\s+)?)\s*\**\(?([A-J])\b\)?|(?:^|[\n.]\s*)\**\(?([A-J])\)?\**\s+is\s+(?:the\s+)?(?:correct|right|best)\b/g;

const chosenOption = (tail: string): string | null => {
  const last = [...tail.matchAll(CHOSEN)].at(-1);
  return last?.[1] ?? last?.[2] ?? null;
};

/** "The minimum is -3", "It costs $10 in total"; not "n is even", "the number of ways is at most 3". */
const VERBS =
  'is|are|was|were|will|equals?|costs?|made|makes?|gets?|has|have|had|compute|spent|spends?|needs?|takes?|took|earns?|earned|pays?|paid|saves?|saved|eats?|ate|buys?|bought|sells?|sold|gives?|gave|uses?|used|reads?|scored|weighs?|receives?|received';
const SENTENCE = new RegExp(`[a-z]{2}.*\\b(?:${VERBS})\\b.*\\d`, 'i');
const COMPARED = /\b(?:most|least|more|less|fewer|than|between|or|and|not|no)\b/i;
/** Words, and then a formula between signs: "Answer \( 9+1 \)". */
const WORDS_AND_FORMULA = /^[A-Za-z][A-Za-z ,:]{2,}(?:\$\$?|\\\(|\\\[)([^$]*?)(?:\$\$?|\\\)|\\\])\s*[.!]?$/;

/** The only formula of one line of prose; null where there is none, or where words may say more. */
function formulaBehindWords(text: string): string | null {
  if (text.length > LONGEST_SENTENCE || COMPARED.test(text) || /\\\$/.test(text)) return null;
  return WORDS_AND_FORMULA.exec(text)?.[1]?.trim() || null;
}

/** What a phrase announced may be a sentence again: "The value is $42$", "Yes, because it is even". */
function inSentence(found: string | null): string | null {
  if (found === null) return null;
  const said = found.replace(/,?\s+(?:because|since|and\s+(?:it|this|that)|which)\s.*$/i, '');
  if (said.length > LONGEST_SENTENCE || !SENTENCE.test(said) || COMPARED.test(said)) return said;
  return formulaBehindWords(said) ?? (/\$|\\/.test(said) ? said : lastNumber(said));
}

/** `\boxed{\boxed{42}}`, `\boxed{\text{Answer: }\boxed{42}}`: the inner one, where only words stand around it. */
function innerBox(content: string | undefined): string | null {
  if (!content) return null;
  const inner = lastBoxed(content)?.trim();
  if (!inner) return content;
  const around = content.replace(/\\(?:boxed|fbox)\s*\{.*\}/s, '').replace(/\\text\s*\{[^{}\d]*\}/g, '');
  return /^[\s$.:]*$/.test(around) ? inner : content;
}

/** What was written for oneself is no answer where something follows it. */
function withoutThoughts(text: string): string {
  const at = text.lastIndexOf('</think>');
  const rest = at < 0 ? '' : text.slice(at + '</think>'.length).trim();
  const says = /\d/.test(rest) || !text.slice(0, Math.max(at, 0)).includes('\\boxed');
  return rest !== '' && says ? rest : text;
}

/** `{"answer": "5"}` */
const inJson = (tail: string): string | null =>
  [...tail.matchAll(/"(?:final_?)?answer"\s*:\s*"?([^"{}\n]{1,200}?)"?\s*[,}]/gi)].at(-1)?.[1]?.trim() || null;

/** A box whose backslash got lost. */
const bareBox = (tail: string): string | null =>
  [...tail.matchAll(/(?<![\\a-z])boxed\{([^{}]{1,200})\}/g)].at(-1)?.[1] ?? null;

/** One line that is no prose: formulas and numbers count as words only where they hold letters alone. */
function standsAlone(text: string): boolean {
  if (text.includes('\n')) return false;
  if (/[a-z]{2}[.!?]\s+\S/.test(text) && /\d/.test(text)) return false;
  if (text.length <= LONGEST_SENTENCE && SENTENCE.test(text) && !COMPARED.test(text)) return false;
  return (text.match(/(?<![\\A-Za-z])[A-Za-z]{2,}/g)?.length ?? 0) <= WORDS_ALONE;
}

export const ANSWER_MARKS: readonly AnswerMark[] = ['box', 'tags', 'phrase', 'alone', 'number'];

/**
 * Null where there is none. Linear in the length of the text.
 * @param wanted the marks that count; the first in the order of ANSWER_MARKS that is there decides
 */
export function finalAnswer(text: string, wanted: readonly AnswerMark[] = ANSWER_MARKS): FinalAnswer | null {
  const whole = withoutThoughts(withoutEnd(text.trim()));
  if (whole === '') return null;
  // A box with nothing in it says that there is no answer.
  if (lastBoxed(whole)?.trim() === '') return null;
  const tail = whole.slice(-TAIL_LENGTH);
  const marks: readonly (readonly [AnswerMark, () => string | null])[] = [
    ['box', () => innerBox(lastBoxed(whole)?.trim())],
    ['tags', () => inTags(whole)],
    ['phrase', () => inSentence(afterPhrase(tail)) ?? bareBox(tail) ?? inJson(tail) ?? chosenOption(tail)],
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
