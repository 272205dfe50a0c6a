/**
 * How true the pseudo-labels are, iteration by iteration: of all questions that were labelled, and of those that were kept.
 * The paper's finding is that they decay as questions become harder (79.0, 69.0, 63.0 %). Needs a domain with an oracle,
 * which only measures.
 */
import { FULL, upTo, type StudyFamily } from '../study.js';

export const labelDecay: StudyFamily = {
  name: 'label-decay',
  title: 'Label decay',
  asks: 'How true are the labels that the Solver votes for itself, and do they decay as the questions become harder?',
  equal: 'One arm, the recipe as it is; each iteration is compared with the first of the same run.',
  columns: ['labels', 'benchmarks'],
  design: ({ iterations }) => ({
    arms: [FULL],
    rows: upTo(iterations).map((t) => ({
      key: `iteration-${t}`,
      title: `iteration ${t}`,
      arm: FULL.name,
      iteration: t,
      against: t === 1 ? [] : ['iteration-1'],
    })),
  }),
};
