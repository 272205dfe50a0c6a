/**
 * How answers of one kind are found in a completion and brought into the form in which they are compared. A domain or a
 * benchmark names its kind; nothing else in the loop knows what an answer means.
 */
import type { AnswerKind } from '../../preload/contract/answers.js';
import { canonicalForm } from './canonical.js';
import { extractFinalAnswer, lastBoxed } from './extract.js';
import { inTags } from './final-answer.js';

export interface Grader {
  readonly kind: AnswerKind;
  /** The final answer as it was written, or null. A completion that was cut off is searched for a mark alone. */
  extract(completion: string, finish: 'stop' | 'length'): string | null;
  /** Answers with equal canonical forms are the same. Idempotent. */
  canonical(answer: string): string;
}

const TAIL_LENGTH = 2000;

function marked(completion: string): string | null {
  return lastBoxed(completion)?.trim() || inTags(completion);
}

const CHOICE_ANSWER = /\b(?:answer|choice|option)\b(?:\s+(?:is|would be))?[\s:*(]*([A-J])\b(?![a-z'])/g;
/** In brackets, `(c)` and `c)`, a small letter is one too; by itself it may be a word. */
const CHOICE_ANSWER_SMALL = /\b(?:answer|choice|option)\b(?:\s+(?:is|would be))?[\s:*]*\(?([a-j])\)/g;
const CHOICE_ALONE = /^(?:[\s(*]*([A-J])[\s).:*]*|[\s*]*\(?\s*([a-j])\s*\)[\s.:*]*)$/;
/** `(B) 12`, `b) 12` and `B. twelve`: a letter before the text of the option. */
const CHOICE_FIRST = /^(?:[\s(*]*([A-J])[).:]|[\s*]*\(?([a-j])\))(?!\s*(?:,|&|and\b|or\b)\s*\(?[A-Ja-j]\b)/;

const letterIn = (match: RegExpExecArray | null): string | undefined => match?.[1] ?? match?.[2];

/** The last letter that is said to be the answer. */
function saidLast(text: string): string | undefined {
  const said = [CHOICE_ANSWER, CHOICE_ANSWER_SMALL].flatMap((form) => [...text.matchAll(form)]);
  return said.sort((a, b) => a.index - b.index).at(-1)?.[1];
}

function choiceIn(completion: string, finish: 'stop' | 'length'): string | null {
  const mark = marked(completion);
  if (mark !== null) return mark;
  if (finish === 'length') return null;
  const tail = completion.slice(-TAIL_LENGTH);
  const said = saidLast(tail);
  if (said !== undefined) return said;
  const lastLine = tail.trimEnd().split('\n').at(-1) ?? '';
  return letterIn(CHOICE_ALONE.exec(lastLine)) ?? null;
}

/** The letter; what is no letter stays text, and so equals no choice. */
function choiceForm(answer: string): string {
  const bare = answer.replace(/\\(?:text|textbf|mathrm|mathbf)\s*\{([^{}]*)\}/g, '$1').trim();
  const letter = letterIn(CHOICE_ALONE.exec(bare)) ?? letterIn(CHOICE_FIRST.exec(bare)) ?? /^[a-j]$/.exec(bare)?.[0];
  return letter?.toUpperCase() ?? canonicalForm(bare);
}

const ARTICLES = /^(?:(?:the|an?)\s+)+/i;

/** What may tell answers in words apart. */
export interface TextOptions {
  readonly ignoreCase: boolean;
  readonly ignoreArticles: boolean;
}
const LENIENT: TextOptions = { ignoreCase: true, ignoreArticles: true };

/** Letters and digits as they count: no punctuation at the ends, and as wished no case, no leading article. Numbers are numbers. */
function textForm(answer: string, { ignoreCase, ignoreArticles }: TextOptions): string {
  const written = answer
    .normalize('NFKC')
    .replace(/\\(?:text|textbf|mathrm|mathbf)\s*\{([^{}]*)\}/g, '$1')
    .replace(/[’‘]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'“”„*.,;:!?]+|[\s"'“”*.,;:!?]+$/g, '');
  const cased = ignoreCase ? written.toLowerCase() : written;
  const words = ignoreArticles ? cased.replace(ARTICLES, '') : cased;
  return /^[-+]?[\d,. ]+%?$/.test(words) ? canonicalForm(words) : words;
}

function textIn(completion: string, finish: 'stop' | 'length'): string | null {
  return marked(completion) ?? (finish === 'stop' ? extractFinalAnswer(completion, { fallbacks: true }) : null);
}

const GRADERS: Readonly<Record<AnswerKind, Grader>> = {
  math: {
    kind: 'math',
    // A box counts wherever the text ends; guessing from the last words needs a text that ended by itself.
    extract: (completion, finish) => extractFinalAnswer(completion, { fallbacks: finish === 'stop' }),
    canonical: canonicalForm,
  },
  choice: { kind: 'choice', extract: choiceIn, canonical: choiceForm },
  text: { kind: 'text', extract: textIn, canonical: (answer) => textForm(answer, LENIENT) },
};

/** @param text of answers in words: what may tell them apart */
export function graderOf(kind: AnswerKind, text: TextOptions = LENIENT): Grader {
  const grader = GRADERS[kind];
  return kind === 'text' ? { ...grader, canonical: (answer) => textForm(answer, text) } : grader;
}
