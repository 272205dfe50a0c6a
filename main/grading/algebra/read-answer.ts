/** Reads a tidied answer: what it is made of, part by part. Never computes. */
import { type Answer, NOTHING, REALS, type Relation } from './answer.js';
import { between, splitAt, splitAtCommas } from './split.js';
import { Unreadable } from './expression.js';
import { dateOf, isWords, meaningOf } from '../words.js';
import { quantityOf } from './unit-text.js';
import { ROW_END } from './tidy.js';

const MAX_DEPTH = 6;
const MAX_PARTS = 60;

const CHOICE = /^\(?([A-J])\)?(?:[.:)]|\)[.:])?$/;
const CHOICE_WITH_TEXT = /^(?:\(([A-J])\)|([A-J])[).:])\s+\S.*$/s;
const NAMED_CHOICE = /^(?:option|choice|answer)\s*:?\s*\(?([A-Ja-j])\)?[.:]?$/;
const RELATIONS = /\\(?:leq|geq|neq|le|ge)(?![a-zA-Z])|[=<>]/y;
const RELATION_OF: Readonly<Record<string, Relation>> = {
  ...{ '=': '=', '<': '<', '>': '>', '\\leq': '<=', '\\le': '<=', '\\geq': '>=', '\\ge': '>=', '\\neq': '!=' },
};
const OR = /\s+(?:or|and)\s+|,\s*(?:or|and)\s+|\\text\s*\{\s*(?:or|and)\s*\}/y;
const SETS = /\\(?:cup|cap|setminus|backslash)(?![a-zA-Z])/y;
const ENVIRONMENT = /\\begin\{(p|b|v|V|B|small)?(?:matrix|array)\}/;

export function readAnswer(text: string, depth = 0): Answer {
  if (depth > MAX_DEPTH) throw new Unreadable('nested too deeply');
  const found =
    choiceOf(text, depth) ??
    (text.includes('\\begin') ? matrixOf(text) : null) ??
    specialOf(text) ??
    listOf(text, depth) ??
    membershipOf(text, depth) ??
    relationOf(text) ??
    regionOf(text, depth) ??
    bracketOf(text, depth);
  if (found) return found;
  if (/^[^\\]*\p{L}{2}/u.test(text) && isWords(text)) return asQuantity(text) ?? wordsAnswer(text);
  return asQuantity(text) ?? { kind: 'formula', latex: text, percent: false, unit: '' };
}

function wordsAnswer(text: string): Answer {
  const meaning = meaningOf(text);
  switch (meaning.says) {
    case 'number':
      return { kind: 'formula', latex: String(meaning.value), percent: false, unit: '' };
    case 'nothing':
      return NOTHING;
    case 'reals':
      return REALS;
    case 'words':
    case 'date':
    case 'undefined':
      return { kind: 'words', words: meaning.words };
  }
}

function choiceOf(text: string, depth: number): Answer | null {
  if (depth > 1) return null;
  const letter = CHOICE.exec(text)?.[1] ?? NAMED_CHOICE.exec(text)?.[1];
  if (letter) return { kind: 'choice', letter: letter.toUpperCase() };
  const match = depth === 0 ? CHOICE_WITH_TEXT.exec(text) : null;
  return match ? { kind: 'choice', letter: (match[1] ?? match[2]) as string } : null;
}

const CLOCK = /^(\d{1,3}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?\s*m?\.?$/i;
/** `9 AM`, with groups as CLOCK. */
const HOUR = /^(\d{1,2})()()\s*([ap])\.?\s*m\.?$/i;
const RATIO = /^\d+(?:\s*:\s*\d+)+$/;
const NAMED_SETS: Readonly<Record<string, string>> = {
  ...{ Z: 'integers', N: 'natural numbers', Q: 'rational numbers', C: 'complex numbers' },
};
const BASED =
  /^\(?\s*([0-9A-Fa-f]+)\s*\)?\s*_\s*\{?\s*(two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|\d{1,2})\s*\}?$/;
const BASES: Readonly<Record<string, number>> = {
  ...{ two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12, sixteen: 16 },
};
const RESIDUE =
  /^(?:[a-z]\s*)?(?:\\equiv\s*|=\s*)?(-?\d+)\s*\(?\s*(?:\\pmod|\\bmod|\\mod|\\pod|mod)\s*\{?\s*(\d+)\s*\}?\s*\)?$/;
const PROGRESSION = /^[a-z]\s*=\s*(?:(\d+)\s*[kmnt]\s*([+-]\s*\d+)?|(-?\d+)\s*\+\s*(\d+)\s*[kmnt])$/;

function specialOf(text: string): Answer | null {
  const date = dateOf(text);
  if (date !== null) return { kind: 'words', words: date };
  if (/^\d+(?:[-/.]\d+){2,}$/.test(text)) throw new Unreadable('a date, or a number');
  if (/^\\emptyset$|^\\\{\s*\\\}$|^\{\s*\}$/.test(text)) return NOTHING;
  if (/^\\mathbb\{R\}$/.test(text)) return REALS;
  const set = /^\\mathbb\{([ZNQC])\}$/.exec(text)?.[1];
  if (set) return { kind: 'words', words: NAMED_SETS[set] as string };
  const clock = CLOCK.exec(text) ?? HOUR.exec(text);
  if (clock) {
    const half = (clock[4] ?? '').toLowerCase();
    return { kind: 'clock', parts: [clock[1], clock[2] || '0', clock[3] ?? '0'].map(Number), half };
  }
  const ratio = RATIO.exec(text);
  if (ratio) return { kind: 'clock', parts: text.split(':').map(Number), half: ':' };
  const based = BASED.exec(text.replaceAll(',', ''));
  if (based) {
    const base = BASES[based[2] as string] ?? Number(based[2]);
    const digits = (based[1] as string).toLowerCase();
    const legal = base >= 2 && base <= 36 && [...digits].every((d) => Number.parseInt(d, 36) < base);
    return legal && /\d/.test(digits) ? { kind: 'based', digits, base } : null;
  }
  const residue = RESIDUE.exec(text);
  if (residue) return { kind: 'residue', value: residue[1] as string, modulus: residue[2] as string };
  const steps = PROGRESSION.exec(text);
  if (!steps) return null;
  const [, step, rest = '0', start, other] = steps;
  return { kind: 'residue', value: (start ?? rest).replaceAll(' ', ''), modulus: (step ?? other) as string };
}

function listOf(text: string, depth: number): Answer | null {
  const either = splitAt(text, OR).parts;
  const around = either.length === 1 ? between(text) : null;
  if (around) return around.open === '(' && around.inside.includes(',') ? plusMinusOf(text, depth) : null;
  const words = !/[=<>\\\d]/.test(text) && isWords(text);
  const parts = either.flatMap((part) => (between(part) ? [part] : splitAtCommas(part))).filter((part) => part !== '');
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  if (parts.length < 2 || words) return plusMinusOf(text, depth);
  const answers = parts.map((part) => readAnswer(part, depth + 1));
  const regions = answers.filter((a) => a.kind === 'relation' && a.signs.some((sign) => sign !== '='));
  if (regions.length === answers.length && regions.length > 0) {
    const joint = /\s(?:and)\s|,/.test(text) && !/\sor\s/.test(text);
    return { kind: 'region', parts: answers, signs: answers.slice(1).map(() => (joint ? '\\cap' : '\\cup')), name: '' };
  }
  return { kind: 'set', parts: answers, braces: false };
}

const PM = /\\(?:pm|mp)(?![a-zA-Z])/g;

/** `3 \pm 2i` is two numbers; of two signs in one formula both change together. */
function plusMinusOf(text: string, depth: number): Answer | null {
  if (text.match(PM)?.length !== 1) return null;
  const around = between(text);
  if (around && !(around.open === '(' && around.inside.includes(','))) return null;
  const parts = ['+', '-'].map((sign) => text.replace(PM, sign).replace(/(^|[=(,{])\s*\+/, '$1'));
  return { kind: 'set', parts: parts.map((part) => readAnswer(part, depth + 1)), braces: false };
}

function membershipOf(text: string, depth: number): Answer | null {
  const match = /^([a-zA-Z](?:_\{?\w\}?)?|[a-z]\([a-z]\))\s*\\in\s*(.+)$/s.exec(text);
  if (!match) return null;
  const inner = readAnswer(match[2] as string, depth + 1);
  if (inner.kind === 'region') return { ...inner, name: match[1] as string };
  if (inner.kind === 'tuple') return { kind: 'region', parts: [inner], signs: [], name: match[1] as string };
  return inner;
}

function relationOf(text: string): Answer | null {
  const { parts, signs } = splitAt(text, RELATIONS);
  if (signs.length === 0) return null;
  if (parts.length > 5 || parts.includes('')) throw new Unreadable('a relation with a side missing');
  return { kind: 'relation', sides: parts, signs: signs.map((sign) => RELATION_OF[sign] as Relation) };
}

function regionOf(text: string, depth: number): Answer | null {
  const minus = text.replace(/(\\mathbb\{R\})\s*(?:-|\/|\\)\s*(?=\\?\{)/, '$1\\setminus ');
  const { parts, signs } = splitAt(minus, SETS);
  if (signs.length === 0) return null;
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  const names = signs.map((sign) => (sign === '\\backslash' ? '\\setminus' : sign));
  return { kind: 'region', parts: parts.map((part) => readAnswer(part, depth + 1)), signs: names, name: '' };
}

function bracketOf(text: string, depth: number): Answer | null {
  const found = between(text);
  if (!found) return null;
  const { open, inside, close } = found;
  const braces = open === '\\{' || (open === '{' && close === '}');
  if (open === '\\{') {
    const built = /^([a-zA-Z])\s*(?:\\in\s*\\mathbb\{R\})?\s*(?:\||:)\s*(.+)$/s.exec(inside);
    if (built) return readAnswer(built[2] as string, depth + 1);
  }
  if (open === '(' && /^\d{1,3}(?:,\d{3})+$/.test(inside)) throw new Unreadable('a point, or a number');
  const parts = splitAtCommas(inside);
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  if (braces && (open === '\\{' || parts.length > 1)) {
    return { kind: 'set', parts: parts.map((part) => readAnswer(part, depth + 1)), braces: true };
  }
  if (parts.length < 2) return parts[0] !== text && (open === '(' || open === '{') ? readWhole(inside, depth) : null;
  if (open === '{') return null;
  // ]a,b[ is another way to write (a,b).
  const [from, to] = [open === ']' ? '(' : open, close === '[' ? ')' : close];
  return { kind: 'tuple', open: from, close: to, parts: parts.map((part) => readAnswer(part, depth + 1)) };
}

/** Brackets around the whole say nothing. */
function readWhole(inside: string, depth: number): Answer | null {
  return inside === '' ? null : readAnswer(inside, depth + 1);
}

function matrixOf(text: string): Answer | null {
  const begin = ENVIRONMENT.exec(text);
  const end = /\\end\{\w+\}/.exec(text);
  if (!begin || !end || text.indexOf('\\begin', begin.index + 1) >= 0) return null;
  const before = text
    .slice(0, begin.index)
    .replace(/[([|]\s*$/, (bar) => (bar.startsWith('|') ? '|' : ''))
    .trim();
  const behind = text
    .slice(end.index + end[0].length)
    .replace(/^\s*[)\]|]/, '')
    .trim();
  if (behind !== '') return null;
  const body = text.slice(begin.index + begin[0].length, end.index).replace(/^\s*\{[clr|\s]*\}/, '');
  const rows = body
    .replaceAll('\\cr', ROW_END)
    .split(ROW_END)
    .map((row) => row.replace(/^\s*\[[^\]]*\]|\\hline/g, '').trim());
  const cells = rows.filter((row) => row !== '').map((row) => row.split('&').map((cell) => cell.trim()));
  const determinant = begin[1] === 'v' || before.endsWith('|');
  const factor = before
    .replace(/\|$/, '')
    .replace(/^[A-Za-z](?:_\{?\w\}?|\^\{?[-\w]+\}?)*\s*=\s*/, '')
    .replace(/\\cdot\s*$/, '')
    .trim();
  return { kind: 'matrix', rows: cells, factor, determinant };
}

function asQuantity(text: string): Answer | null {
  const { value, unit, percent } = quantityOf(text);
  if (value === text && unit === '' && !percent) return null;
  if (/\p{L}{3}/u.test(value.replace(/\\[a-zA-Z]+/g, ''))) return null;
  return { kind: 'formula', latex: value, percent, unit };
}
