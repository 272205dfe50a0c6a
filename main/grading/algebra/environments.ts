/** Environments of LaTeX that only set lines one below the other: systems of equations, lines that are aligned. */
const LINES =
  /^(?:\\left)?\s*(?:\\\{)?\s*\\begin\{(cases|aligned|align\*?|gathered|array)\}(?:\{[clr|\s]*\})?(.*)\\end\{\1\}\s*(?:\\right\s*\.)?$/s;
const EQUATION = /^[^=]+=[^=]+$/;

/** Equations of a system as a list, a single line as itself; anything else, definitions by cases among it, as it is. */
export function withoutLines(text: string): string {
  const body = LINES.exec(
    text
      .trim()
      .replace(/^\$+|\$+$/g, '')
      .trim(),
  )?.[2];
  if (body === undefined || body.includes('\\begin')) return text;
  const rows = body
    .split('\\\\')
    .map((row) => row.replace(/^\s*\[[^\]]*\]|&\s*(?==)|(?<==)\s*&/g, '').trim())
    .map((row) => row.replace(/\s*(?:[,;.]|\\text\s*\{\s*(?:and|,)\s*\})+$/, '').trim())
    .filter((row) => row !== '');
  const [only = ''] = rows;
  if (rows.length === 1 && !only.includes('&')) return only;
  const system = rows.every(
    (row) => EQUATION.test(row) && !/[&<>,]|\\(?:le|ge|ne|leq|geq|neq|text|quad|in|if)(?![a-zA-Z])/.test(row),
  );
  return system && rows.length > 1 ? rows.join(', ') : text;
}
