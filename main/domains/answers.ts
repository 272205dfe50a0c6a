/** How a domain's answers are found and compared, by the word its folder gives: the graders, and the nano model's own. */
import type { DomainFile } from '../../preload/contract/domain-file.js';
import { type Grader, graderOf } from '../grading/grader.js';
import { chainAnswers } from './chains/answer.js';

export type AnswerReader = Pick<Grader, 'extract' | 'canonical'>;

export function answersOf({ kind, ignore_case, ignore_articles }: DomainFile['answers']): AnswerReader {
  if (kind === 'chains') return chainAnswers;
  return graderOf(kind, { ignoreCase: ignore_case, ignoreArticles: ignore_articles });
}
