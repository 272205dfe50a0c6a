/**
 * When two answers are the same: exactly when their canonical forms are the same string. A number becomes a fraction in
 * lowest terms, or a sum of roots and powers of π; a choice its letter, tuples and lists their canonical parts, anything
 * else tidied text. Being a function of one answer, sameness is an equivalence, so a vote needs no pairwise comparisons and
 * cannot depend on their order.
 *
 * Left out: algebra. `2(x+1)` and `2x+2` differ here. What takes longer than a glance has no place in this function: every
 * input is bounded, so nothing can hang.
 */
import { plainLatex } from './latex.js';
import { formatRadicalSum } from './radical-sum.js';
import { parseRadicalSum } from './radical-text.js';
import { formatRational, parseRational } from './rational.js';
import { withoutUnits } from './units.js';
import { isWord } from './words.js';

/** Raised with every change that can change a verdict; stored with verdicts. */
export const GRADER_VERSION = 4;

/** Longer answers are compared as text only. */
export const MAX_LENGTH = 500;
const MAX_DEPTH = 3;
const MAX_PARTS = 50;

const CHOICE = /^(?:(?:option|choice|answer)\s+)?\(?([A-J])\)?[.:]?$/i;
const NAMED_CHOICE = /^(?:option|choice|answer)\s/i;
const ASSIGNMENT = /^[A-Za-z](?:_\{?[A-Za-z0-9]\}?)?\s*=\s*([^=]+)$/;

/** The canonical form of an answer. Idempotent. */
export function canonicalForm(answer: string): string {
  if (answer.length > MAX_LENGTH) return answer.replace(/\s+/g, ' ').trim();
  return canonical(withoutTrailingStop(plainLatex(answer)), 0);
}

/** Whether two answers are the same. */
export function sameAnswer(a: string, b: string): boolean {
  return canonicalForm(a) === canonicalForm(b);
}

function canonical(text: string, depth: number): string {
  const value = numberForm(text);
  if (value !== null) return value;
  const letter = choiceForm(text);
  if (letter !== null) return letter;
  if (depth < MAX_DEPTH) {
    const assigned = ASSIGNMENT.exec(text)?.[1];
    if (assigned !== undefined) return canonical(assigned.trim(), depth + 1);
    const parts = bracketForm(text, depth) ?? listForm(text, depth);
    if (parts !== null) return parts;
  }
  return textForm(text);
}

function withoutTrailingStop(text: string): string {
  // Behind a number, a letter or a bracket it is a factorial.
  return text.replace(/(?<=\S)\s?[.,;:]$|(?<=(?<![\\A-Za-z])[A-Za-z]{3,})!$/, '').trim();
}

function numberForm(text: string): string | null {
  const bare = withoutUnits(text);
  const value = parseRational(text) ?? parseRational(bare);
  if (value !== null) return formatRational(value);
  const sum = parseRadicalSum(text) ?? parseRadicalSum(bare);
  return sum === null ? null : formatRadicalSum(sum);
}

/** `(C)`, `C.` and `option c` are C; a bare lower-case letter is a variable. */
function choiceForm(text: string): string | null {
  const letter = CHOICE.exec(text)?.[1];
  if (letter === undefined) return null;
  return letter === letter.toUpperCase() || NAMED_CHOICE.test(text) ? letter.toUpperCase() : null;
}

/** Parts between commas that stand in no bracket. A comma with a space after it outranks one without (`1,000, 2,000`). */
export function splitAtCommas(text: string): string[] {
  const spaced = /,\s/.test(text);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0 && (!spaced || text[i + 1] === ' ')) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** Tuples, points and intervals keep their order; a set does not have one. */
function bracketForm(text: string, depth: number): string | null {
  const set = /^\\\{(.*)\\\}$/.exec(text);
  const tuple = /^([([])(.*)([)\]])$/.exec(text);
  const inside = set?.[1] ?? tuple?.[2];
  if (inside === undefined || !closesAtEnd(inside)) return null;
  const parts = splitAtCommas(inside);
  if (parts.length > MAX_PARTS || (set === null && parts.length < 2)) return null;
  const forms = parts.map((part) => canonical(part, depth + 1));
  if (set) return `\\{${[...new Set(forms)].sort().join(',')}\\}`;
  return `${tuple?.[1]}${forms.join(',')}${tuple?.[3]}`;
}

/** No bracket in `inside` closes one that was opened before it, as in `(1,2) \cup (3,4)` without its outermost pair. */
function closesAtEnd(inside: string): boolean {
  let depth = 0;
  for (const c of inside) {
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth < 0) return false;
  }
  return depth === 0;
}

/** Several solutions in a row, `1, 2` or `x = 1 or x = 2`, in any order. Only of numbers, single letters and brackets. */
function listForm(text: string, depth: number): string | null {
  const parts = splitAtCommas(text.replace(/,?\s+(?:and|or)\s+/g, ', ')).filter((part) => part !== '');
  if (parts.length < 2 || parts.length > MAX_PARTS) return null;
  // 15 dollars and 50 cents are one sum, 3 cm and 4 cm two lengths.
  const units = new Set(parts.map((part) => /[a-zA-Z]{2,}$/.exec(part)?.[0] ?? '').filter((unit) => unit !== ''));
  if (units.size > 1 && parts.every((part) => /^\d/.test(part))) return null;
  const forms = parts.map((part) => canonical(part, depth + 1));
  const listed = (form: string): boolean => /^[A-Za-z]$|^[([].*[)\]]$/.test(form) || parseRadicalSum(form) !== null;
  if (!forms.every(listed)) return null;
  return forms.sort().join(', ');
}

/** Words only: AB may be a product or the side of a triangle. */
const inLowerCase = (text: string): string =>
  text.replace(/[A-Za-z]+/g, (word) =>
    (isWord(word) || /^[AP]M$/.test(word)) && !/^[IVX]+$/.test(word) ? word.toLowerCase() : word,
  );

/** Words in lower case with single spaces; a formula without spaces. */
function textForm(text: string): string {
  const words = /(?<![\\A-Za-z])[A-Za-z]{2,}/.test(text);
  // GM/r is not GM/R.
  if (words && /[\\^_={}+*/|]/.test(text)) return text;
  if (words) return inLowerCase(text).replace(/^(?:(?:the|an?) )+(?=[a-z]{3})/, '');
  // Not the space that ends a command: \ln e is no \lne, which nothing could read again.
  return text.replace(/(?<!\d) | (?!\d)/g, (_, at: number) =>
    /\\[A-Za-z]{1,20}$/.test(text.slice(Math.max(0, at - 21), at)) && /^ [A-Za-z]/.test(text.slice(at, at + 2))
      ? ' '
      : '',
  );
}
