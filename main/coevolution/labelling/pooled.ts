/**
 * Votes pooled over a question and a rewritten form with the same answer. A model's systematic errors depend on the
 * form, so that they split where true answers add up. Beyond the paper. Only questions in the band are asked again.
 */
import { LabError } from '../../lib/errors.js';
import type { Labeller } from './labeller.js';
import { tally } from './vote.js';

export const pooledLabeller: Labeller = {
  name: 'pooled',
  async label(questions, { ask, unify, inBand, rewrite }) {
    if (!rewrite) {
      throw new LabError('recipe', 'curriculum.labelling is "pooled", but this domain cannot rewrite a question.', {
        remedy: 'Use curriculum.labelling: majority.',
      });
    }
    const first = await ask(questions, 'vote');
    const again = first.flatMap((votes, i) => (inBand(votes.share) ? [i] : []));
    const forms = again.map((i) => rewrite(questions[i] as string, i));
    const second = await ask(forms, 'rewrite');
    const pools = await unify(
      again.map((i, place) => [...(first[i]?.answers ?? []), ...(second[place]?.answers ?? [])]),
    );
    const placeOf = new Map(again.map((i, place) => [i, place]));
    return first.map(({ label, share, answers }, i) => {
      const place = placeOf.get(i);
      const pool = place === undefined ? undefined : pools[place];
      if (place === undefined || !pool) {
        return { label, majority: label, labelShare: share, pHat: share, rewrite: null, answers };
      }
      const pooled = tally(pool.map((a) => a.canonical));
      const form = forms[place] as string;
      return {
        label: pooled.label,
        majority: label,
        labelShare: pooled.share,
        pHat: share,
        rewrite: form,
        answers: pool,
      };
    });
  },
};
