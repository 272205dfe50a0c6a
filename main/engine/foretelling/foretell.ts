/** How long a run would take, phase by phase: the loop itself, on an executor that only counts. */
import type { EventBody, Phase } from '../../../preload/contract/events.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { coevolve } from '../../coevolution/loop.js';
import { contextOf } from '../../coevolution/make-context.js';
import { initialState } from '../../coevolution/state.js';
import type { Clock } from './foretold-executor.js';
import type { ForetoldExecutor } from './foretold-executor.js';

/** Seconds of one time through each phase of the recipe. */
export type PhaseSeconds = Readonly<Partial<Record<Phase, number>>>;

/** Questions that the curriculum is cut down to, in units. */
const FEW_UNITS = 2;

/**
 * One iteration of the recipe with few steps of each phase, and each phase's time as often as it has steps. What happens between
 * the model's work (grading, filtering, writing the record) is not counted.
 */
export async function phaseSeconds(
  recipe: Recipe,
  executor: ForetoldExecutor,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<PhaseSeconds> {
  const short = shortened(recipe);
  const context = await contextOf(short.recipe, executor, {
    emit: (_: EventBody) => undefined,
    signal,
    iterationSeconds: () => 0,
  });
  const seconds: Partial<Record<Phase, number>> = {};
  let last = clock.seconds;
  for await (const { phase } of coevolve(context, initialState(short.recipe))) {
    seconds[phase] = (seconds[phase] ?? 0) + (clock.seconds - last);
    last = clock.seconds;
  }
  return Object.fromEntries(
    Object.entries(seconds).map(([phase, value]) => [phase, value * (short.times[phase as Phase] ?? 1)]),
  );
}

/** A recipe of the same steps, only fewer, and how many times as much the whole one is. */
function shortened(recipe: Recipe): { recipe: Recipe; times: Partial<Record<Phase, number>> } {
  const { challenger, curriculum, solver, checkpoint, sft } = recipe;
  const questions = Math.min(curriculum.questions, FEW_UNITS * checkpoint.chunk);
  return {
    recipe: {
      ...recipe,
      iterations: Math.min(1, recipe.iterations),
      challenger: { ...challenger, steps: 1 },
      // Drawn answers seldom agree as the model's would: whatever was labelled is learnt from.
      curriculum: { ...curriculum, questions, band: { low: 0, high: 1 } },
      solver: { ...solver, steps: 1 },
      reviews: { ...recipe.reviews, pause_after_curriculum: false },
    },
    times: {
      challenger: challenger.steps,
      curriculum: curriculum.questions / questions,
      solver: solver.steps,
      // Gone through before and after.
      baseline: sft?.measure_before ? 1 / 2 : 1,
    },
  };
}
