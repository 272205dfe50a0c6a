/**
 * What the recipe of a fork may say otherwise than that of the run it comes from. What was done must not be contradicted:
 * a record whose first half was made by other rules than its recipe says would be a lie. docs/decisions/forking.md
 * gives the reasons key by key. Pure.
 */
import type { Recipe } from '../../preload/contract/recipe.js';
import type { Cursor } from '../../preload/contract/runs.js';
import { LabError } from '../lib/errors.js';
import { isRecord } from './recipe-issues.js';

export interface ForkPlace extends Cursor {
  /** Whether the phase of the cursor is over. */
  readonly complete: boolean;
}

interface Rule {
  /** The key, or the beginning of the keys, that may not change. */
  readonly key: string;
  readonly why: string;
}

const ALWAYS: readonly Rule[] = [
  { key: 'model', why: 'both roles began as this model' },
  { key: 'sft', why: 'both roles began as what it made of the model' },
  { key: 'lora', why: 'the checkpoint holds adapters of one shape on one base, or whole weights' },
  { key: 'roles', why: 'the roles began as one model or as two, and so they are kept' },
  { key: 'domain', why: 'the questions so far are of this domain' },
  { key: 'prompts.solver', why: 'earlier iterations were measured with this prompt' },
  { key: 'prompts.solver_system', why: 'earlier iterations were measured with this prompt' },
  { key: 'evaluation', why: 'earlier iterations were measured like this, and the figures of one run must compare' },
];

/** An optimiser's moments and the schedule's place mean what they mean only with these. */
const underWay = (role: 'challenger' | 'solver'): Rule[] =>
  ['steps', 'optimiser.betas', 'optimiser.epsilon', 'optimiser.warmup_steps', 'optimiser.decay'].map((key) => ({
    key: `${role}.${key}`,
    why: `the ${role} phase is under way, and its schedule and moments rest on this`,
  }));

const chunk: Rule = { key: 'checkpoint.chunk', why: 'a phase that is done in chunks is under way' };

const MIDWAY: Record<Cursor['phase'], readonly Rule[]> = {
  // The whole of `sft` stays as it is anyway; questions of a benchmark are left out by these.
  sft: [],
  baseline: [chunk],
  challenger: [
    ...['challenger.train', 'prompts'].map((key) => ({ key, why: 'the challenger phase is under way' })),
    ...underWay('challenger'),
  ],
  curriculum: ['curriculum', 'prompts'].map((key) => ({ key, why: 'this curriculum is half made' })).concat(chunk),
  solver: [
    { key: 'solver.questions_per_step', why: 'the solver phase is under way, in epochs of this many a step' },
    ...underWay('solver'),
  ],
  evaluation: [chunk],
};

/** @throws LabError('recipe') that names the key. */
export function refuseContradictions(before: Recipe, after: Recipe, place: ForkPlace): void {
  const { iteration, phase, step, complete } = place;
  if (after.iterations < iteration) {
    throw new LabError('recipe', `iterations is ${after.iterations}, but the fork begins in iteration ${iteration}.`, {
      remedy: `Set it to ${iteration} or more, or fork from an earlier checkpoint.`,
    });
  }
  if (after.iterations === iteration && phase === 'evaluation' && complete) {
    throw new LabError(
      'recipe',
      `Nothing is left to do: the checkpoint is the end of iteration ${iteration}, the last.`,
      {
        remedy: `Set iterations=${iteration + 1} or more, or fork from an earlier checkpoint.`,
      },
    );
  }
  const rules = [...ALWAYS, ...(complete || step === 0 ? [] : MIDWAY[phase])];
  for (const key of changedKeys(before, after)) {
    const rule = rules.find((r) => key === r.key || key.startsWith(`${r.key}.`));
    if (!rule) continue;
    throw new LabError('recipe', `${key} cannot change in this fork: ${rule.why}.`, {
      remedy: ALWAYS.includes(rule)
        ? 'Leave it as it is, or start a new run.'
        : `Leave it as it is, or fork from a checkpoint at the end of a phase.`,
    });
  }
}

/** Dotted names of the values that differ. */
function changedKeys(before: unknown, after: unknown, path: readonly string[] = []): string[] {
  if (!isRecord(before) || !isRecord(after))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [path.join('.')];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => changedKeys(before[name], after[name], [...path, name]));
}
