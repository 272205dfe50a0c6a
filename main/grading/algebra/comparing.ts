/** What comparisons of parts need from the whole. */
import type { RandomKey } from '../../lib/random.js';
import type { Verdict } from '../verdict.js';
import type { Answer } from './answer.js';

export interface Comparing {
  readonly key: RandomKey;
  /** Of parts. */
  readonly compare: (a: Answer, b: Answer) => Verdict;
}

export const partsOf = (answer: Answer): readonly Answer[] => (answer.kind === 'set' ? answer.parts : [answer]);
