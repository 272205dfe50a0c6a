import { describe, expect, it } from 'vitest';
import { RandomKey } from '../lib/random.js';
import { canonicalForm, sameAnswer } from './canonical.js';
import { extractFinalAnswer, lastBoxed } from './extract.js';

/** Each row is one answer in several hands; rows differ from each other. */
const CLASSES: readonly (readonly string[])[] = [
  [
    '7/2',
    '3.5',
    '3.50',
    '\\frac{7}{2}',
    '\\dfrac72',
    '\\tfrac{7}{2}',
    '3 1/2',
    '3\\frac{1}{2}',
    '3\\frac12',
    '14/4',
    '$\\frac{7}{2}$',
    '0.35e1',
    'x = 3.5',
    '\\frac{-7}{-2}',
    '\\frac{1.75}{0.5}',
  ],
  ['-7/2', '-3.5', '\u22123.5', '-\\frac{7}{2}', '\\frac{-7}{2}', '- 3 1/2', '-\\left(\\frac{7}{2}\\right)'],
  [
    '1234567',
    '1,234,567',
    '1{,}234{,}567',
    '1\\,234\\,567',
    '1 234 567',
    '1234567.0',
    '\\$1,234,567',
    '1,234,567 dollars',
    '+1234567',
    '01234567',
  ],
  ['1.234567', '1234567/1000000'],
  [
    '50',
    '50%',
    '50\\%',
    '50 percent',
    '50^\\circ',
    '50°',
    '50 degrees',
    '$50',
    '\\$50.00',
    '€50',
    '50 cm',
    '50\\text{ cm}^2',
    '50 \\mathrm{km/h}',
    '50 square feet',
    '50 units',
    '5\\times 10^{1}',
    '5 * 10^1',
    '5e1',
    '50 miles per hour',
    '50.',
    '\\boxed{50}',
  ],
  ['0.5', '1/2', '.5', '\\frac{1}{2}', '5 \\cdot 10^{-1}', '2^{-1}'],
  ['0', '-0', '0.0', '0/5', '+0'],
  ['1024', '2^{10}', '2^10', '1,024'],
  ['1/3', '\\frac{1}{3}', '2/6'],
  ['0.333', '333/1000'],
  ['C', '(C)', 'C.', '\\text{(C)}', 'option C', 'choice c', 'C)'],
  ['c', '$c$'],
  ['D', '(D)'],
  ['yes', 'Yes', 'YES.', '\\text{Yes}'],
  ['no', 'No'],
  ['(1,1/2)', '(1, 0.5)', '\\left(1,\\frac12\\right)'],
  ['(1/2,1)', '(0.5, 1)'],
  ['[1,1/2)', '[1, .5)'],
  ['\\{1,2,3\\}', '\\{3, 2, 1\\}', '\\left\\{1, 2, 3\\right\\}'],
  ['1, 2', '2, 1', '1 and 2', 'x = 1, x = 2', 'x=2 or x=1'],
  ['2x+1', '2x + 1', 'y = 2x+1', '$2x+1$'],
  ['2x-1', '2x \u2212 1'],
  ['\\sqrt{2}', '\\sqrt2', '$\\sqrt{2}$'],
  ['\\frac{\\sqrt{3}}{2}', '\\dfrac{\\sqrt{3}}{2}'],
  ['2\\pi', '2 \\pi', '2π'],
  ['monday', 'Monday', '\\textbf{Monday}.'],
  ['5m'],
  ['undefined', '\\text{undefined}'],
  ['1/0'],
];

/** Each of the hostile texts costs a few milliseconds; what grows with their square or worse costs minutes. */
const BLOWN_UP_MS = 2000;

/** Of this process alone: what other programs do must not fail a test. */
function processorMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe('canonical form', () => {
  it('gives one form to one answer, and different forms to different answers', () => {
    const forms = new Map<string, string>();
    for (const answers of CLASSES) {
      const form = canonicalForm(answers[0] as string);
      expect(forms.get(form), `${answers[0]} and ${forms.get(form)} are told apart`).toBeUndefined();
      forms.set(form, answers[0] as string);
      for (const answer of answers) expect(canonicalForm(answer), answer).toBe(form);
    }
  });

  it('is idempotent, so that a stored form can be compared again', () => {
    for (const answer of CLASSES.flat())
      expect(canonicalForm(canonicalForm(answer)), answer).toBe(canonicalForm(answer));
  });

  it('computes exactly where floating point would not', () => {
    expect(sameAnswer('0.1', '1/10')).toBe(true);
    expect(sameAnswer('9007199254740993', '9007199254740992')).toBe(false);
    expect(sameAnswer('0.30000000000000004', '0.3')).toBe(false);
    expect(sameAnswer('123456789012345678901234567890/2', '61728394506172839450617283945')).toBe(true);
  });

  it('agrees with rational arithmetic on random numbers in random dress', () => {
    const random = RandomKey.of(3, 'grading').stream();
    const dress: ((n: number, d: number) => string)[] = [
      (n, d) => `${n}/${d}`,
      (n, d) => `\\frac{${n}}{${d}}`,
      (n, d) => `${n * 7}/${d * 7}`,
      (n, d) => `\\frac{${-n}}{${-d}}`,
      (n, d) => `$${n} / ${d}$`,
      (n, d) => `\\boxed{\\dfrac{${n}}{${d}}}`,
    ];
    for (let i = 0; i < 2000; i++) {
      const [a, b] = [random.int(41) - 20, random.int(12) + 1];
      const [c, d] = random.int(3) === 0 ? [a * 3, b * 3] : [random.int(41) - 20, random.int(12) + 1];
      const left = (dress[random.int(dress.length)] as (n: number, d: number) => string)(a, b);
      const right = (dress[random.int(dress.length)] as (n: number, d: number) => string)(c, d);
      expect(sameAnswer(left, right), `${left} ? ${right}`).toBe(a * d === c * b);
    }
  });

  it('answers within milliseconds whatever it is given (the published grader can hang for ever)', () => {
    const hostile = [
      '9'.repeat(500),
      '1e999999999',
      '9^9^9^9',
      '10^99999',
      '2^{9999}',
      '\\frac{'.repeat(80),
      '{'.repeat(500),
      '('.repeat(250) + ')'.repeat(250),
      '((((1,2),3),4),5),6',
      ','.repeat(500),
      '1,'.repeat(249),
      '\\text{'.repeat(83),
      '-'.repeat(500),
      'a '.repeat(250),
      ' '.repeat(500),
      '1/'.repeat(250),
      '\\left'.repeat(100),
      '='.repeat(500),
      'x='.repeat(250),
      '9'.repeat(200) + '/' + '7'.repeat(39),
      '. '.repeat(250),
      '9'.repeat(100000),
      ' \n'.repeat(50000),
    ];
    for (const text of hostile) {
      const cost = processorMs(() => expect(typeof canonicalForm(text)).toBe('string'));
      expect(cost, text.slice(0, 20)).toBeLessThan(BLOWN_UP_MS);
    }
    const random = RandomKey.of(4, 'noise').stream();
    const alphabet = '0123456789.,/\\{}()[]$%-+=*^ abcfrxet\u2212';
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: random.int(60) }, () => alphabet[random.int(alphabet.length)]).join('');
      expect(() => canonicalForm(text)).not.toThrow();
    }
  });
});

describe('extraction', () => {
  it('takes the last complete box, whatever braces it holds', () => {
    expect(lastBoxed('so \\boxed{1} and then \\boxed{\\frac{1}{2}}.')).toBe('\\frac{1}{2}');
    expect(lastBoxed('\\boxed{\\{1, 2\\}}')).toBe('\\{1, 2\\}');
    expect(lastBoxed('\\boxed{\\left\\{ x \\right.}')).toBe('\\left\\{ x \\right.');
    expect(lastBoxed('\\boxed{7} but \\boxed{8')).toBe('7');
    expect(lastBoxed('\\fbox{3}')).toBe('3');
    expect(lastBoxed('\\boxed {3}')).toBe('3');
    expect(lastBoxed('\\boxed{\\boxed{5}}')).toBe('\\boxed{5}');
    expect(lastBoxed('{5} }}} {')).toBeNull();
  });

  it('falls back to a phrase, then to the last number, only where asked', () => {
    const of = (text: string): string | null => extractFinalAnswer(text, { fallbacks: true });
    expect(of('Thus the answer is 42. I checked it twice.')).toBe('42');
    expect(of('The final answer is: **3.5**')).toBe('3.5');
    expect(of('**Answer:** $\\frac{1}{2}$')).toBe('$\\frac{1}{2}$');
    expect(of('20 + 22\n#### 42')).toBe('42');
    expect(of('we get 12-5=7')).toBe('7');
    expect(of('so 3 - 10 = -7')).toBe('-7');
    expect(of('in total 1,234, as said')).toBe('1,234');
    expect(of('no idea')).toBeNull();
    expect(of('the answer is 3 but \\boxed{4}')).toBe('4');
    expect(extractFinalAnswer('the answer is 42', { fallbacks: false })).toBeNull();
    expect(extractFinalAnswer('\\boxed{}', { fallbacks: false })).toBeNull();
    expect(extractFinalAnswer(`\\boxed{${'x'.repeat(3000)}}`, { fallbacks: true })).toBeNull();
  });

  it('reads a long hostile completion in linear time', () => {
    for (const text of [
      '\\boxed{'.repeat(50000),
      '{'.repeat(300000),
      '\\'.repeat(300000),
      'answer is '.repeat(50000),
      '1'.repeat(300000),
    ]) {
      expect(processorMs(() => extractFinalAnswer(text, { fallbacks: true }))).toBeLessThan(BLOWN_UP_MS);
    }
  });
});

// Would catch: a canonical form that algebra cannot read again, which keeps equal votes apart.
it.each([
  ['\\ln e', '\\ln e'],
  ['2 \\pi  r', '2\\pi r'],
  ['x + 1', 'x+1'],
])('keeps the space that ends a command: %s', (answer, form) => {
  expect(canonicalForm(answer)).toBe(form);
  expect(canonicalForm(form)).toBe(form);
});
