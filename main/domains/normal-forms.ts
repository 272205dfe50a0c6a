/** Which questions are the same: their normal forms, by the word a domain's folder gives. */
import type { DomainFile } from '../../preload/contract/domain-file.js';

function words(question: string): string {
  return question
    .replace(/\s+/g, ' ')
    .replace(/ ?[.?!]? ?$/, '')
    .trim();
}

const plain = (question: string): string => question.normalize('NFKC').toLowerCase();

export const NORMAL: Readonly<Record<DomainFile['normalise'], (question: string) => string>> = {
  exact: (question) => question,
  words: (question) => words(plain(question)),
  math: (question) => words(plain(question).replace(/\\[,;:! ]|[$~]/g, ' ')),
};
