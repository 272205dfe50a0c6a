/**
 * The verdict in what a judge wrote: the last line that begins with "verdict". What names no verdict, or more than one, is
 * undecided and says why; nothing is guessed from the text before. Prose around a verdict is read only where it cannot turn it
 * round ("the key is correct", not "nearly correct"). Pure.
 */
import type { JudgeSubject, JudgeVerdict } from '../../preload/contract/oracles.js';
import { cut } from '../lib/text.js';

export interface Read {
  readonly verdict: JudgeVerdict;
  /** Why undecided. */
  readonly reason: string | null;
  /** The judge's own answer, where it gave one. */
  readonly answer: string | null;
}

const WORDS: Readonly<Record<string, JudgeVerdict>> = {
  correct: 'correct',
  right: 'correct',
  wrong: 'wrong',
  incorrect: 'wrong',
  ambiguous: 'ambiguous',
  unsolvable: 'unsolvable',
};
const ALLOWED: Readonly<Record<JudgeSubject, readonly JudgeVerdict[]>> = {
  labels: ['correct', 'wrong', 'ambiguous', 'unsolvable'],
  answers: ['correct', 'wrong'],
};
/** Marks of Markdown, JSON and LaTeX around a word. */
const MARKS = String.raw`[\s>*_#\x60"'{(\[-]*`;
const VERDICT = new RegExp(`^${MARKS}(?:the |my |final )*verdict${MARKS}(?:[:=：]|is\\b)(.*)$`, 'i');
const ANSWER = new RegExp(`^${MARKS}(?:the |my |final )*answer${MARKS}[:=](.*)$`, 'i');
/** What may stand before it on its line; after any other word ("nearly", "in-", "hardly") it may be another verdict. */
const BEFORE =
  /^(?:the|this|that|given|proposed|answer|key|label|it|question|is|therefore|thus|boxed|text|textbf|mathrm|final)$/;
/** What turns a verdict round, or doubts it. */
const NEGATED = /\b(?:not|isn['’]?t|neither|cannot|can['’]?t|doubt\w*|unclear|unsure|undecided)\b|\?/i;

/** @param how `cut`: the answer ended where it was not meant to, so that a verdict before its last line may not be the last */
export function readVerdict(text: string, subject: JudgeSubject, how: { readonly cut?: boolean } = {}): Read {
  const said = withoutThoughts(text);
  if (said === null) return undecided('it was still thinking when its answer was cut off', null);
  const lines = said.split('\n');
  const answer = lastOf(lines, ANSWER);
  const line = lastOf(lines, VERDICT);
  const own = answer === null ? null : bare(answer);
  if (line === null) return undecided('no line with a verdict', own);
  if (how.cut && lastOf(lines.filter((one) => one.trim() !== '').slice(-1), VERDICT) === null)
    return undecided('its answer was cut off after a verdict, which may not have been the last', own);
  const named = new Set([...line.matchAll(/[a-z]+/gi)].flatMap(([word]) => WORDS[word.toLowerCase()] ?? []));
  const [verdict] = named;
  if (verdict === undefined || isTurned(line)) return undecided(`no verdict in "${cut(line.trim(), 60)}"`, own);
  if (named.size > 1) return undecided(`more than one verdict in "${cut(line.trim(), 60)}"`, own);
  if (!ALLOWED[subject].includes(verdict)) return undecided(`"${verdict}" is no verdict on an answer`, own);
  return { verdict, reason: null, answer: own };
}

function isTurned(line: string): boolean {
  const words = line.toLowerCase().match(/[a-z]+(?:['’][a-z]+)*/g) ?? [];
  const at = words.findIndex((word) => Object.hasOwn(WORDS, word));
  return NEGATED.test(line) || !words.slice(0, Math.max(0, at)).every((word) => BEFORE.test(word));
}

function undecided(reason: string, answer: string | null): Read {
  return { verdict: 'undecided', reason, answer };
}

/** Null where a thought was begun and not ended: what stands in it is no verdict. */
function withoutThoughts(text: string): string | null {
  const ended = text.lastIndexOf('</think>');
  if (ended >= 0) return text.slice(ended + '</think>'.length);
  return /^\s*<think>/.test(text) ? null : text;
}

function lastOf(lines: readonly string[], pattern: RegExp): string | null {
  for (let i = lines.length - 1; i >= 0; i--) {
    const found = pattern.exec((lines[i] as string).slice(0, 2000))?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

function bare(answer: string): string | null {
  const plain = answer.replace(/^[\s*_`"']+|[\s*_`"',.]+$/g, '');
  return plain === '' || /^none$/i.test(plain) ? null : cut(plain, 500);
}
