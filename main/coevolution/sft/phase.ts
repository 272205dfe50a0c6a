/**
 * Supervised fine-tuning before the loop: both roles begin as copies of what comes out. Cross-entropy on completions alone,
 * AdamW, watched on a held-out share; it ends after its last step, or where that loss has not fallen for a while. A unit is
 * one optimiser step, with the measurement that follows it.
 */
import type { EventBody } from '../../../preload/contract/events.js';
import type { SftRecipe } from '../../../preload/contract/recipe-sft.js';
import { LabError } from '../../lib/errors.js';
import { readTable } from '../../tables/read-table.js';
import { dataFile } from '../../tables/shipped.js';
import { announce, type LoopContext, type Position, unitsDone } from '../context.js';
import { heldOutReason } from '../fates.js';
import type { LearnerMetrics, LearnerSequence } from '../executor.js';
import type { LoopState, SftProgress } from '../state.js';
import type { Unit } from '../unit.js';
import { batchesOf } from './batches.js';
import { examplesOf } from './examples.js';
import { sequencesOf, type Sequences } from './sequences.js';

const ITERATION = 0;

export async function* sftPhase(context: LoopContext, state: LoopState): AsyncGenerator<Unit, LoopState> {
  const recipe = context.recipe.sft;
  const start = recipe && unitsDone(state, ITERATION, 'sft');
  if (!recipe || start === null || state.sft?.over) return state;
  const data = await prepared(context, recipe);
  refuseOtherData(recipe, state.sft, data);
  const lengths = data.train.map(lengthOf);
  const batches = batchesOf(lengths, recipe, context.key.child('sft'));
  const position: Position = { iteration: ITERATION, phase: 'sft', total: batches.length };
  announce(context, position, start);
  const { learner } = context.executor;
  const longest = [...data.train, ...data.heldOut].reduce((most, s) => Math.max(most, lengthOf(s)), 1);
  await learner.begin({
    optimiser: recipe.optimiser,
    microBatchTokens: recipe.micro_batch_tokens,
    packInto: recipe.packing ? longest : null,
    longest,
    steps: batches.length,
    done: start,
  });
  let progress = state.sft ?? { data: data.digest, best: null, worse: 0, over: false };
  for (let step = start; step < batches.length && !progress.over; step++) {
    const events: EventBody[] = step === 0 ? [preparedEvent(recipe, data, batches.length)] : [];
    const before = step === 0 ? await measured(context, data) : null;
    if (before !== null) progress = judged(context, recipe, progress, { step: 0, loss: before });
    const update = await learner.step(
      (batches[step] as number[]).map((i) => data.train[i] as LearnerSequence),
      context.signal,
    );
    const done = step + 1;
    const last = done === batches.length;
    const loss = last || done % recipe.evaluate_every === 0 ? await measured(context, data) : null;
    if (loss !== null) progress = judged(context, recipe, progress, { step: done, loss });
    if (last) progress = { ...progress, over: true };
    const metrics = metricsOf(update, { before, loss });
    events.push({ type: 'step.finished', iteration: ITERATION, phase: 'sft', step, metrics });
    if (progress.over) {
      learner.end(recipe.weights === 'best' ? 'kept' : 'present');
      events.push(finishedEvent(recipe, progress, { steps: done, planned: batches.length }));
    }
    state = { ...state, cursor: { iteration: ITERATION, phase: 'sft', step: done }, sft: progress };
    yield { iteration: ITERATION, phase: 'sft', step, rows: { metrics }, events, state, milestone: progress.over };
  }
  return state;
}

/**
 * Refuses data that cannot be learnt from. Measuring a model may take hours: what is wrong with a file is said before.
 * @throws LabError('usage')
 */
export async function requireData(context: LoopContext): Promise<void> {
  if (context.recipe.sft) await prepared(context, context.recipe.sft);
}

const lengthOf = ({ prompt, completion }: LearnerSequence): number => prompt.length + completion.length - 1;

async function prepared(context: LoopContext, recipe: SftRecipe): Promise<Sequences> {
  const file = dataFile(recipe.data);
  const { executor, key } = context;
  const isHeldOut = (question: string): boolean => heldOutReason(context.recipe, context.overlapOf(question)) !== null;
  const examples = examplesOf(await readTable(file), recipe, context.domain);
  return sequencesOf(examples, { file, recipe, isHeldOut, learner: executor.learner, key: key.child('sft', 'split') });
}

/** A run goes on with the data it began with: with other data it would be neither run. */
function refuseOtherData({ data: file }: SftRecipe, progress: SftProgress | null, data: Sequences): void {
  if (progress === null || progress.data === data.digest) return;
  throw new LabError('usage', `${file} is no longer what it was when the run began to learn from it.`, {
    remedy: 'Put the file back as it was, or start a new run.',
  });
}

/** Not to be given up in the middle: behind a step the weights are no longer those that were committed last. */
function measured({ executor }: LoopContext, { heldOut }: Sequences): Promise<number | null> {
  return heldOut.length === 0 ? Promise.resolve(null) : executor.learner.evaluate(heldOut);
}

/** What a measurement says: a new best, whose weights are set aside, or one time more without it. */
function judged(
  { executor }: LoopContext,
  { patience, weights }: SftRecipe,
  progress: SftProgress,
  at: { readonly step: number; readonly loss: number },
): SftProgress {
  if (progress.best === null || at.loss < progress.best.loss) {
    if (weights === 'best') executor.learner.keep();
    return { ...progress, best: at, worse: 0 };
  }
  const worse = progress.worse + 1;
  return { ...progress, worse, over: patience > 0 && worse >= patience };
}

function metricsOf(
  { loss, entropy, gradientNorm, learningRate, tokens, filled }: LearnerMetrics,
  heldOut: { readonly before: number | null; readonly loss: number | null },
): Record<string, number> {
  return {
    loss,
    ...(heldOut.before !== null && { held_out_loss_before: heldOut.before }),
    ...(heldOut.loss !== null && { held_out_loss: heldOut.loss }),
    entropy,
    gradient_norm: gradientNorm,
    learning_rate: learningRate,
    trained_tokens: tokens,
    filled_share: filled,
  };
}

function preparedEvent(recipe: SftRecipe, data: Sequences, steps: number): EventBody {
  const tokens = data.train.reduce((sum, { completion }) => sum + completion.length, 0);
  return {
    type: 'sft.prepared',
    data: recipe.data,
    digest: data.digest,
    examples: data.examples,
    train: data.train.length,
    heldOut: data.heldOut.length,
    ...{ benchmark: data.leftOut.benchmark, tooLong: data.leftOut.tooLong, truncated: data.truncated },
    ...{ tokens, steps },
  };
}

function finishedEvent(
  { weights }: SftRecipe,
  { best }: SftProgress,
  { steps, planned }: { readonly steps: number; readonly planned: number },
): EventBody {
  return { type: 'sft.finished', steps, planned, best, weightsOf: weights === 'best' && best ? best.step : steps };
}
