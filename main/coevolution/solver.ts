/**
 * The Solver phase (paper, section 3.3): GRPO on the kept questions, reward 1 where the answer equals the pseudo-label.
 * Questions are drawn in shuffled epochs, so that each is used once before any is used twice.
 */
import type { EventBody } from '../../preload/contract/events.js';
import { groupAdvantages } from '../training/advantages.js';
import { announce, type LoopContext, type Position, progressOf, unitsDone } from './context.js';
import type { Completion, UpdateMetrics } from './executor.js';
import { alarmsOfStep } from './guards.js';
import { questionAnswered } from './rollouts.js';
import type { LabelledQuestion, LoopState } from './state.js';
import { completionMetrics, meanOrZero, updateMetrics } from './step-metrics.js';
import type { AnswerRecord, Unit, UseRecord } from './unit.js';
import { answerRecord } from './voting.js';

interface Rollout {
  readonly completion: Completion;
  readonly record: AnswerRecord;
  readonly correct: boolean;
  readonly reward: number;
}

export async function* solverPhase(
  context: LoopContext,
  state: LoopState,
  iteration: number,
): AsyncGenerator<Unit, LoopState> {
  const recipe = context.recipe.solver;
  const start = unitsDone(state, iteration, 'solver');
  // An empty curriculum has raised its alarm already; without questions there is nothing to step on.
  if (start === null || state.curriculum.length === 0) return state;
  const position: Position = { iteration, phase: 'solver', total: recipe.steps };
  announce(context, position, start);
  const policy = context.executor.solver;
  const { optimiser, grpo, steps, sampling } = recipe;
  await policy.beginPhase({ optimiser, grpo, newTokens: sampling.max_new_tokens, steps, done: start });
  for (let step = start; step < recipe.steps; step++) {
    const questions = questionsOfStep(context, state.curriculum, iteration, step);
    const rollouts = await sampleAnswers(context, position, step, questions);
    const { advantages, zeroVarianceGroups } = groupAdvantages(
      rollouts.map((group) => group.map((r) => r.reward)),
      recipe.grpo.normalise_by_deviation,
    );
    const batch = rollouts.flatMap((group, g) =>
      group.map(({ completion }, j) => ({
        prompt: context.domain.solverPrompt((questions[g] as LabelledQuestion).question),
        completion,
        advantage: advantages[g]?.[j] as number,
      })),
    );
    const update = await policy.update(batch, context.signal);
    state = { ...state, cursor: { iteration, phase: 'solver', step: step + 1 } };
    yield unitOf(context, position, { step, questions, rollouts, advantages, zeroVarianceGroups, update, state });
  }
  policy.endPhase();
  return state;
}

/** Step `step` takes its share of an endless sequence of shuffled epochs: a function of the key alone. */
export function questionsOfStep(
  context: Pick<LoopContext, 'key' | 'recipe'>,
  curriculum: readonly LabelledQuestion[],
  iteration: number,
  step: number,
): LabelledQuestion[] {
  const wanted = context.recipe.solver.questions_per_step;
  const epochs = new Map<number, LabelledQuestion[]>();
  return Array.from({ length: wanted }, (_, i) => {
    const position = step * wanted + i;
    const epoch = Math.floor(position / curriculum.length);
    let order = epochs.get(epoch);
    if (!order) {
      order = context.key.child('solver', iteration, 'epoch', epoch).stream().shuffled(curriculum);
      epochs.set(epoch, order);
    }
    return order[position % curriculum.length] as LabelledQuestion;
  });
}

async function sampleAnswers(
  context: LoopContext,
  position: Position,
  step: number,
  questions: readonly LabelledQuestion[],
): Promise<Rollout[][]> {
  const { recipe, domain, executor } = context;
  const key = context.key.child('solver', position.iteration, step, 'rollout');
  const understand = questionAnswered(
    domain,
    questions.map((q) => q.question),
    (answer, i) => judge(context, answer === null ? null : domain.canonicalAnswer(answer), questions[i]?.label).reward,
  );
  const groups = await executor.solver.sample(
    questions.map(({ question }, i) => ({
      prompt: domain.solverPrompt(question),
      samples: recipe.solver.rollouts_per_question,
      key: key.child(i),
    })),
    {
      work: 'solver',
      sampling: recipe.solver.sampling,
      signal: context.signal,
      onProgress: progressOf(context, position, step)({ from: 0, to: 0.5, understand }),
    },
  );
  const records = groups.map((group) => group.map((completion, j) => answerRecord(domain, completion, 'solver', j)));
  // The label comes first, so that what is equal to it takes its form.
  const labelled = records.map((group, g) => [questions[g]?.label ?? null, ...group.map(({ canonical }) => canonical)]);
  const forms = await context.equality.unify(labelled);
  return groups.map((group, g) =>
    group.map((completion, j) => {
      const record = { ...(records[g]?.[j] as AnswerRecord), canonical: forms[g]?.[j + 1] ?? null };
      return { completion, record, ...judge(context, record.canonical, questions[g]?.label) };
    }),
  );
}

/** Right where the answer is the pseudo-label. */
function judge(
  { recipe }: LoopContext,
  canonical: string | null,
  label: string | undefined,
): { correct: boolean; reward: number } {
  const { reward } = recipe.solver;
  const correct = canonical !== null && canonical === label;
  return { correct, reward: reward.correct * Number(correct) + reward.format * Number(canonical !== null) };
}

interface StepResult {
  readonly step: number;
  readonly questions: readonly LabelledQuestion[];
  readonly rollouts: readonly (readonly Rollout[])[];
  readonly advantages: readonly (readonly number[])[];
  readonly zeroVarianceGroups: number;
  readonly update: UpdateMetrics;
  readonly state: LoopState;
}

function unitOf(context: LoopContext, position: Position, result: StepResult): Unit {
  const { iteration, phase } = position;
  const { step, questions, rollouts, advantages, update, state } = result;
  const all = rollouts.flat();
  const metrics: Record<string, number> = {
    reward: meanOrZero(all.map((r) => r.reward)),
    agreement: meanOrZero(all.map((r) => Number(r.correct))),
    format_share: meanOrZero(all.map((r) => Number(r.record.answer !== null))),
    ...completionMetrics(all.map((r) => r.completion)),
    zero_variance_share: result.zeroVarianceGroups / rollouts.length,
    ...updateMetrics(update),
  };
  const uses: UseRecord[] = questions.map(({ item }, slot) => ({
    step,
    item,
    slot,
    rollouts: (rollouts[slot] ?? []).map((r, j) => ({
      ...r.record,
      reward: r.reward,
      advantage: advantages[slot]?.[j] ?? null,
    })),
  }));
  const events: EventBody[] = [
    { type: 'step.finished', iteration, phase, step, metrics },
    ...alarmsOfStep(context.recipe.guards, { iteration, phase, step }, metrics),
  ];
  return { iteration, phase, step, rows: { uses, metrics }, events, state, milestone: step + 1 === position.total };
}
