/** The words by which domain.yaml names what is code. The code of each is in main/domains, where a word without code does not compile. */

/** How a question stands in a completion of the Challenger. */
export const FORMS = {
  tags: 'the text between the last pair of tags, and an answer in \\boxed{} after it',
  choice: 'as tags, its last lines lettered options (A) to J)), and the letter of the right one in \\boxed{}',
  chains: 'additions and subtractions of numbers 0 to 99 and nothing else, as the nano model writes them',
} as const;

/** How an answer is found in a completion of the Solver, and which answers are equal. */
export const ANSWERS = {
  math: 'numbers and formulas, equal by value: 1/2 is 0.5',
  choice: 'a letter, A to J',
  text: 'a few words, equal but for punctuation, spaces and, as wished, case and articles',
  chains: 'a whole number after the last #',
} as const;

/** Which questions count as the same. */
export const NORMAL_FORMS = {
  exact: 'those that are the same character by character',
  words: 'those with the same words, whatever their case, spaces and last mark',
  math: 'as words, and whatever their typography: $, ~ and the spaces of LaTeX',
} as const;

/** A measure of difficulty that needs no answer. */
export const DIFFICULTIES = {
  'chain-terms': 'numbers added and subtracted in a chain',
  words: 'words of the question',
  options: 'options to choose from',
} as const;

/** A rule that tells what a question is about. */
export const TOPICS = {
  'math-subjects': 'the subjects of mathematics, by the words in it',
  'chain-shape': 'the signs of a chain, and whether it has numbers of two digits',
} as const;

/** Another form of a question with the same answer. */
export const REWRITINGS = { chains: 'the terms of a chain in another order' } as const;

/** What knows the true answer of a question. */
export const ORACLES = {
  chains: 'the value of a chain',
  'word-problems': 'the answer of a simple word problem, where every sentence of it is understood',
} as const;

/** The words of a table, as an enum takes them. */
export function words<T extends Readonly<Record<string, string>>>(
  table: T,
): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];
}
