/** Near-misses of notations: the case of a letter, a unit vector, a sign of two values, a factor in words, what leaps. */
import { between, type Make, pick, two } from './draws.js';

export const MORE_MAKERS: Readonly<Record<string, Make>> = {
  'case of letters': (r) => {
    const n = between(r, 2, 9);
    const [a, b] = pick(r, [
      ['GM/r', 'GM/R'],
      ['mgh', 'mgH'],
      ['\\frac{kT}{m}', '\\frac{kt}{m}'],
      ['PV=nRT', 'pV=nRT'],
      ['ab', 'aB'],
    ]);
    return pick(r, [
      [a as string, b as string],
      [`${n}${a}`, `${n}${b}`],
    ]);
  },
  'unit vectors': (r) => {
    const [a, b] = two(r, 2, 9);
    const column = (x: number, y: number): string => `\\begin{pmatrix}${x}\\\\${y}\\end{pmatrix}`;
    const sum = (x: number, y: number): string =>
      pick(r, [`${x}\\mathbf{i}+${y}\\mathbf{j}`, `${x}\\hat{i}+${y}\\hat{j}`]);
    return [column(a, b), pick(r, [sum(b, a), sum(a, b + 1), `${sum(a, b)}+\\mathbf{k}`, `-${sum(a, b)}`])];
  },
  'several signs': (r) => {
    const [a, b] = two(r, 1, 9);
    return [
      pick(r, [`\\pm${a}\\pm\\sqrt{${b + 20}}`, `(\\pm${a},\\pm${b})`]),
      pick(r, [`\\pm${a}\\pm\\sqrt{${b + 21}}`, `(\\pm${a},\\pm${b + 1})`, `(${a},${b}),(${a},-${b})`]),
    ];
  },
  'factors in words': (r) => {
    const [a, b] = two(r, 2, 99);
    const word = pick(r, ['thousand', 'million', 'billion']);
    return [
      `${a} ${word}`,
      pick(r, [`${a}`, `${b} ${word}`, `${a} hundred`, `\\$${a}`, `${a}000000000000`, `${a} dozen`]),
    ];
  },
  steps: (r) => {
    const [a, b] = two(r, 2, 9);
    return [
      `\\lfloor\\frac{n}{${a}}\\rfloor`,
      pick(r, [
        `\\lfloor\\frac{n}{${b}}\\rfloor`,
        `\\lceil\\frac{n}{${a}}\\rceil`,
        `\\lfloor\\frac{n+1}{${a}}\\rfloor`,
        `\\frac{n}{${a}}`,
      ]),
    ];
  },
  'quadratic inequality': (r) => {
    const [a, b] = two(r, 1, 9);
    return [
      `x^2<${a * a}`,
      pick(r, [`(-${a},${a}]`, `x<${a}`, `(-${b},${b})`, `(-\\infty,-${a})\\cup(${a},\\infty)`, `(0,${a})`]),
    ];
  },
  system: (r) => {
    const [a, b] = two(r, 1, 30);
    const rows = (x: number, y: number): string => `\\begin{cases} x=${x} \\\\ y=${y} \\end{cases}`;
    return [rows(a, b), pick(r, [rows(b, a), `(${b},${a})`, `x=${a}, y=${b + 1}`, `x=${a}, x=${b}`, `(${a},${b},0)`])];
  },
  'label and ordinal': (r) => {
    const [a, b] = two(r, 4, 18);
    return [
      pick(r, [`${a}^{\\text{th}}`, `page ${a}`, `Day ${a}`]),
      pick(r, [`${b}th`, `${b}`, `page ${b}`, `Year ${a + 30}`]),
    ];
  },
  'sums of money': (r) => {
    const [a, b] = two(r, 10, 90);
    return [`${a} dollars and ${b} cents`, pick(r, [`${b} dollars and ${a} cents`, `${a} dollars`, `${a} cents`])];
  },
  'prices and rates': (r) => {
    const [a, b] = two(r, 2, 90);
    return [`\\$${a}/\\text{lb}`, pick(r, [`\\$${b}/\\text{lb}`, `\\$${a}/\\text{kg}`, `${b}`, `${a} kg`])];
  },
};
