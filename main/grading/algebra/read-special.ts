/** Answers that are no formulas: dates, times, ratios, numbers in a base, residues, sets with a name. */
import { dateOf } from '../words.js';
import { type Answer, NOTHING, REALS } from './answer.js';
import { Unreadable } from './expression.js';

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

const NUMERAL = '(?:I{1,3}|IV|VI{0,3}|V)';
const STATEMENTS = new RegExp(
  `^(?:statements? |items? )?(${NUMERAL}(?:(?:, ?| ?, ?and | and | ?& ?)${NUMERAL})+)(?: only)?$|^(?:statement )?(?:(${NUMERAL}) only|(II|III|IV|VI{1,3}))$`,
);

/** `I and III only`: the statements that hold. */
function statementsOf(text: string): Answer | null {
  const [, several, one, alone] = STATEMENTS.exec(text) ?? [];
  const found = (several ?? one ?? alone)?.match(/[IV]+/g);
  return found
    ? { kind: 'set', parts: found.map((words) => ({ kind: 'words', words: `statement ${words}` })), braces: false }
    : null;
}

export function specialOf(text: string): Answer | null {
  const statements = statementsOf(text);
  if (statements) return statements;
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
