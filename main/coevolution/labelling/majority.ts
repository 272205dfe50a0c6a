/** The label is what most of m answers say, as published. */
import type { Labeller } from './labeller.js';

export const majorityLabeller: Labeller = {
  name: 'majority',
  async label(questions, { ask }) {
    const votes = await ask(questions, 'vote');
    return votes.map(({ label, share, answers }) => ({
      label,
      majority: label,
      labelShare: share,
      pHat: share,
      rewrite: null,
      answers,
    }));
  },
};
