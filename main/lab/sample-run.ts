/**
 * The run that shows what this is about, made where there is none yet, a few minutes on two cores. Recipe `nano-rewrite`, for it gains
 * in every seed that was tried (docs/lab-notes.md); `nano`, which labels as the paper does, falls back in some (docs/results.md).
 */
import { loadRecipe } from '../coevolution/recipe.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import type { Lab } from './lab.js';

export const sampleRecipe = (options: Parameters<typeof loadRecipe>[1] = {}): Recipe =>
  loadRecipe('nano-rewrite', options);

/** Null where there is a run already. It is made, not started, and the lab tells pages which it is. */
export function createSample(lab: Lab, recipe: Recipe = sampleRecipe()): RunInfo | null {
  if (lab.runs().length > 0) return null;
  const info = lab.createRun(recipe);
  lab.sample = info.id;
  return info;
}
