/**
 * Reads numbers with roots and π as people and LaTeX write them: `2\sqrt{3}`, `\frac{\sqrt2}{2}`, `1+√5`, `3pi/4`,
 * `8^{1/2}`. Null for anything else, formulas with letters among them. Expects plain LaTeX (latex.ts).
 */
import { parseRational } from './rational.js';
import {
  add,
  divide,
  factorial,
  multiply,
  negated,
  PI,
  power,
  rationalOf,
  root,
  sumOf,
  type RadicalSum,
} from './radical-sum.js';

const MAX_LENGTH = 240;
const MAX_DEPTH = 12;

const TOKEN = /\s*(?:(\d[\d,]*(?:\.\d+)?|\.\d+)|(\\[A-Za-z]+|sqrt|pi|√)|([-+*/^!(){}[\]]))/y;
const NAMES: Readonly<Record<string, string>> = { sqrt: '\\sqrt', '√': '\\sqrt', pi: '\\pi' };

interface Token {
  readonly kind: 'number' | 'name' | 'sign';
  readonly text: string;
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) return null;
    const [, number, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: NAMES[name] ?? name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

/** Thrown within, where a text is no such number. */
class Unreadable extends Error {}

function sure<T>(value: T | null): T {
  if (value === null) throw new Unreadable();
  return value;
}

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): RadicalSum {
    const value = this.sum();
    if (this.at < this.tokens.length) throw new Unreadable();
    return value;
  }

  private sum(): RadicalSum {
    if (++this.depth > MAX_DEPTH) throw new Unreadable();
    let value = this.term();
    for (;;) {
      if (this.take('+')) value = sure(add(value, this.term()));
      else if (this.take('-')) value = sure(add(value, negated(this.term())));
      else break;
    }
    this.depth -= 1;
    return value;
  }

  private term(): RadicalSum {
    if (this.take('-')) return negated(this.term());
    this.take('+');
    let value = this.factor();
    for (;;) {
      if (this.take('*')) value = sure(multiply(value, this.factor()));
      else if (this.take('/')) value = sure(divide(value, this.factor()));
      else if (this.beside()) value = sure(multiply(value, this.factor()));
      else return value;
    }
  }

  /** Whether a factor follows without a sign between: after `2`, a root, π or a bracket. Never a number after anything. */
  private beside(): boolean {
    const [last, next] = [this.tokens[this.at - 1], this.tokens[this.at]];
    if (!last || !next || next.kind === 'number') return false;
    // 3\frac12 is a mixed number, which is not multiplied.
    if (last.kind === 'number' && next.text === '\\frac') return false;
    return next.kind === 'name' || next.text === '(';
  }

  private factor(): RadicalSum {
    let base = this.atom();
    while (this.take('!')) base = sure(factorial(base));
    if (!this.take('^')) return base;
    const exponent = sure(rationalOf(this.exponent()));
    const raised = sure(power(base, Number(exponent.numerator)));
    return exponent.denominator === 1n ? raised : sure(root(raised, Number(exponent.denominator)));
  }

  private exponent(): RadicalSum {
    const sign = this.take('-');
    const value = this.atom();
    return sign ? negated(value) : value;
  }

  private atom(): RadicalSum {
    const token = this.tokens[this.at++];
    if (token?.kind === 'number') return sumOf(sure(parseRational(token.text)));
    switch (token?.text) {
      case '(':
        // (1,234) is a point as well as it may be a number.
        if (this.tokens[this.at]?.text.includes(',') && this.tokens[this.at + 1]?.text === ')') throw new Unreadable();
        return this.upTo(')');
      case '{':
        return this.upTo('}');
      case '\\pi':
        return PI;
      case '\\frac': {
        const over = this.atom();
        return sure(divide(over, this.atom()));
      }
      case '\\sqrt': {
        const degree = this.take('[') ? sure(rationalOf(this.upTo(']'))) : null;
        if (degree !== null && degree.denominator !== 1n) throw new Unreadable();
        return sure(root(this.atom(), Number(degree?.numerator ?? 2n)));
      }
      default:
        throw new Unreadable();
    }
  }

  private upTo(closing: string): RadicalSum {
    const value = this.sum();
    if (!this.take(closing)) throw new Unreadable();
    return value;
  }

  private take(sign: string): boolean {
    const next = this.tokens[this.at];
    if (next?.kind !== 'sign' || next.text !== sign) return false;
    this.at += 1;
    return true;
  }
}

/** Dates, scores and ranges, `2021-05-03` and `3-4`, are not subtractions, nor `3/4/2021` a quotient. */
const NOT_COMPUTED = /^\d+(?:-\d+)+$|^\d+(?:\/\d+){2,}$/;

/** The number that `text` writes, or null. */
export function parseRadicalSum(text: string): RadicalSum | null {
  if (text.length > MAX_LENGTH || NOT_COMPUTED.test(text) || !/[\d√]|\\?pi/.test(text)) return null;
  const tokens = tokensOf(text);
  if (tokens === null || tokens.length === 0) return null;
  try {
    return new Reader(tokens).whole();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
