/**
 * The curriculum (paper, section 3.3): the trained Challenger writes N questions, duplicates and benchmark questions
 * leave, the Solver's votes label the rest, and those within the difficulty band are kept for its training.
 *
 * A long phase, so it moves in chunks: generate … generate, filter, label … label. Every chunk is a unit.
 */
import type { EventBody, Funnel, IterationSummary } from '../../preload/contract/events.js';
import type { Overlap } from '../benchmarks/contamination.js';
import { wilson } from '../lib/statistics.js';
import { announce, type LoopContext, type Position, progressOf, unitsDone } from './context.js';
import { alarmsOfCurriculum } from './guards.js';
import { candidateRow, heldOutReason, inBand, labelledRow, row, tallyReasons } from './fates.js';
import type { Labelling } from './labelling/labeller.js';
import { nearDuplicates } from './near-duplicates.js';
import { uncertaintyReward } from './rewards/uncertainty.js';
import { questionAnswered, questionWritten } from './rollouts.js';
import { type Candidate, type CurriculumDraft, EMPTY_DRAFT, type LoopState } from './state.js';
import { drawTopic } from './topics.js';
import { alarmsOfLabels } from './trends.js';
import type { QuestionRecord, Unit } from './unit.js';
import { collectVotes, unified } from './voting.js';

interface Made {
  readonly draft: CurriculumDraft;
  readonly questions: readonly QuestionRecord[];
}

export async function* curriculumPhase(
  context: LoopContext,
  state: LoopState,
  iteration: number,
): AsyncGenerator<Unit, LoopState> {
  const start = unitsDone(state, iteration, 'curriculum');
  if (start === null) return state;
  if (start === 0) state = { ...state, draft: EMPTY_DRAFT, curriculum: [], funnel: null };
  if (state.draft)
    announce(context, { iteration, phase: 'curriculum', total: unitsInAll(context, state.draft) }, start);
  // A finished phase has no draft any more.
  for (let step = start; state.draft; step++) {
    const total = unitsInAll(context, state.draft);
    const position: Position = { iteration, phase: 'curriculum', total };
    const { draft, questions } = await nextChunk(context, position, step, state.draft);
    const cursor = { iteration, phase: 'curriculum' as const, step: step + 1 };
    const last = step + 1 === unitsInAll(context, draft);
    const funnel = last ? funnelOf(context, draft) : null;
    state = funnel ? { ...state, cursor, draft: null, curriculum: draft.kept, funnel } : { ...state, cursor, draft };
    const events = funnel ? finishedEvents(context, { iteration, funnel, earlier: state.summaries }) : [];
    yield { iteration, phase: 'curriculum', step, rows: { questions }, events, state, milestone: last };
  }
  return state;
}

function generationUnits({ recipe }: LoopContext): number {
  return Math.ceil(recipe.curriculum.questions / recipe.checkpoint.chunk);
}

/** Units of the whole phase. Until the filter has run, how many questions will need labels is only an upper bound. */
function unitsInAll(context: LoopContext, draft: CurriculumDraft): number {
  const labels = draft.distinct ?? context.recipe.curriculum.questions;
  return generationUnits(context) + 1 + Math.ceil(labels / context.recipe.checkpoint.chunk);
}

async function nextChunk(
  context: LoopContext,
  position: Position,
  step: number,
  draft: CurriculumDraft,
): Promise<Made> {
  if (step < generationUnits(context)) return generateChunk(context, position, step, draft);
  if (draft.distinct === null) return filter(context, position, step, draft);
  return labelChunk(context, position, step, draft);
}

/** Questions of a chunk that are asked for with the same words. */
interface Batch {
  readonly topic: string | null;
  readonly items: readonly number[];
}

/** One batch for each topic of the chunk, in the order of their first question; one for all where no topics are drawn. */
function batchesOf(
  { domain, key }: LoopContext,
  iteration: number,
  { first, samples }: { readonly first: number; readonly samples: number },
): Batch[] {
  const topics = key.child('curriculum', iteration, 'topic');
  const batches = new Map<string | null, number[]>();
  for (let item = first; item < first + samples; item++) {
    const topic = drawTopic(domain, topics.child(item));
    const items = batches.get(topic);
    if (items) items.push(item);
    else batches.set(topic, [item]);
  }
  return [...batches].map(([topic, items]) => ({ topic, items }));
}

async function generateChunk(
  context: LoopContext,
  position: Position,
  step: number,
  draft: CurriculumDraft,
): Promise<Made> {
  const { recipe, domain, executor } = context;
  const first = step * recipe.checkpoint.chunk;
  const samples = Math.min(recipe.checkpoint.chunk, recipe.curriculum.questions - first);
  const key = context.key.child('curriculum', position.iteration, 'question', step);
  const batches = batchesOf(context, position.iteration, { first, samples });
  const groups = await executor.challenger.sample(
    batches.map(({ topic, items }, g) => ({
      prompt: domain.challengerPrompt(topic),
      samples: items.length,
      key: topic === null ? key : key.child('about', g),
    })),
    {
      work: 'questions',
      sampling: recipe.curriculum.sampling,
      signal: context.signal,
      onProgress: progressOf(context, position, step)({ from: 0, to: 1, understand: questionWritten(domain) }),
    },
  );
  const written = groups.flatMap((group, g) => {
    const { topic, items } = batches[g] as Batch;
    return group.map((completion, j) => ({ item: items[j] as number, topic, completion }));
  });
  const candidates: Candidate[] = [];
  const questions: QuestionRecord[] = [];
  for (const { item, topic, completion } of written.sort((a, b) => a.item - b.item)) {
    const { text, tokens, finish } = completion;
    const parsed = domain.parseQuestion(text, finish);
    const origin = { item, raw: text, tokens: tokens.length, finish, ...(topic !== null && { topic }) };
    if (parsed.valid) candidates.push({ ...origin, question: parsed.question, claimedAnswer: parsed.answer ?? null });
    else
      questions.push(row(step, { ...origin, question: null, claimedAnswer: null }, { invalidReason: parsed.reason }));
  }
  return {
    draft: {
      ...draft,
      generated: draft.generated + written.length,
      valid: draft.valid + candidates.length,
      candidates: [...draft.candidates, ...candidates],
      dropped: tallyReasons(draft.dropped, questions),
    },
    questions,
  };
}

/** Duplicates (exact, normalised, cluster) and benchmark questions leave before anybody spends votes on them. */
function filter(context: LoopContext, position: Position, step: number, draft: CurriculumDraft): Made {
  const reasons = filterReasons(context, draft.candidates);
  const questions = draft.candidates.flatMap((candidate, i) => {
    const dropReason = reasons[i];
    return dropReason ? [candidateRow(context, step, candidate, dropReason)] : [];
  });
  const distinct = draft.candidates.filter((_, i) => !reasons[i]);
  const order = context.key.child('curriculum', position.iteration, 'order').stream().shuffled(distinct);
  const dropped = tallyReasons(draft.dropped, questions);
  const made = { ...draft, candidates: order, distinct: order.length, dropped };
  return { draft: { ...made, ...countedOverlaps(context, draft.candidates) }, questions };
}

/** Where the recipe only counts questions of a benchmark: how many there are. */
function countedOverlaps(
  { recipe, overlapOf }: LoopContext,
  candidates: readonly Candidate[],
): Pick<CurriculumDraft, 'overlaps'> {
  if (recipe.evaluation.contamination !== 'count') return {};
  const found = candidates.map(({ question }) => overlapOf(question));
  const count = (kind: Overlap): number => found.filter((overlap) => overlap === kind).length;
  return { overlaps: { exact: count('exact'), near: count('near') } };
}

/** Why each candidate leaves before labelling; null for those that stay. */
function filterReasons(
  { domain, recipe, overlapOf }: LoopContext,
  candidates: readonly Candidate[],
): (string | null)[] {
  const { threshold, keep_per_cluster } = recipe.curriculum.cluster_duplicates;
  const verdicts = nearDuplicates(
    candidates.map((c) => c.question),
    {
      normalise: (question) => domain.normaliseQuestion(question),
      bleuTokens: (question) => domain.bleuTokens(question),
      smoothing: domain.bleuSmoothing,
      threshold,
      keepPerCluster: keep_per_cluster,
    },
  );
  return candidates.map((candidate, i) => {
    const heldOut = heldOutReason(recipe, overlapOf(candidate.question));
    if (heldOut !== null) return heldOut;
    const verdict = verdicts[i];
    return verdict && !verdict.kept ? verdict.reason : null;
  });
}

async function labelChunk(
  context: LoopContext,
  position: Position,
  step: number,
  draft: CurriculumDraft,
): Promise<Made> {
  const chunk = draft.candidates.slice(draft.labelled, draft.labelled + context.recipe.checkpoint.chunk);
  const labellings = await labelQuestions(context, position, step, chunk);
  const questions = chunk.map((candidate, i) => labelledRow(context, step, candidate, labellings[i] as Labelling));
  const kept = questions.filter((q) => q.kept);
  const seen = kept.filter((q) => q.labelCorrect !== null);
  return {
    draft: {
      ...draft,
      labelled: draft.labelled + chunk.length,
      dropped: tallyReasons(draft.dropped, questions),
      difficultySum: draft.difficultySum + questions.reduce((sum, q) => sum + (q.difficulty ?? 0), 0),
      uncertaintySum:
        draft.uncertaintySum + questions.reduce((sum, q) => sum + uncertaintyReward('paper', q.pHat ?? 0), 0),
      kept: [
        ...draft.kept,
        ...kept.map((q) => ({
          item: q.item,
          question: q.question as string,
          label: q.label as string,
          share: q.labelShare as number,
        })),
      ],
      oracleSeen: draft.oracleSeen + seen.length,
      oracleRight: draft.oracleRight + seen.filter((q) => q.labelCorrect).length,
    },
    questions,
  };
}

async function labelQuestions(
  context: LoopContext,
  position: Position,
  step: number,
  chunk: readonly Candidate[],
): Promise<Labelling[]> {
  const { recipe, domain, executor, equality } = context;
  const key = context.key.child('curriculum', position.iteration, step);
  const progress = progressOf(context, position, step);
  const rewrite = domain.rewrite?.bind(domain);
  return context.labeller.label(
    chunk.map((c) => c.question),
    {
      ask: (questions, source) =>
        collectVotes({ solver: executor.solver, domain, equality }, questions, {
          samples: recipe.curriculum.votes,
          sampling: recipe.curriculum.vote_sampling,
          key: key.child(source),
          source,
          signal: context.signal,
          onProgress: progress({
            ...(source === 'vote' ? { from: 0, to: 0.7 } : { from: 0.7, to: 1 }),
            understand: questionAnswered(domain, questions),
          }),
        }),
      unify: (groups) => unified(groups, equality),
      inBand: (share) => inBand(context, share),
      canonicalAnswer: (answer) => domain.canonicalAnswer(answer),
      ...(rewrite && { rewrite: (question, i) => rewrite(question, key.child('form', i)) }),
    },
  );
}

function funnelOf(context: Pick<LoopContext, 'domain'>, draft: CurriculumDraft): Funnel {
  const measured = draft.candidates.some((c) => context.domain.difficulty(c.question) !== null);
  return {
    generated: draft.generated,
    valid: draft.valid,
    distinct: draft.distinct ?? 0,
    labelled: draft.labelled,
    kept: draft.kept.length,
    dropped: draft.dropped,
    ...(draft.overlaps && { overlaps: draft.overlaps }),
    meanDifficulty: measured && draft.labelled > 0 ? draft.difficultySum / draft.labelled : null,
    meanUncertainty: draft.labelled > 0 ? draft.uncertaintySum / draft.labelled : null,
    labelAccuracy: draft.oracleSeen > 0 ? wilson(draft.oracleRight, draft.oracleSeen) : null,
  };
}

function finishedEvents(
  { recipe }: LoopContext,
  { iteration, funnel, earlier }: { iteration: number; funnel: Funnel; earlier: readonly IterationSummary[] },
): EventBody[] {
  return [
    { type: 'curriculum.finished', iteration, funnel },
    ...alarmsOfCurriculum(recipe.guards, iteration, funnel),
    ...alarmsOfLabels(recipe.guards, iteration, funnel, earlier),
  ];
}
