/** What stands in brackets, and sets of numbers that are joined: points, intervals, sets, unions. */
import { type Answer, MAX_PARTS, type Read } from './answer.js';
import { Unreadable } from './expression.js';
import { between, splitAt, splitAtCommas } from './split.js';

const SETS = /\\(?:cup|cap|setminus|backslash)(?![a-zA-Z])/y;

export function membershipOf(text: string, read: Read): Answer | null {
  const match = /^([a-zA-Z](?:_\{?\w\}?)?|[a-z]\([a-z]\))\s*\\in\s*(.+)$/s.exec(text);
  if (!match) return null;
  const inner = read(match[2] as string);
  if (inner.kind === 'region') return { ...inner, name: match[1] as string };
  if (inner.kind === 'tuple') return { kind: 'region', parts: [inner], signs: [], name: match[1] as string };
  return inner;
}

export function regionOf(text: string, read: Read): Answer | null {
  const minus = text.replace(/(\\mathbb\{R\})\s*(?:-|\/|\\)\s*(?=\\?\{)/, '$1\\setminus ');
  const { parts, signs } = splitAt(minus, SETS);
  if (signs.length === 0) return null;
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  const names = signs.map((sign) => (sign === '\\backslash' ? '\\setminus' : sign));
  return { kind: 'region', parts: parts.map(read), signs: names, name: '' };
}

export function bracketOf(text: string, read: Read): Answer | null {
  const found = between(text);
  if (!found) return null;
  const { open, inside, close } = found;
  const braces = open === '\\{' || (open === '{' && close === '}');
  if (open === '\\{') {
    const built = /^([a-zA-Z])\s*(?:\\in\s*\\mathbb\{R\})?\s*(?:\||:)\s*(.+)$/s.exec(inside);
    if (built) return read(built[2] as string);
  }
  if (open === '(' && /^\d{1,3}(?:,\d{3})+$/.test(inside)) throw new Unreadable('a point, or a number');
  const parts = splitAtCommas(inside);
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  if (braces && (open === '\\{' || parts.length > 1)) {
    return { kind: 'set', parts: parts.map(read), braces: true };
  }
  if (parts.length < 2) return parts[0] !== text && (open === '(' || open === '{') ? readWhole(inside, read) : null;
  if (open === '{') return null;
  // ]a,b[ is another way to write (a,b).
  const [from, to] = [open === ']' ? '(' : open, close === '[' ? ')' : close];
  return { kind: 'tuple', open: from, close: to, parts: parts.map(read) };
}

/** Brackets around the whole say nothing. */
function readWhole(inside: string, read: Read): Answer | null {
  return inside === '' ? null : read(inside);
}
