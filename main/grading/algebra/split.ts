/** Taking a tidied answer apart at signs that stand in no bracket. */

const OPENING = '([{';
const CLOSING = ')]}';

/** The places of a pattern (sticky, not matching nothing) outside of all brackets. Escaped braces are brackets, too. */
function places(text: string, pattern: RegExp): { readonly at: number; readonly end: number; readonly sign: string }[] {
  const found: { at: number; end: number; sign: string }[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (depth === 0) {
      pattern.lastIndex = i;
      const match = pattern.exec(text);
      if (match && match[0] !== '') {
        found.push({ at: i, end: i + match[0].length, sign: match[0].trim() });
        i += match[0].length - 1;
        continue;
      }
    }
    if (OPENING.includes(c)) depth++;
    else if (CLOSING.includes(c)) depth--;
  }
  return found;
}

export interface Split {
  readonly parts: readonly string[];
  readonly signs: readonly string[];
}

export function splitAt(text: string, pattern: RegExp): Split {
  const cuts = places(text, pattern);
  const parts: string[] = [];
  let start = 0;
  for (const { at, end } of cuts) {
    parts.push(text.slice(start, at).trim());
    start = end;
  }
  parts.push(text.slice(start).trim());
  return { parts, signs: cuts.map((cut) => cut.sign) };
}

const COMMA = /,|;/y;
const SPACED_COMMA = /,(?=\s)|;/y;
const THOUSANDS = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d|,\d)/g;

/** Parts between commas; `1,000` is a number where it cannot be two. */
export function splitAtCommas(text: string): string[] {
  const spaced = /,\s/.test(text);
  const alone = /^[-+]?(?:\\?[$€£¥])?\s?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?:\s?[a-zA-Z%°\\].*)?$/.test(text);
  const joined = text.replace(THOUSANDS, (number) => (spaced || alone ? number.replaceAll(',', '') : number));
  return [...splitAt(joined, spaced ? SPACED_COMMA : COMMA).parts];
}

/** What stands between a bracket at the start and its partner at the end, or null. */
export function between(
  text: string,
): { readonly open: string; readonly inside: string; readonly close: string } | null {
  const match = /^(\\\{|\\langle|[([{\]])(.*?)(\\\}|\\rangle|[)\]}[])$/s.exec(text);
  if (!match) return null;
  const [, open = '', inside = '', close = ''] = match;
  let depth = 0;
  for (const c of inside) {
    if (OPENING.includes(c)) depth++;
    else if (CLOSING.includes(c) && --depth < 0) return null;
  }
  return depth === 0 ? { open, inside: inside.trim(), close } : null;
}
