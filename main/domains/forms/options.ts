/**
 * A question with lettered options as one text: the question, an empty line, then `A) …`, `B) …`, an option a line. What it is
 * written as is read again here, so that a question in the record is all there is to know of it.
 */
import type { RandomKey } from '../../lib/random.js';

export interface MultipleChoice {
  readonly stem: string;
  /** In the order of their letters. */
  readonly options: readonly string[];
}

const LETTERS = 'ABCDEFGHIJ';
/** `A) text`, `A. text`, `(A) text`, `A: text`. */
const LETTERED = /^\s*\(?([A-J])\s*[).:]\s*(\S.*)$/;

export function letterOf(index: number): string {
  return LETTERS.charAt(index);
}

/**
 * The question and its options, from the last line that is lettered A on; lines without a letter go on with the option before.
 * Null where there are no options, or their letters are not A, B, C … in order.
 */
export function readOptions(text: string): MultipleChoice | null {
  const lines = text.split('\n').map((line) => ({ line, match: LETTERED.exec(line) }));
  const first = lines.findLastIndex(({ match }) => match?.[1] === 'A');
  if (first < 0) return null;
  const options: string[] = [];
  for (const { line, match } of lines.slice(first)) {
    if (match) {
      if (match[1] !== letterOf(options.length)) return null;
      options.push((match[2] as string).trim());
    } else if (line.trim() !== '') options.push(`${options.pop() ?? ''} ${line.trim()}`);
  }
  const stem = lines.slice(0, first);
  return { stem: stem.map(({ line }) => line.trimEnd()).join('\n').trim(), options }; // prettier-ignore
}

export function writeOptions({ stem, options }: MultipleChoice): string {
  return `${stem}\n\n${options.map((option, i) => `${letterOf(i)}) ${option}`).join('\n')}`;
}

export interface Presented {
  /** The question with its options in another order. */
  readonly question: string;
  /** The letter as it is in the question itself, of the letter as it was shown; what is no letter of it stays. */
  restore(letter: string): string;
}

/** The options in an order drawn from the key. A text without options stays as it is. */
export function shuffleOptions(question: string, key: RandomKey): Presented {
  const read = readOptions(question);
  if (read === null) return { question, restore: (letter) => letter };
  const order = key.stream().shuffled(read.options.map((_, i) => i));
  const options = order.map((i) => read.options[i] as string);
  return {
    question: writeOptions({ ...read, options }),
    restore: (letter) => {
      const shown = letter.length === 1 ? LETTERS.indexOf(letter) : -1;
      const place = order[shown];
      return place === undefined ? letter : letterOf(place);
    },
  };
}

/** Equal for questions that are the same but for the order of their options. */
export function withoutOrder(question: string, normalise: (text: string) => string): string {
  const read = readOptions(question);
  if (read === null) return normalise(question);
  return [normalise(read.stem), ...read.options.map(normalise).sort()].join('\n');
}
