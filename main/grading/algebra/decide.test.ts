import { describe, expect, it } from 'vitest';
import { RandomKey } from '../../lib/random.js';
import { decide } from './decide.js';
import { parseFormula, Unreadable } from './expression.js';
import { splitAtCommas } from './split.js';
import { tidy } from './tidy.js';

const verdict = (gold: string, pred: string): string => decide(gold, pred).verdict;

describe('what a tolerance, a simplification or a reading would get wrong', () => {
  it.each([
    // Numbers that agree to many digits and are not the same.
    ['\\pi', '\\frac{245850922}{78256779}', 'different'],
    ['e^{\\pi\\sqrt{163}}', '262537412640768744', 'different'],
    ['10^{-12}', '0', 'different'],
    ['10^{20}', '10^{20}+1', 'different'],
    ['\\sqrt{10^{30}+1}', '10^{15}', 'different'],
    ['x^2', 'x^2+10^{-12}', 'different'],
    ['2^{99999999}', '2^{99999998}', 'different'],
    ['2^{99999999}', '2\\cdot 2^{99999998}', 'equal'],
    ['(x+1)^{1000}', '(x+1)^{999}(x+1)', 'equal'],
    ['(x+1)^{1000}', '(x+1)^{1000}+1', 'different'],
    ['\\sqrt[3]{2+\\sqrt5}+\\sqrt[3]{2-\\sqrt5}', '1', 'equal'],
    ['\\tan\\frac{\\pi}{8}', '\\sqrt2-1', 'equal'],
    // What the parser reads otherwise than people do.
    ['\\ln 6', '\\ln 2\\cdot\\ln 3', 'different'],
    ['\\ln 2\\cdot\\ln 3', '\\ln 3\\ln 2', 'equal'],
    ['2\\sin x\\cdot\\cos x', '\\sin 2x', 'equal'],
    ['\\sin^{-1} x', '\\arcsin x', 'equal'],
    ['(\\sin x)^{-1}', '\\csc x', 'equal'],
    ['x^10', 'x^{10}', 'equal'],
    ['2 3', '23', 'undecided'],
    ['a(b+c)', 'ab+ac', 'equal'],
    ['f(x)', 'fx', 'undecided'],
    ['\\bar{x}', 'x', 'undecided'],
    ['n!!', '(n!)!', 'undecided'],
    // A third part of a chain that is lost.
    ['1<x<3', '1<x<4', 'different'],
    ['1<x<3', '(1,3)', 'equal'],
    // No value, and so none that is the same.
    ['\\frac{1}{0}', '\\frac{2}{0}', 'undecided'],
    ['\\frac{0}{0}', '1', 'undecided'],
    ['\\infty-\\infty', '0', 'undecided'],
    // Two readings that do not agree.
    ['\\log 5', '\\ln 5', 'undecided'],
    ['\\log 5', '\\log 5', 'equal'],
    ['\\log 25', '2\\log 5', 'equal'],
    ['1/2x', '\\frac{1}{2}x', 'undecided'],
    // The same for some numbers only.
    ['\\sqrt{x^2}', '|x|', 'equal'],
    ['\\sqrt{x^2}', 'x', 'undecided'],
    ['\\sqrt{xy}', '\\sqrt{x}\\sqrt{y}', 'equal'],
    ['\\ln|x|', '\\ln x', 'undecided'],
    ['(-1)^n', '(-1)^{n+2}', 'equal'],
    ['(-1)^n', '(-1)^{-n}', 'undecided'],
    ['\\frac{n!}{(n-2)!}', 'n(n-1)', 'equal'],
    ['x^2+C', 'x^2', 'undecided'],
    // Leaps that small numbers do not show, and whole numbers alone.
    ['\\lceil\\frac{n}{2}\\rceil', '\\lceil\\frac{n}{3}\\rceil', 'different'],
    ['\\lceil\\frac{n}{2}\\rceil', '\\lfloor\\frac{n+1}{2}\\rfloor', 'equal'],
    ['\\lceil\\frac{x}{2}\\rceil', '\\lfloor\\frac{x+1}{2}\\rfloor', 'undecided'],
    // A letter with an index, not a product or a power.
    ['x2', '2x', 'different'],
    ['x2', 'x_2', 'equal'],
    ['\\frac x2', '\\frac{x}{2}', 'equal'],
    // Unit vectors, and the imaginary unit.
    ['3\\mathbf{i}+4\\mathbf{j}', '(3,4)', 'equal'],
    ['3\\mathbf{i}+4\\mathbf{j}', '(3,4,1)', 'different'],
    ['3+4\\mathbf{i}', '3+4i', 'equal'],
    ['3+4i', '(3,4)', 'different'],
    // Signs that may change together or not.
    ['\\pm1\\pm2', '\\{3,1,-1,-3\\}', 'equal'],
    ['\\pm1\\pm2', '\\{3,-3\\}', 'undecided'],
    ['\\pm1\\mp2', '\\{1,-1\\}', 'equal'],
    // Solutions of second degree; of complex ones nothing is said.
    ['x^2\\le4', '[-2,2]', 'equal'],
    ['x^2<4', '[-2,2]', 'different'],
    ['x^2-2x+1\\le0', 'x=1', 'equal'],
    ['x^2<-1', '\\emptyset', 'equal'],
    ['x^2=-4', '\\{2,-2\\}', 'undecided'],
    // Metres, or a variable.
    ['5m', '5 m', 'equal'],
    ['5m', '5', 'undecided'],
    ['3 million', '3', 'different'],
    ['5 dozen', '6', 'different'],
    // Curves.
    ['\\frac1x+\\frac1y=1', 'x+y=xy', 'undecided'],
    ['x^2+y^2=25', 'x^2+y^2=5', 'different'],
    ['2x+1>5', 'x>2', 'equal'],
    ['x+2y>3', '-x-2y<-3', 'equal'],
    ['x+2y>3', 'x+2y\\ge 3', 'different'],
  ])('%s and %s are %s', (gold, pred, expected) => expect(verdict(gold, pred)).toBe(expected));
});

it('says the same of the same pair every time', () => {
  const pairs = [
    ['\\sin 2x', '2\\sin x\\cos x'],
    ['x^2-1', '(x-1)(x+1)'],
  ] as const;
  const first = pairs.map(([gold, pred]) => decide(gold, pred));
  decide('\\bar{x}+y(3)', 'z');
  expect(pairs.map(([gold, pred]) => decide(gold, pred))).toEqual(first);
});

// Each would take minutes or all memory if it were computed as it stands; here it is refused, or never computed whole.
it.each([
  '9^{9^{9^9}}',
  '\\binom{1000000}{500000}',
  '1000000!',
  'e^{e^{e^{e^e}}}',
  '\\sin(10^{1000})',
  '(x+1)^{10^{100}}',
  '((x+1)^{1000})^{1000}',
  '\\sum_{k=1}^{10^9} k',
  '\\frac{'.repeat(80),
  '('.repeat(250) + ')'.repeat(250),
  '\\sqrt{'.repeat(30) + '2' + '}'.repeat(30),
  '\\sin('.repeat(38) + 'x' + ')'.repeat(38),
  '1,'.repeat(900),
  'x+'.repeat(900) + 'x',
  '{'.repeat(100_000),
  '9'.repeat(1_000_000),
])('is not held up by %.40s', (hostile) => {
  expect(verdict('x^2-1', hostile)).not.toBe('equal');
  expect(verdict(hostile, `${hostile}+1`)).not.toBe('equal');
});

// Would catch: an exception that leaves the reader on odd input, and so stops the process.
it('reads any text without failing', () => {
  const random = RandomKey.of(6, 'noise').stream();
  const parts =
    '0 1 2 9 . , ; : / \\frac \\sqrt { } ( ) [ ] $ % - + = < > * ^ _ | x y e i \\pi \\pm \\cup \\infty \\in or and \\sin \\ln ! \\begin{pmatrix} & \\\\ \\end{pmatrix} \\text{ cm } \\equiv \\pmod'.split(
      ' ',
    );
  for (let i = 0; i < 2000; i++) {
    const text = (): string =>
      Array.from({ length: 1 + random.int(12) }, () => parts[random.int(parts.length)]).join('');
    const [a, b] = [text(), text()];
    expect(['equal', 'different', 'undecided'], `${a} | ${b}`).toContain(verdict(a, b));
  }
});

describe('reading', () => {
  it.each([
    ['sqrt(3)/2', '\\sqrt{3}/2'],
    ['2**3', '2^{3}'],
    ['3*x^2', '3\\cdot x^{2}'],
    ['x²≥√5', 'x^{2}\\geq \\sqrt{5}'],
    ['\\\\frac12', '\\frac{1}{2}'],
    ['asin(1)', '\\arcsin(1)'],
    ['\\log_{10} 5', '\\lg 5'],
  ])('brings %s to %s', (text, latex) => expect(tidy(text)).toBe(latex));

  it('takes thousands for one number only where they cannot be two', () => {
    expect(splitAtCommas('1,000')).toEqual(['1000']);
    expect(splitAtCommas('1,000, 2')).toEqual(['1000', '2']);
    expect(splitAtCommas('1,20')).toEqual(['1', '20']);
    expect(splitAtCommas('(1,2),(3,4)')).toEqual(['(1,2)', '(3,4)']);
  });

  it('refuses what it does not know', () => {
    for (const text of ['\\int_0^1 x dx', 'f(x)', '2 3', '\\bar x', '', '\\hat x', '\\frac{'])
      expect(() => parseFormula(text), text).toThrow(Unreadable);
  });
});
