/**
 * R-Zero (arXiv 2508.05004, algorithm of section 3): one base model, copied into a Challenger and a Solver that teach
 * each other. Each role goes on from its own last checkpoint. Every `yield` is a unit of finished work: whoever drives
 * the loop commits it, and may stop there and go on another day from the state it carries.
 */
import { BEFORE_SFT } from '../../preload/contract/events.js';
import { challengerPhase } from './challenger.js';
import { type LoopContext, unitsDone } from './context.js';
import { correctionPhase } from './corrections/phase.js';
import { curriculumPhase } from './curriculum.js';
import { evaluationPhase } from './evaluation.js';
import { requireData, sftPhase } from './sft/phase.js';
import { solverPhase } from './solver.js';
import type { LoopState } from './state.js';
import type { Unit } from './unit.js';

export async function* coevolve(context: LoopContext, state: LoopState): AsyncGenerator<Unit, LoopState> {
  if (state.stopped !== null) return state;
  if (context.recipe.sft) {
    // Where the recipe has data to learn from first, both roles begin as copies of what comes of it.
    if (unitsDone(state, BEFORE_SFT, 'baseline') === 0) await requireData(context);
    if (context.recipe.sft.measure_before) state = yield* evaluationPhase(context, state, BEFORE_SFT);
    state = yield* sftPhase(context, state);
  }
  state = yield* evaluationPhase(context, state, 0);

  for (let iteration = 1; iteration <= context.recipe.iterations; iteration++) {
    // 1. The Challenger learns to ask what the Solver can only just not do.
    state = yield* challengerPhase(context, state, iteration);

    // 2. It writes questions; the Solver's majority vote labels them; those at the edge are kept.
    state = yield* curriculumPhase(context, state, iteration);

    // People may have said which of them are wrong; where the recipe wants it so, that takes effect now.
    state = yield* correctionPhase(context, state, iteration);

    // 3. The Solver learns from its own majority.
    state = yield* solverPhase(context, state, iteration);

    // Held-out questions with exact answers show whether it got better.
    state = yield* evaluationPhase(context, state, iteration);
  }
  return state;
}
