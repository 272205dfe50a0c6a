/** Brings the many ways to typeset an answer to one plain way. Meaning is not touched, and nothing is computed. */

const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/[\u2212\u2013\u2014\uFE63\uFF0D]/g, '-'],
  [/[\u00D7\u00B7\u22C5\u2217]|\\(?:times|cdot|ast)(?![a-zA-Z])/g, '*'],
  [/[\u00A0\u2000-\u200A\u202F\u3000]/g, ' '],
  [/\{,\}/g, ','],
  // No space at all, whatever is typed after it.
  [/,\s*\\!\s*(?=\d{3}(?!\d))/g, ','],
  [/\\(?:text)?color\s*\{[a-zA-Z]+\}|\\(?:large|Large|LARGE|small|huge|normalsize|bf|rm|boldmath)(?![a-zA-Z])/g, ' '],
  [/\\(?:dfrac|tfrac|cfrac)(?![a-zA-Z])/g, '\\frac'],
  [/\\(?:left|right|bigl|bigr|Bigl|Bigr|big|Big|displaystyle|textstyle|limits|nolimits)(?![a-zA-Z])/g, ''],
  [/\\(?:quad|qquad)(?![a-zA-Z])|\\[,;: ]|~/g, ' '],
  [/\\!/g, ''],
  [/\\%/g, '%'],
  [/\^\s*\{?\s*\\circ\s*\}?|\\degree(?![a-zA-Z])|\u00B0/g, ' degrees'],
  [/\\le(?![a-zA-Z])/g, '\\leq'],
  [/\\ge(?![a-zA-Z])/g, '\\geq'],
  [/\u03C0/g, '\\pi '],
  [/\u221E/g, '\\infty '],
  // \frac12, \frac1{2} and \frac{1}2 are legal and mean \frac{1}{2}.
  [/\\frac\s*([0-9])\s*([0-9])/g, '\\frac{$1}{$2}'],
  [/\\frac\s*([0-9])\s*\{/g, '\\frac{$1}{'],
  [/\\frac\s*\{([^{}]{1,120})\}\s*([0-9])/g, '\\frac{$1}{$2}'],
  [/\\sqrt\s*([0-9])/g, '\\sqrt{$1}'],
];

const WRAPPER = /\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|boxed|fbox|operatorname)\s*$/;
const LONGEST_WRAPPER = 16;

/** Removes wrappers such as \text{…} and \boxed{…} and keeps what they hold, whatever braces stand inside. */
function unwrap(text: string): string {
  const wrappers: boolean[] = [];
  const out: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\\' && /[{}\\]/.test(text[i + 1] ?? '')) out.push(c, text[++i] as string);
    else if (c === '{') {
      const name = WRAPPER.exec(out.slice(-LONGEST_WRAPPER).join(''))?.[0];
      if (name !== undefined) out.length -= name.length;
      out.push(name === undefined ? c : ' ');
      wrappers.push(name !== undefined);
    } else out.push(c === '}' && wrappers.pop() ? ' ' : c);
  }
  return out.join('');
}

/** Math delimiters around the whole and in between. `\$` is money and stays, as `$`. */
function withoutDelimiters(text: string): string {
  const MONEY = '\u0000';
  return text
    .replaceAll('\\$', MONEY)
    .replaceAll(/\$\$|\\\(|\\\)|\\\[|\\\]/g, '')
    .replaceAll(/^\$(?=[^$]*$)/g, MONEY) // a lone dollar sign in front is money, too
    .replaceAll('$', '')
    .replaceAll(MONEY, '$');
}

/** Characters without a width, ticks and pictures; and those of full width, which mean the plain ones. */
const UNSEEN = /[\u200B-\u200F\u2060-\u2064\uFEFF\uFE0F\u2705\u2713\u2714]|[\u{1F300}-\u{1FAFF}]/gu;
const FULL_WIDTH = /[\uFF01-\uFF5E]/g;

const plainWidth = (text: string): string =>
  text
    .replace(UNSEEN, '')
    .replace(FULL_WIDTH, (c) => (c === '\uFF0D' ? '-' : String.fromCharCode(c.charCodeAt(0) - 0xfee0)));

export function plainLatex(text: string): string {
  let result = unwrap(withoutDelimiters(plainWidth(text)));
  for (const [pattern, replacement] of REPLACEMENTS) result = result.replace(pattern, replacement);
  return result.replace(/\s+/g, ' ').trim();
}
