/**
 * Where the final answer stands in a completion: the last complete \boxed{…}, else what follows "the answer is" or
 * "####", else the last number. One pass over the text, whatever it contains; what it means is canonical.ts's matter.
 */

/** Longer than any final answer; a box that holds an essay is no answer. */
const MAX_ANSWER_LENGTH = 2000;
/** Phrases and numbers are looked for at the end only. */
const TAIL_LENGTH = 2000;

const BOX = /\\(?:boxed|fbox)\s*$/;

/** The content of the last \boxed{…} (or \fbox) whose braces are balanced; escaped braces do not count. */
export function lastBoxed(text: string): string | null {
  const open: { readonly start: number; readonly boxed: boolean }[] = [];
  let last: string | null = null;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && /[{}\\]/.test(text[i + 1] ?? '')) i++;
    else if (c === '{') open.push({ start: i + 1, boxed: BOX.test(text.slice(Math.max(0, i - 12), i)) });
    else if (c === '}') {
      const group = open.pop();
      if (group?.boxed) last = text.slice(group.start, i);
    }
  }
  return last;
}

const PHRASES = /(?:####|\banswer\s*(?:is|=|:)|\banswer\*\*\s*:?)[\s:*]*(?:(?:\$\$|\\\[)\s*\n\s*)?([^\n]{1,300})/gi;
// A minus between digits is a subtraction, not a sign.
const NUMBERS = /(?:(?<![\d)\]}])-)?\$?\d[\d,]*(?:\.\d+)?(?:\/\d+)?%?/g;

/** What follows the last "answer is", up to the end of its sentence. */
export function afterPhrase(tail: string): string | null {
  let found: string | null = null;
  for (const match of tail.matchAll(PHRASES)) found = match[1] ?? null;
  if (found === null) return null;
  // "Final answer: The final answer is 42".
  for (let before = ''; before !== found;) {
    before = found;
    found = found.replace(/^(?:the\s+)?(?:(?:final|correct)\s+)?answer\s*(?:is|=|:)[\s:*]*/i, '');
  }
  const sentence = found.split(/[.!?;](?:\s|$)/, 1)[0] ?? '';
  return sentence.replaceAll('**', '').trim() || null;
}

export function lastNumber(tail: string): string | null {
  const numbers = tail.replaceAll('\u2212', '-').match(NUMBERS);
  return numbers?.[numbers.length - 1]?.replace(/,+$/, '') ?? null;
}

export interface ExtractOptions {
  /** Without them only a box counts. */
  readonly fallbacks: boolean;
}

/** The final answer as written, or null. */
export function extractFinalAnswer(text: string, { fallbacks }: ExtractOptions): string | null {
  const boxed = lastBoxed(text)?.trim();
  if (boxed !== undefined && boxed !== '') return boxed.length <= MAX_ANSWER_LENGTH ? boxed : null;
  if (!fallbacks) return null;
  const tail = text.slice(-TAIL_LENGTH);
  return afterPhrase(tail) ?? lastNumber(tail);
}
