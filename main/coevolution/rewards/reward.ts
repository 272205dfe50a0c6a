/**
 * The Challenger's reward for one question: uncertainty minus repetition, and a fixed value for a malformed one. Parts
 * are kept apart so that a row can show why a question earned what it did.
 *
 * The two published variants differ in more than the height of the peak: the paper never lets a well-formed question
 * fall below 0, the public code does.
 */
import type { Recipe } from '../../../preload/contract/recipe.js';
import { repetitionPenalty } from './repetition.js';
import { uncertaintyReward, type UncertaintyName } from './uncertainty.js';

export type RewardRecipe = Recipe['challenger']['reward'];

export interface WellFormedQuestion {
  /** Share of the majority answer among the Solver's votes. */
  readonly share: number;
  readonly clusterSize: number;
  /** All questions of the batch, malformed ones included. */
  readonly batchSize: number;
}

export interface ChallengerReward {
  readonly reward: number;
  /** 0 for a malformed question. */
  readonly uncertainty: number;
  readonly repetition: number;
}

const FLOOR: Readonly<Record<UncertaintyName, number>> = { paper: 0, code: -Infinity };

// A share is k/m: the tolerance keeps 5 of 10 above a cut-off of 0.5 whatever the rounding.
const TOLERANCE = 1e-6;

/** `question` is null where the completion is malformed. */
export function challengerReward(question: WellFormedQuestion | null, recipe: RewardRecipe): ChallengerReward {
  if (question === null) return { reward: recipe.malformed, uncertainty: 0, repetition: 0 };
  const counts = question.share >= recipe.min_vote_share - TOLERANCE;
  const uncertainty = counts ? uncertaintyReward(recipe.uncertainty, question.share) : 0;
  const repetition = repetitionPenalty(recipe.repetition_weight, question.clusterSize, question.batchSize);
  return { reward: Math.max(FLOOR[recipe.uncertainty], uncertainty - repetition), uncertainty, repetition };
}
