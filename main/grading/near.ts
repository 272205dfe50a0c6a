/**
 * Numbers that are not the same and still count as the same answer: a decimal that stands for a longer number, and a share
 * that one writes in percent and the other does not. Pairs only: nearness chains (a ≈ b ≈ c), so a vote must not use it.
 */
import { plainLatex } from './latex.js';
import { valueOf } from './radical-sum.js';
import { parseRadicalSum } from './radical-text.js';

/** Relative. Of a decimal with fewer digits than that asks for, it cannot be known what it was rounded from. */
const TOLERANCE = 1e-6;
/** Of so few digits after the point, the same number on both sides, the last one counts. */
const FEW_PLACES = 2;

interface Written {
  readonly value: number;
  readonly decimal: boolean;
  /** Digits behind the point of a plain decimal; 0 of anything else. */
  readonly places: number;
  readonly percent: boolean;
  /** With a power of ten: its digits say how exactly it is known. */
  readonly scientific: boolean;
}

/** An answer as it was written, and its canonical form. */
export interface FormedAnswer {
  readonly text: string;
  readonly form: string;
}

/** Null where the answer is no number. */
function numberIn({ text, form }: FormedAnswer): Written | null {
  const sum = parseRadicalSum(form);
  if (sum === null) return null;
  const plain = plainLatex(text);
  return {
    value: valueOf(sum),
    decimal: /\.\d/.test(plain),
    places: /^[^./^]*\.(\d+)[^\d./^]*$/.exec(plain)?.[1]?.length ?? 0,
    percent: /(?:%|\bpercent(?:age)?)\s*\.?$/i.test(plain),
    scientific: /10\s*\^|\de[+-]?\d/i.test(plain),
  };
}

const near = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

/** Of millions, 10⁻⁶ is more than rounding: 12345678.0 is not 12345679, nor $1,234,567.50 $1,234,567.80. */
function beyondRounding(a: Written, b: Written): boolean {
  if (a.scientific || b.scientific || a.value === b.value) return false;
  if (Number.isInteger(a.value) && Number.isInteger(b.value)) return true;
  return a.places > 0 && a.places <= FEW_PLACES && a.places === b.places && a.percent === b.percent;
}

/** In what sense two answers are the same number, or null. */
export function nearlySame(a: FormedAnswer, b: FormedAnswer): string | null {
  const [left, right] = [numberIn(a), numberIn(b)];
  if (left === null || right === null) return null;
  const tolerance = left.decimal || right.decimal ? TOLERANCE : Number.EPSILON;
  if (left.percent !== right.percent) {
    const [share, other] = left.percent ? [left, right] : [right, left];
    if (near(share.value / 100, other.value, tolerance)) return 'the same share, one in percent';
  }
  if (beyondRounding(left, right)) return null;
  if (tolerance === TOLERANCE && near(left.value, right.value, TOLERANCE))
    return `the same to ${TOLERANCE} of their value`;
  return null;
}
