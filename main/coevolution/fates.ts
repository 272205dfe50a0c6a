/**
 * What becomes of a question of a curriculum, as its row: invalid, dropped, or labelled and kept. Pure functions.
 */
import type { LoopContext } from './context.js';
import type { Labelling } from './labelling/labeller.js';
import { judgeLabel } from './oracle.js';
import { uncertaintyReward } from './rewards/uncertainty.js';
import type { Candidate } from './state.js';
import type { QuestionRecord } from './unit.js';

/** Shares are multiples of 1/m; the tolerance keeps a bound like 0.3 from losing 3 of 10 to rounding. */
export function inBand({ recipe: { curriculum } }: LoopContext, share: number): boolean {
  if (!curriculum.filter) return true;
  return share >= curriculum.band.low - 1e-6 && share <= curriculum.band.high + 1e-6;
}

export function labelledRow(
  context: LoopContext,
  step: number,
  candidate: Candidate,
  labelling: Labelling,
): QuestionRecord {
  const { band } = context.recipe.curriculum;
  const kept = labelling.label !== null && inBand(context, labelling.pHat);
  const dropReason = kept
    ? null
    : labelling.label === null
      ? 'no answer'
      : labelling.pHat < band.low
        ? 'too hard'
        : 'too easy';
  return {
    ...candidateRow(context, step, candidate, dropReason),
    votes: labelling.answers.filter((a) => a.source === 'vote').length,
    pHat: labelling.pHat,
    majority: labelling.majority,
    label: labelling.label,
    labelShare: labelling.labelShare,
    labelMethod: context.labeller.name,
    rewrite: labelling.rewrite,
    uncertainty: uncertaintyReward('paper', labelling.pHat),
    kept,
    ...judgeLabel(context, candidate.question, labelling.label),
    answers: labelling.answers,
  };
}

export function candidateRow(
  { domain }: LoopContext,
  step: number,
  candidate: Candidate,
  dropReason: string | null,
): QuestionRecord {
  const { question } = candidate;
  const normalForm = domain.normaliseQuestion(question);
  return {
    ...row(step, candidate, { invalidReason: null }),
    normalForm,
    difficulty: domain.difficulty(question),
    topic: candidate.topic ?? domain.topic(question),
    dropReason,
  };
}

/** A question of which nothing is known but how it was generated. */
export function row(
  step: number,
  origin: Omit<Candidate, 'question'> & { readonly question: string | null },
  { invalidReason }: { invalidReason: string | null },
): QuestionRecord {
  return {
    step,
    ...origin,
    topic: origin.topic ?? null,
    normalForm: null,
    invalidReason,
    sameAs: null,
    difficulty: null,
    cluster: null,
    clusterSize: null,
    votes: null,
    pHat: null,
    majority: null,
    label: null,
    labelShare: null,
    labelMethod: null,
    rewrite: null,
    reward: null,
    uncertainty: null,
    repetition: null,
    advantage: null,
    kept: false,
    dropReason: null,
    oracle: null,
    labelCorrect: null,
    answers: [],
  };
}

export function tallyReasons(
  before: Readonly<Record<string, number>>,
  questions: readonly QuestionRecord[],
): Record<string, number> {
  const counts = { ...before };
  for (const { invalidReason, dropReason } of questions) {
    const reason = invalidReason ?? dropReason;
    if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
