/**
 * How long a run would take, from what the phases of earlier runs with the same model took on this machine: each scaled by the
 * tokens it may write and learn from. Without such a run there is no estimate, and that is said. Pure.
 */
import type { Phase } from '../../../preload/contract/events.js';
import type { Preflight } from '../../../preload/contract/preflight.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { PhaseTimes } from '../../store/phase-times.js';
import type { Foretold } from './foreteller.js';

type Work = Readonly<Partial<Record<Phase, number>>>;

/** A token that is learnt from, in tokens that are written: forward and backward. */
const LEARNT = 3;
/** Runs the estimate rests on at most: the newest. */
const MOST_RUNS = 5;

/** Tokens at most in one phase of each kind. */
function workOf({ challenger, curriculum, solver, evaluation, sft, iterations }: Recipe): Work {
  const rollouts = challenger.steps * challenger.prompts_per_step * challenger.rollouts_per_prompt;
  const learnt = solver.steps * solver.questions_per_step * solver.rollouts_per_question;
  const votes = curriculum.votes * (curriculum.labelling === 'pooled' ? 2 : 1);
  const measured = (1 + evaluation.samples) * evaluation.sampling.max_new_tokens;
  // Its data is not looked at here: an earlier run of the same data and batches tells, by its epochs or steps.
  const tuned = sft ? { sft: sft.steps ?? sft.epochs } : {};
  if (iterations === 0) return { ...tuned, baseline: measured };
  return {
    ...tuned,
    ...(challenger.train
      ? {
          challenger:
            rollouts *
            ((1 + LEARNT) * challenger.sampling.max_new_tokens +
              challenger.votes * challenger.vote_sampling.max_new_tokens),
        }
      : {}),
    curriculum:
      curriculum.questions * (curriculum.sampling.max_new_tokens + votes * curriculum.vote_sampling.max_new_tokens),
    solver: learnt * (1 + LEARNT) * solver.sampling.max_new_tokens,
    evaluation: measured,
    baseline: measured,
  };
}

/** How often a run goes through a phase. */
function timesOf(phase: Phase, { iterations, sft }: Recipe): number {
  if (phase === 'sft') return 1;
  return phase === 'baseline' ? (sft?.measure_before ? 2 : 1) : iterations;
}

/** Seconds of the whole run and of an iteration at the speed of an earlier one; null where that has not been through every phase. */
function secondsLike(earlier: PhaseTimes, recipe: Recipe): Times | null {
  const [theirs, ours] = [workOf(earlier.recipe), workOf(recipe)];
  const phases: Partial<Record<Phase, number>> = {};
  for (const [phase, work] of Object.entries(ours) as [Phase, number][]) {
    const [seconds, before] = [earlier.seconds[phase], theirs[phase]];
    if (seconds === undefined || before === undefined || before === 0) return null;
    phases[phase] = (seconds * work) / before;
  }
  const times = timesIn(phases, recipe);
  // A recipe of an older version may lack what the work is counted from.
  return Number.isFinite(times.seconds) ? times : null;
}

interface Times {
  /** Of the whole run. */
  readonly seconds: number;
  readonly iteration: number;
}

/** From the seconds of one time through each phase. */
function timesIn(phases: Readonly<Partial<Record<Phase, number>>>, recipe: Recipe): Times {
  const entries = Object.entries(phases) as [Phase, number][];
  const before = ['sft', 'baseline'];
  return {
    seconds: entries.reduce((sum, [phase, seconds]) => sum + seconds * timesOf(phase, recipe), 0),
    iteration: entries.reduce((sum, [phase, seconds]) => sum + (before.includes(phase) ? 0 : seconds), 0),
  };
}

/** How far such estimates were from what runs then took. */
const MEASURED_WITHIN = 0.3;

/** From a measurement of the model itself. */
export function foretoldTime(recipe: Recipe, { phases, tokens, seconds: took }: Foretold): Preflight['time'] {
  const { seconds, iteration } = timesIn(phases, recipe);
  const lengths = `questions of ${Math.round(tokens.challenger)} tokens, answers of ${Math.round(tokens.solver)}`;
  return {
    seconds: { likely: seconds, low: seconds * (1 - MEASURED_WITHIN), high: seconds * (1 + MEASURED_WITHIN) },
    iteration,
    measured: true,
    source: `Measured with this model here, in ${Math.round(took)} s: ${lengths}. A run whose answers become longer takes longer.`,
  };
}

function sameShapes(a: Recipe, b: Recipe): boolean {
  const [first, second] = [a, b].map((recipe) => {
    const { challenger, curriculum, solver, evaluation, sft = null } = recipe;
    return JSON.stringify([
      ...[
        challenger.prompts_per_step,
        challenger.rollouts_per_prompt,
        challenger.votes,
        challenger.grpo.micro_batch_tokens,
      ],
      ...[challenger.sampling.max_new_tokens, challenger.vote_sampling.max_new_tokens, curriculum.votes],
      ...[curriculum.sampling.max_new_tokens, curriculum.vote_sampling.max_new_tokens, curriculum.labelling],
      ...[solver.questions_per_step, solver.rollouts_per_question, solver.sampling.max_new_tokens],
      sft && [sft.data, sft.batch, sft.batch_unit, sft.max_length, sft.packing, sft.steps === null],
      ...[solver.grpo.micro_batch_tokens, evaluation.benchmark, evaluation.guard_benchmark, evaluation.samples],
      // A recipe of an older version has none.
      (evaluation as Partial<typeof evaluation>).others ?? [],
    ]);
  });
  return first === second;
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;

export function timeEstimate(
  recipe: Recipe,
  earlier: readonly PhaseTimes[],
  backend: string | null,
): Preflight['time'] {
  const here = earlier.filter((run) => backend === null || run.backend === backend);
  const alike = here.filter((run) => sameShapes(run.recipe, recipe));
  const measured = (runs: readonly PhaseTimes[]): { name: string; seconds: number; iteration: number }[] =>
    runs.flatMap((run) => {
      const like = secondsLike(run, recipe);
      return like === null ? [] : [{ name: run.name, ...like }];
    });
  const same = measured(alike).slice(0, MOST_RUNS);
  const used = same.length > 0 ? same : measured(here).slice(0, MOST_RUNS);
  if (used.length === 0) {
    const source = 'No estimate: no run of this kind on this machine yet. Measuring the model gives one.';
    return { seconds: null, iteration: null, measured: false, source };
  }
  const sorted = used.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const names = used.length === 1 ? String(used[0]?.name) : `${used.length} runs, the newest ${String(used[0]?.name)}`;
  const how = same.length > 0 ? 'same model and shapes, scaled by steps' : 'same model, scaled by tokens: rough';
  return {
    seconds: { likely: middle(sorted), low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 },
    iteration: middle(used.map(({ iteration }) => iteration).sort((a, b) => a - b)),
    measured: false,
    source: `From ${names} (${how}).`,
  };
}
