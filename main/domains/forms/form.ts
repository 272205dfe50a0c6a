/** How a question stands in what the Challenger writes. */
import type { DomainFile } from '../../../preload/contract/domain-file.js';
import type { ParsedQuestion } from '../domain.js';

export type Finish = 'stop' | 'length';

export interface Form {
  /** Reasons are short and few, because funnels count by them. */
  parse(completion: string, finish: Finish): ParsedQuestion;
  /** Whether a text, which a person may have typed, is a question of this form. */
  isQuestion(text: string): boolean;
}

export type QuestionRules = DomainFile['question'];

export function invalid(reason: string): ParsedQuestion {
  return { valid: false, reason };
}
