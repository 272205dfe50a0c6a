/**
 * Pairs of answers that differ by little and for certain: a digit, a sign, an exponent, a bracket, an order. Of every kind of
 * answer, drawn from a key, so that the same ones can be had again. Each is made from numbers that are chosen so that the
 * two cannot be the same by accident.
 */
import type { RandomKey } from '../../main/lib/random.js';
import { between, type Make, pick, two } from './draws.js';
import { MORE_MAKERS } from './near-miss-notations.js';

export interface NearMiss {
  readonly kind: string;
  readonly gold: string;
  readonly pred: string;
}

const signed = (n: number): string => (n < 0 ? `-${-n}` : `+${n}`);
const LETTERS = ['x', 'y', 'n', 't', 'k'] as const;
const polynomial = (c: readonly number[], x: string): string => {
  const [a = 0, b = 0, d = 0] = c;
  return `${a}${x}^2${signed(b)}${x}${signed(d)}`;
};

const MAKERS: Readonly<Record<string, Make>> = {
  ...MORE_MAKERS,
  integer: (r) => {
    const n = between(r, 1000, 999_999);
    return [n.toLocaleString('en-US'), String(n + pick(r, [1, -1, 10, -100, 9 * n]))];
  },
  decimal: (r) => {
    const [a, b] = two(r, 1001, 9998);
    return [`${a / 1000}`, `\\frac{${b}}{1000}`];
  },
  rounding: (r) => {
    const [a, b] = [between(r, 1, 40), pick(r, [3, 7, 9, 11, 13])];
    return [`\\frac{${a * b + 1}}{${b}}`, ((a * b + 1) / b).toFixed(between(r, 1, 3))];
  },
  fraction: (r) => {
    const [a, b] = two(r, 2, 60);
    return [`\\frac{${a}}{${b}}`, pick(r, [`\\frac{${b}}{${a}}`, `-\\frac{${a}}{${b}}`, `\\frac{${a}}{${b + a}}`])];
  },
  mixed: (r) => {
    const [a, b, c] = [between(r, 2, 20), between(r, 1, 6), pick(r, [7, 8, 9, 11, 12])];
    return [
      `${a}\\frac{${b}}{${c}}`,
      pick(r, [`\\frac{${a * b}}{${c}}`, `\\frac{${a * c - b}}{${c}}`, `${a}${b}/${c}`]),
    ];
  },
  percent: (r) => {
    const [a, b] = two(r, 2, 98);
    return [`${a}\\%`, pick(r, [`${b}\\%`, `${b / 100}`, `${a / 1000}`])];
  },
  unit: (r) => {
    const a = between(r, 2, 500);
    const [u, v] = pick(r, [
      ['cm', 'kg'],
      ['m', 'm^2'],
      ['hours', 'dollars'],
      ['km', 'm'],
      ['cm^2', 'cm^3'],
    ] as const);
    return [`${a} \\text{ ${u}}`, pick(r, [`${a} \\text{ ${v}}`, `${a + 1} \\text{ ${u}}`, `${a}.5 ${u}`])];
  },
  scientific: (r) => {
    const [m, e] = [between(r, 11, 99), between(r, 2, 20)];
    return [
      `${m / 10} \\times 10^{${e}}`,
      pick(r, [`${m / 10} \\times 10^{${-e}}`, `${m / 10}e${e + 1}`, `${(m + 1) / 10} \\cdot 10^{${e}}`]),
    ];
  },
  radical: (r) => {
    const [a, b] = [between(r, 2, 9), pick(r, [2, 3, 5, 6, 7, 10, 11])];
    return [
      `${a}\\sqrt{${b}}`,
      pick(r, [`\\sqrt{${a * b}}`, `\\sqrt{${a * a * b + 1}}`, `${b}\\sqrt{${a * a + 1}}`, `\\sqrt[3]{${a * a * b}}`]),
    ];
  },
  surd: (r) => {
    const [a, b] = two(r, 2, 12);
    return [`\\sqrt{${a}}+\\sqrt{${b}}`, pick(r, [`\\sqrt{${a + b}}`, `\\sqrt{${a + b}+2\\sqrt{${a * b + 1}}}`])];
  },
  pi: (r) => {
    const [a, b] = two(r, 2, 15);
    return [
      `\\frac{${a}\\pi}{${b}}`,
      pick(r, [`\\frac{${b}\\pi}{${a}}`, `\\frac{${a}}{${b}\\pi}`, `${(a / b) * 3.14}`, `\\frac{${a}\\pi^2}{${b}}`]),
    ];
  },
  exponential: (r) => {
    const [a, b] = two(r, 2, 9);
    return [`e^{${a}}`, pick(r, [`e^{${b}}`, `${a}e`, `e^{-${a}}`, `e^{${a}}+10^{-9}`])];
  },
  trigonometry: (r) => {
    const [a, b] = two(r, 1, 44);
    return [
      `\\sin ${a}^\\circ`,
      pick(r, [`\\cos ${a}^\\circ`, `\\sin ${b}^\\circ`, `\\cos ${90 - b}^\\circ`, `-\\sin ${a}^\\circ`]),
    ];
  },
  identity: (r) => {
    const a = between(r, 2, 9);
    return [`\\sin ${a}x`, pick(r, [`${a}\\sin x`, `\\sin x^${a}`, `\\sin^{${a}} x`, `2\\sin ${a}x\\cos ${a}x`])];
  },
  logarithm: (r) => {
    const [a, b] = two(r, 2, 30);
    return [
      `\\ln ${a * b}`,
      pick(r, [`\\ln ${a}\\cdot\\ln ${b}`, `\\ln ${a}-\\ln ${b}`, `\\ln ${a + b}`, `\\log_2 ${a * b}`]),
    ];
  },
  complex: (r) => {
    const [a, b] = two(r, 1, 20);
    return [`${a}+${b}i`, pick(r, [`${a}-${b}i`, `${b}+${a}i`, `${a + b}i`, `-${a}+${b}i`])];
  },
  polynomial: (r) => {
    const [p, q] = two(r, 1, 9);
    const x = pick(r, LETTERS);
    const wrong = pick(r, [
      [1, p + q, p * q + 1],
      [1, p + q + 1, p * q],
      [1, -p - q, p * q],
      [2, p + q, p * q],
    ]);
    return [`(${x}+${p})(${x}+${q})`, polynomial(wrong, x)];
  },
  factored: (r) => {
    const [p, q] = two(r, 1, 9);
    return [
      `(x-${p})(x+${q})`,
      pick(r, [`(x+${p})(x-${q})`, `(x-${p})(x-${q})`, `(y-${p})(y+${q})`, `2(x-${p})(x+${q})`]),
    ];
  },
  'almost a polynomial': (r) => {
    const [a, b] = [between(r, 1, 9), between(r, 2, 12)];
    return [`(x+${a})^{${b}}`, `(x+${a})^{${b}}+10^{-${between(r, 7, 30)}}`];
  },
  rational: (r) => {
    const [p, q] = two(r, 1, 9);
    return [
      `\\frac{1}{x+${p}}-\\frac{1}{x+${q}}`,
      pick(r, [
        `\\frac{${p - q}}{(x+${p})(x+${q})}`,
        `\\frac{${q - p}}{(x+${p})(x-${q})}`,
        `\\frac{1}{(x+${p})(x+${q + 9})}`,
      ]),
    ];
  },
  equation: (r) => {
    const [a, b] = two(r, 2, 9);
    const c = between(r, 1, 30);
    return [
      `${a}x+${b}y=${c}`,
      pick(r, [`${a}x-${b}y=${c}`, `${b}x+${a}y=${c}`, `${2 * a}x+${2 * b}y=${c}`, `y=\\frac{${c}-${b}x}{${a}}`]),
    ];
  },
  curve: (r) => {
    const [a, b] = two(r, 2, 9);
    return [
      `\\frac{x^2}{${a * a}}+\\frac{y^2}{${b * b}}=1`,
      pick(r, [
        `${a * a}x^2+${b * b}y^2=${a * a * b * b}`,
        `\\frac{x^2}{${a}}+\\frac{y^2}{${b}}=1`,
        `x^2+y^2=${a * a}`,
      ]),
    ];
  },
  assignment: (r) => {
    const [a, b] = two(r, -9, 9);
    return [`x=${a}`, pick(r, [`y=${a}`, `x=${b}`, `${b}`])];
  },
  inequality: (r) => {
    const [a, b] = two(r, -9, 9);
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    return [
      `${low}<x\\le ${high}`,
      pick(r, [`[${low},${high})`, `(${low},${high})`, `[${low},${high}]`, `x\\le ${high}`, `(${low},${high + 1}]`]),
    ];
  },
  union: (r) => {
    const [a, b] = [between(r, -9, 0), between(r, 1, 9)];
    return [
      `(-\\infty,${a})\\cup(${b},\\infty)`,
      pick(r, [
        `(-\\infty,${a}]\\cup(${b},\\infty)`,
        `x<${a}`,
        `(${a},${b})`,
        `x<${a}\\text{ or }x\\ge ${b}`,
        `(-\\infty,${b})\\cup(${b},\\infty)`,
      ]),
    ];
  },
  set: (r) => {
    const [a, b] = two(r, 1, 20);
    return [
      `\\{${a},${b}\\}`,
      pick(r, [`\\{${a}\\}`, `${a}, ${b}, ${b + 20}`, `\\{${a},-${b}\\}`, `(${a},${b})`, `[${a},${b}]`]),
    ];
  },
  solutions: (r) => {
    const [a, b] = two(r, 1, 20);
    return [`x=${a} \\text{ or } x=-${b}`, pick(r, [`x=-${a} \\text{ or } x=${b}`, `${a}`, `${a}, ${b}`, `\\pm ${a}`])];
  },
  tuple: (r) => {
    const [a, b] = two(r, -20, 20);
    return [
      `(${a},${b})`,
      pick(r, [`(${b},${a})`, `(${a},${b},0)`, `(${a},${b + 1})`, `x=${b}, y=${a}`, `[${a},${b}]`]),
    ];
  },
  matrix: (r) => {
    const [a, b] = two(r, 1, 9);
    const [c, d] = two(r, 10, 19);
    const of = (w: number, x: number, y: number, z: number): string =>
      `\\begin{pmatrix}${w}&${x}\\\\${y}&${z}\\end{pmatrix}`;
    return [
      of(a, b, c, d),
      pick(r, [of(a, c, b, d), of(b, a, d, c), of(a, b, c, -d), `2${of(a, b, c, d)}`, `${a * d - b * c}`]),
    ];
  },
  'plus and minus': (r) => {
    const [a, b] = two(r, 1, 15);
    return [
      `${a}\\pm\\sqrt{${b}}`,
      pick(r, [`-${a}\\pm\\sqrt{${b}}`, `${a}+\\sqrt{${b}}`, `${a}\\pm ${b + 20}`, `${a + 1}\\pm\\sqrt{${b}}`]),
    ];
  },
  factorial: (r) => {
    const n = between(r, 6, 30);
    return [`\\binom{${n}}{2}`, pick(r, [`\\binom{${n}}{3}`, `\\frac{${n}}{2}`, `${n}!`, `\\frac{${n}(${n}+1)}{2}`])];
  },
  words: (r) => {
    const [a, b] = r.shuffled([
      'increasing',
      'decreasing',
      'blue',
      'Monday',
      'Sunday',
      'no solution',
      'Alice',
      'even',
      'odd',
      'prime',
    ]);
    return [`\\text{${a}}`, pick(r, [b as string, `not ${a}`, `${a} and ${b}`])];
  },
  choice: (r) => {
    const [a, b] = two(r, 0, 9);
    return [
      `(${'ABCDEFGHIJ'[a]})`,
      pick(r, ['ABCDEFGHIJ'[b] as string, `\\text{${'ABCDEFGHIJ'[b]}}`, `option ${'ABCDEFGHIJ'[b]}`]),
    ];
  },
  base: (r) => {
    const [a, b] = two(r, 100, 999);
    return [`${a.toString(7)}_7`, pick(r, [`${b.toString(7)}_7`, `${a.toString(7)}_{8}`, `${a + 1}_{10}`])];
  },
  residue: (r) => {
    const [a, b] = two(r, 0, 10);
    return [`x\\equiv ${a}\\pmod{11}`, pick(r, [`x\\equiv ${b}\\pmod{11}`, `x\\equiv ${a}\\pmod{13}`, `x=11k+${b}`])];
  },
};

export const NEAR_MISS_KINDS: readonly string[] = Object.keys(MAKERS);

/** `count` of them, the kinds in turn. */
export function nearMisses(count: number, key: RandomKey): NearMiss[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = NEAR_MISS_KINDS[i % NEAR_MISS_KINDS.length] as string;
    const [gold, pred] = (MAKERS[kind] as Make)(key.child(i).stream());
    return { kind, gold, pred };
  });
}
