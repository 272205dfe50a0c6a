/** Why math-verify 0.9.0 and this grader say different things of a pair: the first class that matches. */
import type { ExpectedPair } from '../grading/pairs.js';

export interface DisagreementClass {
  readonly name: string;
  readonly why: string;
  matches(pair: ExpectedPair): boolean;
}

const either = ({ gold, pred }: ExpectedPair, pattern: RegExp): boolean => pattern.test(gold) || pattern.test(pred);
const ofKind =
  (...kinds: readonly string[]) =>
  (pair: ExpectedPair) =>
    kinds.includes(pair.kind);

export const CLASSES: readonly DisagreementClass[] = [
  {
    name: 'Several boxes or none',
    why: 'Here the last box counts, and an inequality in it is an interval; there all boxes of a text together are the answer, an inequality is none, and words around an answer are part of it.',
    matches: ofKind('full-output'),
  },
  {
    name: 'Choices and their words',
    why: 'Here the letter of a choice decides, whatever stands around it; there `C.` and `option C` are products of letters.',
    matches: (pair) => pair.kind === 'choice' || either(pair, /^Answer: |^\([A-J]\) /),
  },
  {
    name: 'Angles in degrees',
    why: 'Here the argument of `\\sin 30^\\circ` is in degrees; there the mark is dropped and 30 is in radians.',
    matches: (pair) => either(pair, /\\(?:sin|cos|tan|cot|sec)/) && either(pair, /\\circ/),
  },
  {
    name: 'Words',
    why: 'Here words are compared without case, marks and final full stop, and `no solution`, `does not exist` and `all real numbers` mean what they say; there only formulas are read, and words as products of letters.',
    matches: (pair) =>
      pair.kind === 'text' ||
      either(
        pair,
        /^(?:\\text\{)?(?:true|march 5|12 pm|12:00 pm|no solution|all real numbers|does not exist|paris|dne)\}?\.?$/i,
      ),
  },
  {
    name: 'Bases and congruences',
    why: 'Here a subscript of digits is a base and `\\pmod` a class of residues; there the subscript and the modulus are dropped or kept as text.',
    matches: (pair) => pair.kind === 'base-mod' || either(pair, /\\pmod/),
  },
  {
    name: 'Two different units',
    why: 'Here two different units on the two sides are different answers; there all units are dropped, and 5 cm is 5 kg.',
    matches: (pair) => pair.kind === 'money-unit' && pair.verdict === 'different',
  },
  {
    name: 'Units and money that are written out',
    why: 'Here units in words and in signs, and money before or behind the number, are units and may be left out; there only some are known.',
    matches: (pair) => pair.kind === 'money-unit' || either(pair, /[€£]|\\\$|USD|\b(?:cm|km|kilometers|inches|m\/s)\b/),
  },
  {
    name: 'Percent',
    why: 'Here n% is both n and n/100, exactly; there a mixed number before the sign, or the number without it, is not.',
    matches: (pair) => pair.kind === 'percent' || either(pair, /\\%/),
  },
  {
    name: 'Rounding',
    why: 'Here a decimal may differ by 10⁻⁶ of the value; there numbers are rounded to six places after the point, which is too strict for large and too generous for small ones.',
    matches: ofKind('decimal-tolerance'),
  },
  {
    name: 'Repeating decimals',
    why: 'Here `0.\\overline{3}` and `0.\\bar{3}` are 1/3; there the bar is not read.',
    matches: (pair) => either(pair, /\\overline|\.\\bar/),
  },
  {
    name: 'Unit vectors',
    why: 'Here a sum of the unit vectors i, j and k is a column of its coefficients; there they are variables.',
    matches: (pair) => either(pair, /\\(?:mathbf|hat|vec)\{[ijk\\]/),
  },
  {
    name: 'The imaginary unit',
    why: 'Here i is the imaginary unit; there it is a variable like others, and so i² is not -1.',
    matches: (pair) =>
      either(pair, /(?<![a-z\\])i(?![a-z])|i\^|\d i|\di(?![a-z])|e\^\{i/) && !either(pair, /\\pm.*\\pm/),
  },
  {
    name: 'Inequalities and intervals',
    why: 'Here an inequality in one variable is the set of numbers that it describes, whatever the way to write it; there it becomes an interval only where the gold answer is the inequality, and not where it takes a step to solve it.',
    matches: (pair) => either(pair, /[<>]|\\(?:le|ge|ne|leq|geq|leqslant|geqslant|neq|in|setminus)(?![a-z])|\]1,2\[/),
  },
  {
    name: 'Numbers in words',
    why: 'Here a million is a factor, a word for a number is the number, and what is counted is its unit; there words are products of letters.',
    matches: (pair) => either(pair, /\b(?:million|billion|thousand|six|two thirds|one half)\b/),
  },
  {
    name: 'Ordinals, labels and statements',
    why: 'Here 2nd is 2, page 12 is 12, and "II only" is II; there the letters count.',
    matches: (pair) => either(pair, /\d(?:nd|th)$|\b(?:page|Year|Day|Room)\b|^II only$/),
  },
  {
    name: 'Systems and solutions',
    why: 'Here a system of values is a point, an equation is what solves it, and f(n) is f(x) in another letter; there the equations are compared as they stand.',
    matches: (pair) => either(pair, /\\begin\{cases\}|^x=\d,y=\d|^x=\d,y=\d \\text|x=-2, 3$|x=0,y=0|^f\(n\)/),
  },
  {
    name: 'Plain text and Unicode',
    why: 'Here sqrt(…), pi, **, e-notation, mixed numbers with a space, signs of Unicode and thousands with spaces are read; there LaTeX is.',
    matches: (pair) => either(pair, /√|²|∞|×|\bpi\b|4pi|\*\*|\d[eE]-?\d|^-?\d+ \d+\/\d+$|\d \d{3}|\\,\d{3}|oo\b|\{,\}/),
  },
  {
    name: 'Large numbers of science',
    why: 'Here numbers are exact; there products with powers of ten are compared as floating point, to an absolute number of places.',
    matches: ofKind('scientific'),
  },
  {
    name: 'Roots of negative numbers and of products',
    why: 'Here an odd root of a negative number is real, and √x√y is √(xy) wherever both are defined, as are sums of logarithms and quotients of factorials; there the principal complex value counts.',
    matches: (pair) => either(pair, /\\sqrt\[3\]\{-8\}|\(-8\)\^|\\sqrt\{xy\}|\\ln\(xy\)|\\ln x\^2|\\frac\{n!\}/),
  },
  {
    name: 'Case of letters',
    why: 'Here x and X are two variables; there case is dropped.',
    matches: ({ gold, pred }) => gold !== pred && gold.toLowerCase() === pred.toLowerCase(),
  },
  {
    name: 'Sizes of brackets, vectors and the empty set',
    why: 'Here `\\big(` is a bracket, ⟨1,2,3⟩ is (1,2,3), `\\varnothing` is `\\emptyset`, and letters in a matrix are entries whatever the spaces; there they are not.',
    matches: (pair) => either(pair, /\\big|\\langle|\\varnothing|\\begin/),
  },
  {
    name: 'Signs of two values',
    why: 'Here a fraction with ± is two numbers; there only a sum is.',
    matches: (pair) => either(pair, /\\pm/),
  },
  {
    name: 'Products of brackets and letters',
    why: 'Here 3(4) and (3)(4) are 12, and 2ab is 2ba; there they are a function of 4, a pair, or a unit.',
    matches: (pair) => either(pair, /^3\(4\)$|^\(3\)\(4\)$|^2ab$/),
  },
  {
    name: 'Logarithms to base ten',
    why: 'Here `\\lg` is the logarithm to base ten; there it is not read.',
    matches: (pair) => either(pair, /\\lg/),
  },
  {
    name: 'Names in brackets and derivatives',
    why: 'Here (x,y)=(1,2) names its parts, whatever their order, and dy/dx is a name; there they are sides of an equation.',
    matches: (pair) => either(pair, /^\([xy],[xy]\)=|\\frac\{dy\}/),
  },
  {
    name: 'Functions that leap',
    why: 'Here ⌈n/2⌉ is ⌊(n+1)/2⌋, n being a whole number by its name; there n is any number.',
    matches: (pair) => either(pair, /\\lceil/),
  },
  {
    name: 'Indices',
    why: 'Here x2 is x with an index, and `\\max` in an index its letters; there x2 is twice x and `\\max` a function.',
    matches: (pair) => either(pair, /^\d?x\d$|_\{\\max\}/),
  },
  {
    name: 'Sets in sets',
    why: 'Here a set of sets is not the set of what they hold; there it is.',
    matches: (pair) => either(pair, /\\\{\\\{|\\\{\\emptyset/),
  },
  {
    name: 'Ratios and minutes of arc',
    why: "Here 1:2:3 is a ratio of three, and 30' is no number of degrees; there the first number and the marks decide.",
    matches: (pair) => either(pair, /^\d:\d:\d$|\d'$/),
  },
  {
    name: 'Full width and colour',
    why: 'Here characters of full width are the plain ones, and a colour says nothing; there they are not read.',
    matches: (pair) => either(pair, /[\uFF01-\uFF5E]|\\color/),
  },
];
