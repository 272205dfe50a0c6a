/** Labellers by the name a recipe gives them. */
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { Labeller } from './labeller.js';
import { majorityLabeller } from './majority.js';
import { pooledLabeller } from './pooled.js';

const LABELLERS: Record<Recipe['curriculum']['labelling'], Labeller> = {
  majority: majorityLabeller,
  pooled: pooledLabeller,
};

export function labellerOf(name: Recipe['curriculum']['labelling']): Labeller {
  return LABELLERS[name];
}
