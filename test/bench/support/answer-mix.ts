/**
 * The mix over which grading is timed: 70 % plain numbers, 20 % fractions, radicals and units, 10 % algebra; half of the pairs
 * equal. Drawn from a key, so that it is the same everywhere.
 */
import type { RandomKey, RandomStream } from '../../../main/lib/random.js';

export interface MixedPair {
  readonly kind: 'number' | 'form' | 'algebra';
  readonly gold: string;
  readonly pred: string;
  readonly equal: boolean;
}

type Make = (r: RandomStream) => readonly [gold: string, same: string, other: string];
const pick = <T>(r: RandomStream, items: readonly T[]): T => items[r.int(items.length)] as T;

const NUMBERS: readonly Make[] = [
  (r) => {
    const n = r.int(2000) - 500;
    return [String(n), `${n}.0`, String(n + 1)];
  },
  (r) => {
    const n = 1000 + r.int(900_000);
    return [String(n), n.toLocaleString('en-US'), String(n + 10)];
  },
  (r) => {
    const n = r.int(10_000) + 1;
    return [String(n / 100), (n / 100).toFixed(4), String((n + 1) / 100)];
  },
  (r) => {
    const n = r.int(300);
    return [String(n), `The answer is \\boxed{${n}}.`, `The answer is \\boxed{${n + 2}}.`];
  },
];

const FORMS: readonly Make[] = [
  (r) => {
    const [a, b] = [1 + r.int(20), 2 + r.int(20)];
    return [`\\frac{${a}}{${b}}`, `\\dfrac{${3 * a}}{${3 * b}}`, `\\frac{${a + 1}}{${b}}`];
  },
  (r) => {
    const [a, b] = [2 + r.int(8), pick(r, [2, 3, 5, 7])];
    return [`${a}\\sqrt{${b}}`, `\\sqrt{${a * a * b}}`, `${a + 1}\\sqrt{${b}}`];
  },
  (r) => {
    const a = 1 + r.int(100);
    return [`${a} \\text{ cm}`, String(a), `${a + 1} cm`];
  },
  (r) => {
    const [a, b] = [1 + r.int(9), 2 + r.int(9)];
    return [`\\frac{${a}\\pi}{${b}}`, `${a}\\pi/${b}`, `\\frac{${b}\\pi}{${a + b}}`];
  },
];

const ALGEBRA: readonly Make[] = [
  (r) => {
    const [p, q] = [1 + r.int(9), 1 + r.int(9)];
    return [`(x+${p})(x-${q})`, `x^2+${p - q}x-${p * q}`.replace('+-', '-'), `(x-${p})(x+${q + 9})`];
  },
  (r) => {
    const [p, q] = [1 + r.int(9), 11 + r.int(9)];
    return [
      `\\frac{1}{x+${p}}-\\frac{1}{x+${q}}`,
      `\\frac{${q - p}}{(x+${p})(x+${q})}`,
      `\\frac{${q}}{(x+${p})(x+${q})}`,
    ];
  },
  (r) => {
    const a = 1 + r.int(44);
    return [`\\sin ${a}^\\circ`, `\\cos ${90 - a}^\\circ`, `\\cos ${a}^\\circ`];
  },
  (r) => {
    const [a, b] = [2 + r.int(9), 2 + r.int(9)];
    return [`\\ln ${a * b}`, `\\ln ${a}+\\ln ${b}`, `\\ln ${a + b + 40}`];
  },
  (r) => {
    const a = r.int(20);
    return [`x>${a}`, `(${a},\\infty)`, `[${a},\\infty)`];
  },
  (r) => {
    const [a, b] = [1 + r.int(9), 1 + r.int(9)];
    return [`${a}+${b}i`, `${b}i+${a}`, `${a}-${b}i`];
  },
  (r) => {
    const [a, b] = [1 + r.int(9), 2 + r.int(8)];
    return [`y=${a}x+${b}`, `y-${a}x=${b}`, `y=${a}x-${b}`];
  },
];

export function answerMix(count: number, key: RandomKey): MixedPair[] {
  return Array.from({ length: count }, (_, i) => {
    const r = key.child(i).stream();
    const share = r.int(10);
    const kind = share < 7 ? 'number' : share < 9 ? 'form' : 'algebra';
    const [gold, same, other] = pick(r, kind === 'number' ? NUMBERS : kind === 'form' ? FORMS : ALGEBRA)(r);
    const equal = r.int(2) === 0;
    return { kind, gold, pred: equal ? same : other, equal };
  });
}

/** `count` questions with ten answers each: a right one in two dresses, wrong ones, some of them none. */
export function answerGroups(count: number, key: RandomKey): (string | null)[][] {
  return Array.from({ length: count }, (_, i) => {
    const r = key.child('question', i).stream();
    const share = r.int(10);
    const makers = share < 7 ? NUMBERS : share < 9 ? FORMS : ALGEBRA;
    const [gold, same, other] = pick(r, makers)(r);
    const wrong = [other, ...Array.from({ length: 3 }, () => pick(r, makers)(r)[0])];
    return Array.from({ length: 10 }, () => {
      const what = r.int(20);
      return what === 0 ? null : what < 9 ? gold : what < 13 ? same : (wrong[r.int(wrong.length)] as string);
    });
  });
}
