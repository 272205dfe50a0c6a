/** What has several values: lists, ±. */
import { type Answer, MAX_PARTS, type Read } from './answer.js';
import { isWords } from '../words.js';
import { Unreadable } from './expression.js';
import { between, splitAt, splitAtCommas } from './split.js';

const OR = /\s+(?:or|and)\s+|,\s*(?:or|and)\s+|\\text\s*\{\s*(?:or|and)\s*\}/y;
const SEMICOLON = /;/y;

export function listOf(text: string, read: Read): Answer | null {
  const either = splitAt(text, OR).parts;
  const around = either.length === 1 ? between(text) : null;
  if (around) return around.open === '(' && around.inside.includes(',') ? plusMinusOf(text, read) : null;
  const words = !/[=<>\\\d]/.test(text) && isWords(text);
  const parts = either.flatMap((part) => (between(part) ? [part] : splitAtCommas(part))).filter((part) => part !== '');
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  if (parts.length < 2 || words) return plusMinusOf(text, read);
  const alternatives = assignmentsOf(text, either);
  if (alternatives) return { kind: 'set', parts: alternatives.map(read), braces: false };
  const answers = shared(parts).map(read);
  const regions = answers.filter(
    (a) => (a.kind === 'relation' && a.signs.some((sign) => sign !== '=')) || (a.kind === 'region' && a.name !== ''),
  );
  if (regions.length === answers.length && regions.length > 0) {
    const joint = /\s(?:and)\s|,/.test(text) && !/\sor\s/.test(text);
    return { kind: 'region', parts: answers, signs: answers.slice(1).map(() => (joint ? '\\cap' : '\\cup')), name: '' };
  }
  return { kind: 'set', parts: answers, braces: false };
}

/** `x=1, y=2; x=2, y=1`: solutions that each give several unknowns. Null for a plain list. */
function assignmentsOf(text: string, either: readonly string[]): readonly string[] | null {
  const groups = either.length > 1 ? either : splitAt(text, SEMICOLON).parts.filter((part) => part !== '');
  const several = (part: string): boolean => {
    const values = splitAtCommas(part);
    return values.length > 1 && values.every((value) => /^[a-zA-Z](?:_\{?\w\}?)?\s*=[^=]+$/.test(value));
  };
  return groups.length > 1 && groups.every(several) ? groups : null;
}

/** `x \neq 1, 2` is `x \neq 1, x \neq 2`. */
function shared(parts: readonly string[]): readonly string[] {
  const [, before] = /^([^,=<>]*\\neq)(?![a-zA-Z])/.exec(parts[0] ?? '') ?? [];
  const bare = parts.slice(1).every((part) => !/[=<>]|\\(?:leq|geq|neq|in)(?![a-zA-Z])/.test(part));
  return before !== undefined && bare ? parts.map((part, i) => (i === 0 ? part : `${before} ${part}`)) : parts;
}

const PM = /\\(?:pm|mp)(?![a-zA-Z])/g;

const MOST_SIGNS = 3;

/**
 * `3 \pm 2i` is two numbers, `\pm 1 \pm i` four. In `3 \pm 2 \mp x` the signs change together, and where they may do so it is
 * kept (`together`).
 */
function plusMinusOf(text: string, read: Read): Answer | null {
  const count = text.match(PM)?.length ?? 0;
  if (count === 0 || count > MOST_SIGNS) return null;
  const around = between(text);
  if (around && !(around.open === '(' && around.inside.includes(','))) return null;
  const signed = (signs: readonly string[]): Answer => {
    let at = 0;
    const plain = text.replace(PM, (sign) => ((signs[at++] === '+') === (sign === '\\pm') ? '+' : '-'));
    return read(plain.replace(/(^|[=(,{])\s*\+/g, '$1'));
  };
  const together = ['+', '-'].map((sign) => signed(Array<string>(count).fill(sign)));
  if (count === 1 || text.includes('\\mp')) return { kind: 'set', parts: together, braces: false };
  const all = Array.from({ length: 2 ** count }, (_, i) =>
    signed(Array.from({ length: count }, (_, j) => ((i >> j) & 1 ? '-' : '+'))),
  );
  return { kind: 'set', parts: all, braces: false, together };
}
