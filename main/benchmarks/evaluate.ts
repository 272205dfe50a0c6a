/**
 * Asks a policy a benchmark's questions: once greedily, and k times at the recipe's temperature (mean@k). Each question
 * draws from its own key, so a benchmark answered in slices gives the same rows as one answered whole.
 */
import type { GradedAnswer } from '../../preload/contract/answers.js';
import type { Evaluation } from '../../preload/contract/events.js';
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import type { Completion, Policy, SampledText, SampleProgress } from '../coevolution/executor.js';
import type { SolverTask } from '../domains/domain.js';
import type { RandomKey } from '../lib/random.js';
import { type Cluster, clusteredShare, mean, wilson } from '../lib/statistics.js';
import type { Benchmark, BenchmarkQuestion } from './benchmark.js';
import { type Decide, decideByForm, type Decision } from './verdicts.js';

export interface IndexedQuestion extends BenchmarkQuestion {
  /** Place in the benchmark; names the question's random key. */
  readonly index: number;
}

/** A benchmark question with its true answer and what the policy said. */
export interface EvaluatedQuestion extends IndexedQuestion {
  readonly greedy: GradedAnswer;
  readonly samples: readonly GradedAnswer[];
}

export interface EvaluateQuestionsOptions {
  readonly policy: Pick<Policy, 'sample' | 'lengthOf'>;
  /** How they are asked and their answers read: a run's domain, or a benchmark's own task. */
  readonly task: SolverTask;
  readonly questions: readonly IndexedQuestion[];
  /** k of mean@k; 0 asks greedily only. */
  readonly samples: number;
  /** Temperature and limits of the k samples; the greedy answer takes its limits from here too. */
  readonly sampling: SamplingRecipe;
  readonly key: RandomKey;
  /** By canonical form where it is left out. */
  readonly decide?: Decide;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SampleProgress) => void;
}

/** What cannot be read is not asked, and its answers are undecided: a run of hours does not end for one long question. */
export async function evaluateQuestions(options: EvaluateQuestionsOptions): Promise<EvaluatedQuestion[]> {
  const reasons = options.questions.map(({ question }) => tooLong(options, question));
  const places = reasons.flatMap((reason, place) => (reason === null ? [place] : []));
  const readable = places.map((place) => options.questions[place] as IndexedQuestion);
  const answered = (await askAll({ ...options, questions: readable }, places))[Symbol.iterator]();
  return options.questions.map((question, i): EvaluatedQuestion => {
    const reason = reasons[i] ?? null;
    if (reason === null) return answered.next().value as EvaluatedQuestion;
    const given = unasked(reason);
    return { ...question, greedy: given, samples: Array.from({ length: options.samples }, () => given) };
  });
}

/** Why a question cannot be put to the model; null where it can. */
function tooLong({ policy, task }: EvaluateQuestionsOptions, question: string): string | null {
  const length = policy.lengthOf?.(task.solverPrompt(question));
  if (!length || length.tokens < length.limit) return null;
  return `too long for the model: the prompt has ${length.tokens} tokens, and with an answer it reads ${length.limit}`;
}

const unasked = (reason: string): GradedAnswer => ({
  ...{ text: '', extracted: null, verdict: 'undecided', reason, tokens: 0, finish: 'length' },
});

/** @param places of the questions among those that are measured: what is shown of one under way names it so */
async function askAll(options: EvaluateQuestionsOptions, places: readonly number[]): Promise<EvaluatedQuestion[]> {
  const { policy, task, questions, samples, sampling, key, signal } = options;
  if (questions.length === 0) return [];
  const total = questions.length * (1 + samples);
  let done: SampleProgress = { finished: 0, total, tokens: 0 };
  const ask = (kind: 'greedy' | 'sample', count: number, how: SamplingRecipe): Promise<Completion[][]> => {
    const before = done;
    return policy.sample(
      questions.map(({ question, index }) => ({
        prompt: task.solverPrompt(question),
        samples: count,
        key: key.child(kind, index),
      })),
      {
        work: 'evaluation',
        sampling: how,
        ...(signal && { signal }),
        onProgress: ({ finished, tokens, latest }) => {
          done = { finished: before.finished + finished, total, tokens: before.tokens + tokens };
          options.onProgress?.({ ...done, ...(latest && { latest: () => placed(latest(), places) }) });
        },
      },
    );
  };
  const greedy = await ask('greedy', 1, { ...sampling, temperature: 0 });
  const sampled = samples > 0 ? await ask('sample', samples, sampling) : [];
  const answered = questions.map((question, i) => ({ question, given: [...(greedy[i] ?? []), ...(sampled[i] ?? [])] }));
  const graded = await gradeAll(answered, options);
  return questions.map((question, i) => {
    const [first, ...rest] = graded[i] as GradedAnswer[];
    return { ...question, greedy: first as GradedAnswer, samples: rest };
  });
}

function placed(sampled: SampledText | null, places: readonly number[]): SampledText | null {
  return sampled && { ...sampled, request: places[sampled.request] ?? sampled.request };
}

/** A completion without an answer is wrong, whatever the truth; of the others all are decided in one go. */
async function gradeAll(
  answered: readonly { readonly question: IndexedQuestion; readonly given: readonly Completion[] }[],
  { task, decide = decideByForm }: EvaluateQuestionsOptions,
): Promise<GradedAnswer[][]> {
  const read = answered.map(({ question, given }) =>
    given.map(({ text, tokens, finish }) => {
      const extracted = task.extractAnswer(text, finish);
      return { truth: question.answer, text, extracted, tokens: tokens.length, finish };
    }),
  );
  const pairs = read
    .flat()
    .flatMap(({ truth, extracted }) => (extracted === null ? [] : [{ truth, answer: extracted }]));
  const decisions = (await decide(task, pairs))[Symbol.iterator]();
  return read.map((answers) =>
    answers.map(({ truth: _truth, ...answer }): GradedAnswer => {
      const decision: Decision | undefined = answer.extracted === null ? NO_ANSWER : decisions.next().value;
      if (!decision) throw new RangeError(`Fewer than ${pairs.length} decisions for ${pairs.length} answers.`);
      return { ...answer, ...decision };
    }),
  );
}

const NO_ANSWER: Decision = { verdict: 'different', reason: null };

/** What intervals are computed from: one question's results. */
export interface QuestionTally {
  readonly difficulty: number | null;
  /** Null where it could not be decided. */
  readonly greedy: boolean | null;
  /** Right answers among the k samples. */
  readonly right: number;
  /** Of the k samples; none where it is left out. */
  readonly undecided?: number;
}

export function tallyOf({ difficulty, greedy, samples }: EvaluatedQuestion): QuestionTally {
  const undecided = samples.filter(({ verdict }) => verdict === 'undecided').length;
  return {
    difficulty,
    greedy: greedy.verdict === 'undecided' ? null : greedy.verdict === 'equal',
    right: samples.filter(({ verdict }) => verdict === 'equal').length,
    ...(undecided > 0 && { undecided }),
  };
}

/**
 * Accuracies with 95 % intervals: Wilson's for greedy, `clusteredShare` for mean@k. Shares are of the answers that were
 * decided; how many were not stands beside them.
 */
export function summariseEvaluation(
  benchmark: string,
  tallies: readonly QuestionTally[],
  { samples: k, key }: { readonly samples: number; readonly key: RandomKey },
): Evaluation {
  const difficulties = [...new Set(tallies.flatMap((t) => t.difficulty ?? []))].sort((a, b) => a - b);
  const greedy = greedyOf(tallies);
  const clusters = clustersOf(tallies, k);
  const undecided = {
    greedy: tallies.length - greedy.length,
    sampled: tallies.reduce((sum, t) => sum + (t.undecided ?? 0), 0),
  };
  return {
    benchmark,
    greedy: wilson(greedy.filter(Boolean).length, greedy.length),
    mean: clusters.length > 0 ? clusteredShare(clusters, { key }) : null,
    k,
    ...(undecided.greedy + undecided.sampled > 0 && { undecided }),
    byDifficulty: difficulties.map((difficulty) => {
      const of = tallies.filter((t) => t.difficulty === difficulty);
      const shares = clustersOf(of, k).map(({ sum, count }) => sum / count);
      return {
        difficulty,
        greedy: meanOrZero(greedyOf(of).map(Number)),
        mean: k > 0 ? meanOrZero(shares) : null,
        n: of.length,
      };
    }),
  };
}

const greedyOf = (tallies: readonly QuestionTally[]): boolean[] => tallies.flatMap(({ greedy }) => greedy ?? []);

/** Of questions with a decided sample. */
function clustersOf(tallies: readonly QuestionTally[], k: number): Cluster[] {
  return tallies.flatMap(({ right, undecided = 0 }) => (k > undecided ? [{ sum: right, count: k - undecided }] : []));
}

const meanOrZero = (values: readonly number[]): number => (values.length === 0 ? 0 : mean(values));

export interface EvaluateOptions extends Omit<EvaluateQuestionsOptions, 'questions'> {
  readonly benchmark: Benchmark;
}

/** A whole benchmark at once. */
export async function evaluate(
  options: EvaluateOptions,
): Promise<{ evaluation: Evaluation; rows: EvaluatedQuestion[] }> {
  const { benchmark, samples, key } = options;
  const rows = await evaluateQuestions({
    ...options,
    questions: benchmark.questions.map((question, index) => ({ ...question, index })),
  });
  const tallies = rows.map(tallyOf);
  return { evaluation: summariseEvaluation(benchmark.name, tallies, { samples, key: key.child('bootstrap') }), rows };
}
