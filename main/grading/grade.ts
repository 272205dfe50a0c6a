/**
 * Whether an answer is the right one. `equal` and `different` are said only where they are certain: of numbers, choices,
 * words, and tuples, sets and lists of them. Where it would take algebra to tell two formulas apart, or an answer is longer
 * than can be compared, it is `undecided`, which counts as neither right nor wrong.
 */
import { cut } from '../lib/text.js';
import { canonicalForm, MAX_LENGTH } from './canonical.js';
import { nearlySame } from './near.js';
import { parseRadicalSum } from './radical-text.js';
import { differentNames, differentUnits } from './dropped.js';
import { finalAnswer, type FinalAnswer } from './final-answer.js';
import type { Verdict } from './verdict.js';

export interface Graded {
  readonly verdict: Verdict;
  /** The final answers as they were written; null where there is none. */
  readonly gold: FinalAnswer | null;
  readonly pred: FinalAnswer | null;
  readonly reason: string;
}

/** `gold` is the right answer, `pred` the one to be judged; either may be a whole output of a model. */
export function gradePair(gold: string, pred: string): Graded {
  const found = { gold: finalAnswer(gold), pred: finalAnswer(pred) };
  if (found.gold === null) return { verdict: 'undecided', ...found, reason: 'gold has no final answer' };
  if (found.pred === null) return { verdict: 'different', ...found, reason: 'pred has no final answer' };
  const [a, b] = [found.gold.text, found.pred.text];
  const [left, right] = [canonicalForm(a), canonicalForm(b)];
  if (left === right) {
    const doubt = differentUnits(a, b) ?? differentNames(a, b);
    return { verdict: doubt === null ? 'equal' : 'undecided', ...found, reason: doubt ?? `both are ${shown(left)}` };
  }
  const long = Object.entries(found).find(([, answer]) => (answer?.text.length ?? 0) > MAX_LENGTH);
  if (long) {
    const reason = `${long[0]} is longer than ${MAX_LENGTH} characters and was compared as text only`;
    return { verdict: 'undecided', ...found, reason };
  }
  const near = nearlySame({ text: a, form: left }, { text: b, form: right });
  if (near !== null) return { verdict: 'equal', ...found, reason: near };
  if (isPlain(left) && isPlain(right) && shapeOf(left) === shapeOf(right))
    return { verdict: 'different', ...found, reason: `${shown(left)} is not ${shown(right)}` };
  return { verdict: 'undecided', ...found, reason: 'it takes more than comparing to tell whether these are the same' };
}

/** Up to four words, or the letter of a choice. Another letter may stand for a number: e and i do. */
const WORDS = /^[A-J]$|^(?=[\p{L}\p{M}'-]{2})[\p{L}\p{M}'-]+(?: [\p{L}\p{M}'-]+){0,3}$/u;

/** Numbers, roots and π among them, words, and brackets and lists of them: two of these are the same exactly where they are written the same. */
function isPlain(form: string): boolean {
  const parts = form.replace(/\\[{}]|[()[\]]/g, '').split(',');
  return parts.every((part) => WORDS.test(part.trim()) || parseRadicalSum(part.trim()) !== null);
}

/** `{1, 2}` and `1, 2` may mean the same, or `(2, 5)` and `x = 2, y = 5`; two tuples are told apart by their parts. */
function shapeOf(form: string): 'set' | 'tuple' | 'list' | 'one' {
  if (form.startsWith('\\{')) return 'set';
  if (/^[([].*,.*[)\]]$/.test(form)) return 'tuple';
  return form.includes(', ') ? 'list' : 'one';
}

const SHOWN = 60;
const shown = (form: string): string => cut(form, SHOWN);
