/**
 * The Challenger phase (paper, section 3.2; S frozen): sample questions → the Solver's votes → uncertainty minus
 * repetition → group advantages → one GRPO step.
 */
import type { EventBody } from '../../preload/contract/events.js';
import type { Overlap } from '../benchmarks/contamination.js';
import { groupAdvantages } from '../training/advantages.js';
import { announce, type LoopContext, type Position, progressOf, unitsDone } from './context.js';
import type { Completion, Prompt, UpdateMetrics } from './executor.js';
import { heldOutReason } from './fates.js';
import { alarmsOfStep } from './guards.js';
import type { Votes } from './labelling/labeller.js';
import { judgeLabel } from './oracle.js';
import { clusterByBleu } from './rewards/clusters.js';
import { challengerReward, type ChallengerReward } from './rewards/reward.js';
import { questionAnswered, questionWritten } from './rollouts.js';
import type { LoopState } from './state.js';
import { completionMetrics, meanOrZero, updateMetrics } from './step-metrics.js';
import type { QuestionRecord, Unit } from './unit.js';
import { drawTopic } from './topics.js';
import { collectVotes } from './voting.js';

/** What a group of rollouts was asked. */
interface Asked {
  readonly prompt: Prompt;
  readonly topic: string | null;
}

/** One completion of the Challenger, and what became of it. */
interface Attempt {
  readonly item: number;
  readonly group: number;
  /** Drawn for its group. */
  readonly topic: string | null;
  readonly completion: Completion;
  readonly question: string | null;
  readonly claimedAnswer: string | null;
  readonly invalidReason: string | null;
  /** With a benchmark; where it is held out for that, it earns nothing and teaches nothing. */
  readonly overlap: Overlap | null;
  readonly heldOut: boolean;
}

interface Scored extends Attempt {
  readonly votes: Votes | null;
  readonly sameAs: number | null;
  readonly cluster: number | null;
  readonly clusterSize: number | null;
  readonly reward: ChallengerReward;
  readonly advantage: number | null;
}

export async function* challengerPhase(
  context: LoopContext,
  state: LoopState,
  iteration: number,
): AsyncGenerator<Unit, LoopState> {
  const recipe = context.recipe.challenger;
  const start = recipe.train ? unitsDone(state, iteration, 'challenger') : null;
  if (start === null) return state;
  const position: Position = { iteration, phase: 'challenger', total: recipe.steps };
  announce(context, position, start);
  const policy = context.executor.challenger;
  const { optimiser, grpo, steps, sampling } = recipe;
  await policy.beginPhase({ optimiser, grpo, newTokens: sampling.max_new_tokens, steps, done: start });
  for (let step = start; step < recipe.steps; step++) {
    const asked = askedOf(context, iteration, step);
    const attempts = await writeQuestions(context, position, step, asked);
    const votes = await answerQuestions(context, position, step, attempts);
    const { scored, zeroVarianceGroups } = score(context, attempts, votes);
    const batch = scored.flatMap((s) =>
      s.advantage === null
        ? []
        : [{ prompt: (asked[s.group] as Asked).prompt, completion: s.completion, advantage: s.advantage }],
    );
    const update = await policy.update(batch, context.signal);
    state = { ...state, cursor: { iteration, phase: 'challenger', step: step + 1 } };
    yield unitOf(context, position, { step, scored, zeroVarianceGroups, update, state });
  }
  policy.endPhase();
  return state;
}

/** What each group is asked: all rollouts of a group share one prompt, and so one topic where the domain draws them. */
function askedOf({ domain, key, recipe }: LoopContext, iteration: number, step: number): Asked[] {
  const topics = key.child('challenger', iteration, step, 'topic');
  return Array.from({ length: recipe.challenger.prompts_per_step }, (_, g) => {
    const topic = drawTopic(domain, topics.child(g));
    return { topic, prompt: domain.challengerPrompt(topic) };
  });
}

async function writeQuestions(
  context: LoopContext,
  position: Position,
  step: number,
  asked: readonly Asked[],
): Promise<Attempt[]> {
  const { rollouts_per_prompt, sampling } = context.recipe.challenger;
  const key = context.key.child('challenger', position.iteration, step, 'question');
  const progress = progressOf(context, position, step);
  const groups = await context.executor.challenger.sample(
    asked.map(({ prompt }, g) => ({ prompt, samples: rollouts_per_prompt, key: key.child(g) })),
    {
      work: 'challenger',
      sampling,
      signal: context.signal,
      onProgress: progress({ from: 0, to: 0.2, understand: questionWritten(context.domain) }),
    },
  );
  return groups.flatMap((group, g) =>
    group.map((completion, j) => {
      const parsed = context.domain.parseQuestion(completion.text, completion.finish);
      // A benchmark question must teach nobody anything: it earns nothing and is left out of the update.
      const overlap = parsed.valid ? context.overlapOf(parsed.question) : null;
      const heldOut = heldOutReason(context.recipe, overlap);
      return {
        item: g * rollouts_per_prompt + j,
        group: g,
        topic: asked[g]?.topic ?? null,
        completion,
        question: parsed.valid && heldOut === null ? parsed.question : null,
        claimedAnswer: parsed.valid ? (parsed.answer ?? null) : null,
        invalidReason: parsed.valid ? heldOut : parsed.reason,
        overlap,
        heldOut: heldOut !== null,
      };
    }),
  );
}

/** Votes by normal form of the question: one that stands twice in a batch is answered once. */
async function answerQuestions(
  context: LoopContext,
  position: Position,
  step: number,
  attempts: readonly Attempt[],
): Promise<Map<string, Votes>> {
  const distinct = new Map<string, string>();
  for (const { question } of attempts) {
    if (question === null) continue;
    const normal = context.domain.normaliseQuestion(question);
    if (!distinct.has(normal)) distinct.set(normal, question);
  }
  const questions = [...distinct.values()];
  const progress = progressOf(context, position, step);
  const votes = await collectVotes({ ...context, solver: context.executor.solver }, questions, {
    samples: context.recipe.challenger.votes,
    sampling: context.recipe.challenger.vote_sampling,
    key: context.key.child('challenger', position.iteration, step, 'vote'),
    source: 'vote',
    signal: context.signal,
    onProgress: progress({ from: 0.2, to: 0.8, understand: questionAnswered(context.domain, questions) }),
  });
  return new Map([...distinct.keys()].map((normal, i) => [normal, votes[i] as Votes]));
}

function score(
  { recipe: { challenger: recipe }, domain }: LoopContext,
  attempts: readonly Attempt[],
  votes: ReadonlyMap<string, Votes>,
): { scored: Scored[]; zeroVarianceGroups: number } {
  const valid = attempts.filter((a) => a.question !== null);
  const clusters = clusterByBleu(
    valid.map((a) => domain.bleuTokens(a.question as string)),
    { threshold: recipe.reward.repetition_threshold, smoothing: domain.bleuSmoothing },
  );
  const clusterOf = new Map(valid.map((a, i) => [a.item, clusters.clusterOf[i] as number]));
  const firstOf = new Map<string, number>();
  const judged = attempts.map((attempt) => {
    const normal = attempt.question === null ? null : domain.normaliseQuestion(attempt.question);
    const first = normal === null ? undefined : firstOf.get(normal);
    if (normal !== null && first === undefined) firstOf.set(normal, attempt.item);
    const cluster = clusterOf.get(attempt.item) ?? null;
    const clusterSize = cluster === null ? null : (clusters.sizes[cluster] as number);
    const vote = normal === null ? null : (votes.get(normal) ?? null);
    const reward = challengerReward(
      vote && clusterSize !== null ? { share: vote.share, clusterSize, batchSize: attempts.length } : null,
      recipe.reward,
    );
    return { ...attempt, votes: vote, sameAs: first ?? null, cluster, clusterSize, reward };
  });
  const counted = judged.filter((j) => !j.heldOut);
  const groups = Array.from({ length: recipe.prompts_per_step }, (_, g) => counted.filter((j) => j.group === g));
  const { advantages, zeroVarianceGroups } = groupAdvantages(
    groups.map((group) => group.map((j) => j.reward.reward)),
    recipe.grpo.normalise_by_deviation,
  );
  const advantageOf = new Map(
    groups.flatMap((group, g) => group.map((j, i) => [j.item, advantages[g]?.[i] as number])),
  );
  return { scored: judged.map((j) => ({ ...j, advantage: advantageOf.get(j.item) ?? null })), zeroVarianceGroups };
}

interface StepResult {
  readonly step: number;
  readonly scored: readonly Scored[];
  readonly zeroVarianceGroups: number;
  readonly update: UpdateMetrics;
  readonly state: LoopState;
}

function unitOf(
  context: LoopContext,
  position: Position,
  { step, scored, zeroVarianceGroups, update, state }: StepResult,
): Unit {
  const { iteration, phase } = position;
  const valid = scored.filter((s) => s.question !== null);
  const difficulties = valid.flatMap((s) => context.domain.difficulty(s.question as string) ?? []);
  const metrics: Record<string, number> = {
    reward: meanOrZero(scored.map((s) => s.reward.reward)),
    uncertainty: meanOrZero(valid.map((s) => s.reward.uncertainty)),
    repetition: meanOrZero(valid.map((s) => s.reward.repetition)),
    valid_share: valid.length / scored.length,
    distinct_share: valid.length === 0 ? 0 : valid.filter((s) => s.sameAs === null).length / valid.length,
    clusters: new Set(valid.map((s) => s.cluster)).size,
    p_hat: meanOrZero(valid.map((s) => s.votes?.share ?? 0)),
    ...(difficulties.length > 0 && { difficulty: meanOrZero(difficulties) }),
    ...completionMetrics(scored.map((s) => s.completion)),
    zero_variance_share: zeroVarianceGroups / context.recipe.challenger.prompts_per_step,
    ...updateMetrics(update),
  };
  const events: EventBody[] = [
    { type: 'step.finished', iteration, phase, step, metrics },
    ...alarmsOfStep(context.recipe.guards, { iteration, phase, step }, metrics),
  ];
  const questions = scored.map((s) => questionRecord(context, step, s));
  return {
    iteration,
    phase,
    step,
    rows: { questions, metrics },
    events,
    state,
    milestone: step + 1 === position.total,
  };
}

function questionRecord(context: LoopContext, step: number, s: Scored): QuestionRecord {
  return {
    step,
    item: s.item,
    raw: s.completion.text,
    tokens: s.completion.tokens.length,
    finish: s.completion.finish,
    question: s.question,
    normalForm: s.question === null ? null : context.domain.normaliseQuestion(s.question),
    claimedAnswer: s.claimedAnswer,
    invalidReason: s.invalidReason,
    overlap: s.overlap,
    sameAs: s.sameAs,
    difficulty: s.question === null ? null : context.domain.difficulty(s.question),
    topic: s.topic ?? (s.question === null ? null : context.domain.topic(s.question)),
    cluster: s.cluster,
    clusterSize: s.clusterSize,
    votes: s.votes?.answers.length ?? null,
    pHat: s.votes?.share ?? null,
    majority: s.votes?.label ?? null,
    label: s.votes?.label ?? null,
    labelShare: s.votes?.share ?? null,
    labelMethod: s.votes ? 'majority' : null,
    rewrite: null,
    reward: s.reward.reward,
    uncertainty: s.question === null ? null : s.reward.uncertainty,
    repetition: s.question === null ? null : s.reward.repetition,
    advantage: s.advantage,
    kept: null,
    dropReason: null,
    ...judgeLabel(context, s.question, s.votes?.label ?? null),
    answers: s.sameAs === null ? (s.votes?.answers ?? []) : [],
  };
}
