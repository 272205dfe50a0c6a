/**
 * Whether an answer is the right one, as far as can be said at a glance: numbers, choices, words, and tuples, sets and lists of
 * them. What is left `open` takes algebra (algebra/decide.ts), which runs in a process of its own.
 */
import type { AnswerKind } from '../../preload/contract/answers.js';
import { cut } from '../lib/text.js';
import { canonicalForm, MAX_LENGTH, splitAtCommas } from './canonical.js';
import { saysNothingElse } from './words.js';
import { differentNames, differentUnits } from './dropped.js';
import { type AnswerMark, finalAnswer, type FinalAnswer } from './final-answer.js';
import { graderOf } from './grader.js';
import { nearlySame } from './near.js';
import { parseRadicalSum } from './radical-text.js';
import type { Verdict } from './verdict.js';

export interface Graded {
  readonly verdict: Verdict;
  /** The final answers as they were written; null where there is none. */
  readonly gold: FinalAnswer | null;
  readonly pred: FinalAnswer | null;
  readonly reason: string;
}

export interface GradeOptions {
  readonly kind?: AnswerKind;
  /** What marks an answer in `pred`; all of them where left out. Of choices and texts, each kind knows its own. */
  readonly marks?: readonly AnswerMark[];
}

/** A verdict at a glance; `open` where algebra may say more. */
export type Glance = Graded & { readonly open: boolean };

/** `gold` is the right answer, `pred` the one to be judged; either may be a whole output of a model. */
export function gradePair(gold: string, pred: string, { kind = 'math', marks }: GradeOptions = {}): Glance {
  if (kind !== 'math') return gradeByForm(gold, pred, kind);
  const found = { gold: finalAnswer(gold), pred: finalAnswer(pred, marks) };
  if (found.gold === null) return { verdict: 'undecided', ...found, reason: 'gold has no final answer', open: false };
  if (found.pred === null) return { verdict: 'different', ...found, reason: 'pred has no final answer', open: false };
  return { ...found, ...glance(found.gold.text, found.pred.text) };
}

/** Of two final answers of mathematics. */
export function glance(gold: string, pred: string): { verdict: Verdict; reason: string; open: boolean } {
  const [left, right] = [canonicalForm(gold), canonicalForm(pred)];
  if (left === right) {
    const doubt = differentUnits(gold, pred) ?? differentNames(gold, pred);
    if (doubt === null) return { verdict: 'equal', reason: `both are ${shown(left)}`, open: false };
    return { verdict: 'undecided', reason: doubt, open: true };
  }
  if (gold.length > MAX_LENGTH || pred.length > MAX_LENGTH) {
    const reason = `an answer of more than ${MAX_LENGTH} characters is compared as text only`;
    return { verdict: 'undecided', reason, open: false };
  }
  const near = nearlySame({ text: gold, form: left }, { text: pred, form: right });
  if (near !== null) return { verdict: 'equal', reason: near, open: false };
  // 1 hour and 60 minutes, 180° and π.
  const angle = /degree/.test(gold + pred) || /\^\s*\{?\s*\\circ|°/.test(gold + pred);
  const measured = differentUnits(gold, pred) !== null || (angle && /pi|π/.test(gold + pred));
  // Decimals within brackets may be rounded, each by itself.
  const rounded = shapeOf(left) !== 'one' && /\.\d/.test(gold + pred);
  if (!measured && !rounded && canDiffer(left, right))
    return { verdict: 'different', reason: `${shown(left)} is not ${shown(right)}`, open: false };
  return {
    verdict: 'undecided',
    reason: 'it takes more than comparing to tell whether these are the same',
    open: true,
  };
}

/** Whether two different canonical forms are certainly of different answers. */
export function canDiffer(left: string, right: string): boolean {
  return isPlain(left) && isPlain(right) && shapeOf(left) === shapeOf(right);
}

/** Letters and short texts: their form says everything. */
function gradeByForm(gold: string, pred: string, kind: 'choice' | 'text'): Glance {
  const grader = graderOf(kind);
  const of = (text: string): FinalAnswer | null => {
    const found = grader.extract(text, 'stop') ?? (text.includes('\n') ? null : text.trim());
    return found === null || found === '' ? null : { text: found, by: found === text.trim() ? 'alone' : 'phrase' };
  };
  const found = { gold: of(gold), pred: of(pred) };
  if (found.gold === null) return { verdict: 'undecided', ...found, reason: 'gold has no final answer', open: false };
  if (found.pred === null) return { verdict: 'different', ...found, reason: 'pred has no final answer', open: false };
  const [left, right] = [grader.canonical(found.gold.text), grader.canonical(found.pred.text)];
  const same = left === right;
  const reason = same ? `both are ${shown(left)}` : `${shown(left)} is not ${shown(right)}`;
  return { verdict: same ? 'equal' : 'different', ...found, reason, open: false };
}

/** Up to four words, or the letter of a choice. Another letter may stand for a number: e and i do. */
const WORDS = /^[A-J]$|^(?=[\p{L}\p{M}'-]{2})[\p{L}\p{M}'-]+(?: [\p{L}\p{M}'-]+){0,3}$/u;
const BRACKETED = /^(?:\\\{|[([])(.*?)(?:\\\}|[)\]])$/;

/** Numbers, roots and π among them, words, and brackets and lists of them: two of these are the same exactly where they are written the same. */
function isPlain(form: string): boolean {
  if (parseRadicalSum(form) !== null) return true;
  // "I and II", "II only" and other lists of words.
  if (/(?:^|\s)(?:and|or|only)(?:\s|$)/.test(form)) return false;
  if (WORDS.test(form)) return form.length === 1 || saysNothingElse(form);
  const inside = shapeOf(form) === 'list' ? form : BRACKETED.exec(form)?.[1];
  const parts = inside === undefined ? [] : splitAtCommas(inside);
  // Brackets around one thing say nothing: what they hide was nested too deeply to be read.
  if (parts.length === 1 && !form.startsWith('\\{')) return false;
  return parts.length > 0 && parts.every((part) => part !== form && isPlain(part));
}

/** `{1, 2}` and `1, 2` may mean the same, or `(2, 5)` and `x = 2, y = 5`; two tuples are told apart by their parts. */
function shapeOf(form: string): 'set' | 'tuple' | 'list' | 'one' {
  if (form.startsWith('\\{')) return 'set';
  if (/^[([].*,.*[)\]]$/.test(form)) return 'tuple';
  return form.includes(', ') ? 'list' : 'one';
}

const SHOWN = 60;
const shown = (form: string): string => cut(form, SHOWN);
