/** Points and vectors: part by part, in order. */
import { allOf, type Verdict } from '../verdict.js';
import type { Answer, Of } from './answer.js';
import type { Comparing } from './comparing.js';

export function compareTuples(a: Of<'tuple'>, b: Of<'tuple'>, compare: Comparing['compare']): Verdict {
  const shape = ({ open, close }: Of<'tuple'>): string => (open === '\\langle' ? '()' : open + close);
  if (a.parts.length !== b.parts.length) return 'different';
  const parts = allOf(a.parts.map((part, i) => compare(part, b.parts[i] as Answer)));
  return parts === 'equal' && shape(a) !== shape(b) ? 'different' : parts;
}
