/** Numbers in a base, residues, times of day and ratios: ways to write a number that no formula has. */
import type { Verdict } from '../verdict.js';
import type { Of } from './answer.js';

export function compareBased(a: Of<'based'>, b: Of<'based'>): Verdict {
  const value = ({ digits, base }: Of<'based'>): bigint =>
    [...digits].reduce((sum, digit) => sum * BigInt(base) + BigInt(Number.parseInt(digit, 36)), 0n);
  if (value(a) !== value(b)) return 'different';
  // The same number, asked for in another base.
  return a.base === b.base ? 'equal' : 'undecided';
}

export function compareResidues(a: Of<'residue'>, b: Of<'residue'>): Verdict {
  if (BigInt(a.modulus) !== BigInt(b.modulus)) return 'different';
  const modulus = BigInt(a.modulus);
  return modulus !== 0n && (BigInt(a.value) - BigInt(b.value)) % modulus === 0n ? 'equal' : 'different';
}

/** Of twenty-four hours; null where it is not said which half of the day is meant. */
function dayTime({ parts: [hour = 0, ...rest], half }: Of<'clock'>): number[] | null {
  if (half === 'a' || half === 'p') return hour > 12 ? null : [(hour % 12) + (half === 'p' ? 12 : 0), ...rest];
  return half === '' && hour > 12 ? [hour, ...rest] : null;
}

export function compareClocks(a: Of<'clock'>, b: Of<'clock'>): Verdict {
  const [x, y] = [a.parts, b.parts];
  if (a.half === ':' && b.half === ':') {
    if (x.length === y.length && x.every((part, i) => part === y[i])) return 'equal';
    const multiple = x.length === y.length && x.every((part, i) => part * Number(y[0]) === Number(y[i]) * Number(x[0]));
    return multiple ? 'undecided' : 'different';
  }
  const [morning, noted] = [a, b].map(dayTime);
  if (morning && noted && (a.half !== b.half || a.half !== ''))
    return morning.join() === noted.join() ? 'equal' : 'different';
  const same = x.every((part, i) => part === (y[i] ?? 0)) && y.every((part, i) => part === (x[i] ?? 0));
  if (!same) return 'different';
  return a.half === b.half ? 'equal' : [a.half, b.half].some((h) => h === '' || h === ':') ? 'undecided' : 'different';
}
