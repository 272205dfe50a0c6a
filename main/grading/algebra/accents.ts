/** Letters with a dot or a hat on them as letters of their own, and unit vectors told from the imaginary unit. */

const LETTER = String.raw`(?:[a-zA-Z]|\\(?!i(?:math)|jmath)[a-z]+)`;
const ACCENTED = new RegExp(
  String.raw`\\(dot|ddot|hat|tilde|widehat|widetilde)\s*(?:\{\s*(${LETTER})\s*\}|(?<![a-zA-Z])(${LETTER}))(?:\s*_\s*(?:\{\s*(\w+)\s*\}|(\w)))?`,
  'g',
);

/** `\dot{x}_0` as a letter with an index. To be done after everything that looks for words. */
export function withoutAccents(text: string): string {
  return text.replace(
    ACCENTED,
    (_, accent: string, braced?: string, bare?: string, long?: string, short?: string) =>
      `${braced ?? bare}_{${accent.replace('wide', '')}${long ?? short ?? ''}}`,
  );
}

const WRAPPED = String.raw`\\(?:hat|widehat|vec|mathbf|boldsymbol|bm|overrightarrow)`;
const UNIT = new RegExp(
  String.raw`${WRAPPED}\s*\{?\s*(?:${WRAPPED}\s*)?\{?\s*(?:\\([ij])math|([ijk])(?![a-zA-Z]))\s*\}?\s*\}?`,
  'g',
);

/** The index of the letters that are unit vectors. */
export const UNIT_INDEX = 'unit';

/** `\mathbf{i}+2\mathbf{j}` as a sum of letters with an index; a single upright i is the imaginary unit. */
export function withUnitVectors(text: string): string {
  const plain = text.replace(/î/g, '\\hat{i}').replace(/ĵ/g, '\\hat{j}').replace(/k̂/g, '\\hat{k}');
  const found = [...plain.matchAll(UNIT)].map(([, dotless, letter]) => dotless ?? letter);
  if (!found.includes('j') && !found.includes('k') && !/\\hat|\\imath/.test(plain)) return text;
  return plain.replace(UNIT, (match, dotless?: string, letter?: string) => {
    const open = match.split('{').length - match.split('}').length;
    return ` ${dotless ?? letter}_{${UNIT_INDEX}}${open < 0 ? '}'.repeat(-open) : ''}`;
  });
}
