/**
 * An answer in LaTeX, plain text or Unicode as LaTeX of one kind: what plainLatex does, then plain-text spellings (`sqrt(3)/2`,
 * `2**3`, `x^10`, `pi/4`), Unicode, and the names of functions and letters without their backslash.
 */
import { plainLatex } from '../latex.js';
import { withoutAccents, withUnitVectors } from './accents.js';
import { withoutLines } from './environments.js';
import { withoutPhrases } from './phrases.js';
import { withPlainUnits } from './unit-signs.js';

const FUNCTIONS = 'arcsin|arccos|arctan|arccot|arcsec|arccsc|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|ln|log|lg|exp';
const LETTERS =
  'alpha|beta|gamma|delta|epsilon|theta|lambda|mu|phi|rho|sigma|tau|omega|pi|infty|cup|cap|pm|mp|times|div|cdot|leq|geq|neq|emptyset';

const UNICODE: Readonly<Record<string, string>> = {
  ...{ '√': '\\sqrt ', '÷': '/', '≤': '\\leq ', '≥': '\\geq ', '⩽': '\\leq ', '⩾': '\\geq ', '≠': '\\neq ' },
  ...{ '∪': '\\cup ', '∩': '\\cap ', '∈': '\\in ', '±': '\\pm ', '∓': '\\mp ', '∅': '\\emptyset ', ℝ: '\\mathbb{R}' },
  ...{ ℤ: '\\mathbb{Z}', ℕ: '\\mathbb{N}', ℚ: '\\mathbb{Q}', ℂ: '\\mathbb{C}', '≡': '\\equiv ', '∖': '\\setminus ' },
  ...{ α: '\\alpha ', β: '\\beta ', γ: '\\gamma ', θ: '\\theta ', λ: '\\lambda ', μ: '\\mu ', φ: '\\phi ' },
  ...{ ω: '\\omega ', σ: '\\sigma ', ρ: '\\rho ', '⟨': '\\langle ', '⟩': '\\rangle ', '½': '\\frac{1}{2}' },
  ...{
    '¼': '\\frac{1}{4}',
    '¾': '\\frac{3}{4}',
    '⅓': '\\frac{1}{3}',
    '⅔': '\\frac{2}{3}',
    '′': "'",
    '∛': '\\sqrt[3] ',
  },
};
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ';
const SUPERSCRIPT_OF = '0123456789+-n';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

const raised = (text: string): string => [...text].map((c) => SUPERSCRIPT_OF[SUPERSCRIPTS.indexOf(c)] ?? '').join('');

const STEPS: readonly (readonly [RegExp, string | ((match: string, ...groups: string[]) => string)])[] = [
  // 0.333… repeats.
  [/(\d*\.\d*?)(\d{1,6}?)\2+\s*(?:\.\.\.|…|\\[lc]?dots)/g, '$1\\overline{$2}'],
  [/^([-+]?(?:\\?\$)?\d{1,3}(?:,\d{3})+)(?=$|[\s.\\a-zA-Z%])(?!.*,)/, (match) => match.replaceAll(',', '')],
  [/_\s*\{?\s*\\(max|min)(?![a-zA-Z])\s*\}?/g, '_{$1}'],
  // Not the sign of two values.
  [/(?<=^\d{1,2}(?::\d{2}){0,2}\s*)([ap])\.?\s?m\.?$/i, (_, half) => ` ${half?.toUpperCase()}M`],
  [/\.\.\.|…/g, '\\ldots '],
  [/(\.\d*)\\bar\s*\{?(\d+)\}?/g, '$1\\overline{$2}'],
  [/^\s*(?:\\(?:approx|simeq|sim)(?![a-zA-Z])|≈)\s*/, ''],
  [/\\approx(?![a-zA-Z])|≈/g, '='],
  [/^(?:for )?(?:all|every|any) (?=[a-zA-Z]\s*(?:[<>≤≥]|\\(?:leq|geq|ge|le|neq)))/i, ''],
  [/[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+/gu, (match) => `^{${raised(match)}}`],
  [/[₀₁₂₃₄₅₆₇₈₉]+/gu, (match) => `_{${[...match].map((c) => SUBSCRIPTS.indexOf(c)).join('')}}`],
  [/(?<=[0-9a-zA-Z})])\s*\*\*\s*(?=[-0-9a-zA-Z({])/g, '^'],
  [/\\(?:mathbf|boldsymbol|bm|mathit|mathsf|rm|bf|it)(?![a-zA-Z])/g, ' '],
  [/\\(?:leqslant|leqq|lt)(?![a-zA-Z])/g, (match) => (match === '\\lt' ? '<' : '\\leq ')],
  [/\\(?:geqslant|geqq|gt)(?![a-zA-Z])/g, (match) => (match === '\\gt' ? '>' : '\\geq ')],
  [/\\ne(?![a-zA-Z])|\\not\s*=|!=/g, '\\neq '],
  [/<=/g, '\\leq '],
  [/>=/g, '\\geq '],
  [/==/g, '='],
  [/\\(?:lbrace|rbrace)(?![a-zA-Z])/g, (match) => (match === '\\lbrace' ? '\\{' : '\\}')],
  [/\\(?:lvert|rvert|vert|mid)(?![a-zA-Z])/g, '|'],
  [/\\(?:lbrack|rbrack)(?![a-zA-Z])/g, (match) => (match === '\\lbrack' ? '[' : ']')],
  [/\\varnothing(?![a-zA-Z])/g, '\\emptyset'],
  [/\\R(?![a-zA-Z])/g, '\\mathbb{R}'],
  [/\\mathbb\s+([RZNQC])/g, '\\mathbb{$1}'],
  [/\\(?:var)(phi|theta|epsilon|rho|sigma)(?![a-zA-Z])/g, '\\$1'],
  [/\\(?:quad|qquad|enspace|thinspace|,|;|:|!)/g, ' '],
  [/\\div(?![a-zA-Z])/g, '/'],
  [/\\(?:lor|vee)(?![a-zA-Z])/g, ' or '],
  [/\\(?:land|wedge)(?![a-zA-Z])/g, ' and '],
  [/\\operatorname\*?\s*/g, ''],
  [/\\arc\s*(sin|cos|tan)/g, '\\arc$1'],
  [/\\tg(?![a-zA-Z])/g, '\\tan'],
  // The names without a backslash, as in plain text.
  [new RegExp(`(?<![\\\\a-zA-Z])(?:a(sin|cos|tan))(?=\\s*\\()`, 'g'), '\\arc$1'],
  [new RegExp(`(?<![\\\\a-zA-Z])(${FUNCTIONS})(?![a-z])`, 'g'), '\\$1 '],
  [new RegExp(`(?<![\\\\a-zA-Z])(${LETTERS})(?![a-zA-Z])`, 'g'), '\\$1 '],
  [/(?<![\\a-zA-Z])(?:infinity|inf|oo)(?![a-zA-Z])/gi, '\\infty '],
  [/(?<![\\a-zA-Z])(max|min)(?=\s*[({_])/g, '\\$1 '],
  [/(?<![\\a-zA-Z])sqrt(?![a-zA-Z])/g, '\\sqrt '],
  [/(?<![\\a-zA-Z])cbrt(?![a-zA-Z])/g, '\\sqrt[3] '],
  [/(?<![\\a-zA-Z])U(?=\s*[[(]-?[\d\\])/g, '\\cup '],
  [/\^\s*\(\s*([^()]*)\s*\)/g, '^{$1}'],
  [/\^\s*(-?\d+)(?![\d}])/g, '^{$1}'],
  [/\^\s*(-[a-zA-Z])/g, '^{$1}'],
  [/_\s*(\d+)/g, '_{$1}'],
  [/(?<![\d.])(\d+)\s+(?:and\s+)?(\d+)\s*\/\s*(\d+)/g, '$1\\frac{$2}{$3}'],
  [/\*/g, '\\cdot '],
  [/(\d)\s*x\s*(?=10\s*\^)/g, '$1\\cdot '],
  [/\\log\s*_\s*(?:10(?!\d)|\{\s*10\s*\})/g, '\\lg '],
  [/\\frac\s*\(([^()]*)\)\s*\(([^()]*)\)/g, '\\frac{$1}{$2}'],
];

/** `\ln 2 \cdot \ln 3` is a product of logarithms; the library would read the logarithm of a product. */
const BARE_ARGUMENT = new RegExp(
  `(\\\\(?:${FUNCTIONS})(?:\\s*_\\s*(?:\\w|\\{[^{}]*\\}))?(?:\\s*\\^\\s*(?:\\w|\\{[^{}]*\\}))?)\\s+((?:\\d+(?:\\.\\d+)?|[a-zA-Z]|\\\\(?!cdot|${FUNCTIONS})[a-z]+(?:\\{[^{}]*\\})*|\\s)+?)\\s*(?=\\\\cdot|\\\\(?:${FUNCTIONS})(?![a-z]))`,
  'g',
);

/** What stands in round brackets after a sign that LaTeX would have in braces: `\sqrt (x+1)` as `\sqrt{x+1}`. */
function bracedRoots(text: string): string {
  let result = text;
  for (let from = 0, guard = 0; guard < 40; guard++) {
    const match = /\\sqrt(?:\[\d+\])?\s*\(/.exec(result.slice(from));
    if (!match) return result;
    const open = from + match.index + match[0].length - 1;
    let depth = 0;
    let close = open;
    for (; close < result.length; close++) {
      if (result[close] === '(') depth++;
      else if (result[close] === ')' && --depth === 0) break;
    }
    if (close === result.length) return result;
    result = `${result.slice(0, open).trimEnd()}{${result.slice(open + 1, close)}}${result.slice(close + 1)}`;
    from = open;
  }
  return result;
}

/** `x1` is x_1: no power, and no product. Not where a command takes the two apart (`\frac x2`) or digits have a base. */
function withIndices(text: string): string {
  if (/\\[a-z]+\s+[a-zA-Z]\d|_\s*\{?\d/.test(text)) return text;
  return text.replace(/(?<![a-zA-Z\\_^{])(?!(?<=\d)[eE])([a-zA-Z])(\d+)(?![\d.a-zA-Z_:])/g, '$1_{$2}');
}

/** What a tidied answer has between the rows of a matrix. */
export const ROW_END = '\u0001';

export function tidy(answer: string): string {
  // Rows of a matrix; elsewhere a doubled backslash is one that was escaped twice.
  const plain = withUnitVectors(answer.includes('\\begin') ? withoutLines(answer) : answer);
  const single = plain.includes('\\begin') ? plain.replace(/\\\\/g, ROW_END) : plain.replace(/\\\\(?=[a-zA-Z])/g, '\\');
  const spelt = single.replace(/[√÷≤≥⩽⩾≠∪∩∈±∓∅ℝℤℕℚℂ≡∖αβγθλμφωσρ⟨⟩½¼¾⅓⅔′∛]/gu, (c) => UNICODE[c] ?? c);
  let text = plainLatex(
    withPlainUnits(spelt.replace(/(?<=\d)\{,\}(?=\d{3})/g, '').replace(/^\*\*(.*)\*\*$/s, '$1')),
  ).replace(/^(["'“”`]+)(.*?)["'“”`]+$/s, '$2');
  if (/\\(?:arc)?(?:sin|cos|tan|cot|sec|csc)|\b(?:sin|cos|tan)\b/.test(text))
    text = text.replace(/\s*degrees/g, '^{\\circ}');
  for (const [pattern, by] of STEPS) text = text.replace(pattern, by as string);
  text = withoutAccents(bracedRoots(text).replace(BARE_ARGUMENT, '$1($2)'));
  return withoutPhrases(
    withIndices(text)
      .replace(/\s+/g, ' ')
      .replace(/(?<=\S)\s?[.,;:]+$/, '')
      .trim(),
  );
}

/** A formula as it may be read: `1/2x` and `\log x` have two meanings each. At most four. */
export function readingsOf(latex: string): string[] {
  let readings = [latex];
  if (/\\log(?![a-zA-Z])(?!\s*_)/.test(latex)) {
    const log = /\\log(?![a-zA-Z])(?!\s*_)/g;
    readings = [latex.replace(log, '\\ln '), latex.replace(log, '\\lg ')];
  }
  const slashed = /(?<![\d.}])(\d+)\s*\/\s*(\d+)\s*(?=[a-zA-Z]|\\[a-z])(?!\\cdot|\\times|\\leq|\\geq)/;
  if (!slashed.test(latex)) return readings;
  return readings.flatMap((reading) => [reading.replace(slashed, '\\frac{$1}{$2} '), reading]);
}
