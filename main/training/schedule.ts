/**
 * Learning rates over the steps of a phase. Leaves out restarts and per-group factors: a phase has one rate.
 */
import type { OptimiserRecipe } from '../../preload/contract/recipe.js';

/**
 * The rate of optimiser step `step` (from 0) of `totalSteps`: a linear warm-up that reaches the full rate at step
 * `warmup_steps − 1`, times, where the recipe says so, a linear decay that would reach 0 one step after the last.
 */
export function learningRateAt(recipe: OptimiserRecipe, step: number, totalSteps: number): number {
  const warmup = Math.min(1, (step + 1) / Math.max(1, recipe.warmup_steps));
  const decay = recipe.decay === 'linear' ? Math.max(0, 1 - step / Math.max(1, totalSteps)) : 1;
  return recipe.learning_rate * warmup * decay;
}

/** Warm-up, then half a cosine from 1 to `floor` over `totalSteps`; a factor, `step` counted from 1. */
export function cosineFactor(step: number, options: { warmup: number; totalSteps: number; floor: number }): number {
  const { warmup, totalSteps, floor } = options;
  const progress = Math.min(1, step / totalSteps);
  return Math.min(1, step / warmup) * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
