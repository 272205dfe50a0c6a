/** Questions with lettered options: how they are written out, and the checks that letter, place and text agree. */
import { cellFault, listOf, type SetRow } from './cells.js';

const LETTERS = 'ABCDEFGHIJ';
/** What stands in the place of an option where a question has fewer than others. */
const PLACEHOLDER = /^(?:n\/a|nan|none|)$/i;

export interface Options {
  /** The question with a line for each option. */
  readonly question: string;
  /** What stands behind a letter; a placeholder has no text. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Letters go by place and do not move when a placeholder is left out. "None" is a placeholder only in the padding at the
 * end: elsewhere it may be meant.
 */
export function withOptions(question: string, row: SetRow, column: string): Options {
  const options = listOf(row, column);
  let last = options.length;
  while (last > 0 && PLACEHOLDER.test(options[last - 1] ?? '')) last--;
  const there = options
    .map((text, i) => ({ text, letter: LETTERS[i] }))
    .filter(({ text }, i) => {
      return i < last && !/^n\/a$/i.test(text);
    });
  if (options.length > LETTERS.length) {
    throw cellFault(
      row,
      column,
      `holds ${options.length} options, at most ${LETTERS.length} have a letter`,
      'Leave some out.',
    );
  }
  const empty = there.find(({ text }) => text === '');
  if (empty) throw cellFault(row, column, `has nothing at place ${empty.letter}`, 'Every option needs a text.');
  if (there.length < 2) throw cellFault(row, column, `holds ${there.length} options`, 'A choice needs two or more.');
  const lines = there.map(({ text, letter }) => `${letter}) ${text}`);
  return {
    question: `${question}\n\n${lines.join('\n')}`,
    texts: new Map(there.map(({ text, letter }) => [letter as string, text])),
  };
}

/** The letter in a column, which must be that of an option. */
export function letterOf(row: SetRow, column: string, { texts }: Options): string {
  const value = row.cells[column];
  const letter =
    typeof value === 'string'
      ? value
          .trim()
          .toUpperCase()
          .replace(/^\(?([A-J])\)?[.:]?$/, '$1')
      : '';
  if (texts.has(letter)) return letter;
  const letters = [...texts.keys()].join('');
  throw cellFault(
    row,
    column,
    value === null || value === undefined
      ? 'is missing'
      : `is ${JSON.stringify(value)}, not the letter of an option (${letters})`,
    'The true answer is the letter of an option.',
  );
}

/** An index from 0 that names another option than the letter does. */
export function checkIndex(row: SetRow, column: string, letter: string): void {
  const index = row.cells[column];
  if (index === null || index === undefined || Number(index) === LETTERS.indexOf(letter)) return;
  throw cellFault(
    row,
    column,
    `is ${JSON.stringify(index)}, but the answer is ${letter}, whose index from 0 is ${LETTERS.indexOf(letter)}`,
    'Find out which is right and mend the row.',
  );
}

export function letterAt(index: number): string | undefined {
  return LETTERS[index];
}
