/**
 * Asks a policy a benchmark's questions: once greedily, and k times at the recipe's temperature (mean@k). Each question
 * draws from its own key, so a benchmark answered in slices gives the same rows as one answered whole.
 */
import type { Evaluation } from '../../preload/contract/events.js';
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import type { Completion, Policy, SampleProgress } from '../coevolution/executor.js';
import type { SolverTask } from '../domains/domain.js';
import type { RandomKey } from '../lib/random.js';
import { clusteredBootstrap, mean, wilson } from '../lib/statistics.js';
import type { Benchmark, BenchmarkQuestion } from './benchmark.js';

export interface IndexedQuestion extends BenchmarkQuestion {
  /** Place in the benchmark; names the question's random key. */
  readonly index: number;
}

export interface GradedAnswer {
  readonly text: string;
  /** The final answer as it was written; null where there is none. */
  readonly extracted: string | null;
  readonly correct: boolean;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
}

/** A benchmark question with its true answer and what the policy said. */
export interface EvaluatedQuestion extends IndexedQuestion {
  readonly greedy: GradedAnswer;
  readonly samples: readonly GradedAnswer[];
}

export interface EvaluateQuestionsOptions {
  readonly policy: Pick<Policy, 'sample'>;
  /** How they are asked and their answers read: a run's domain, or a benchmark's own task. */
  readonly task: SolverTask;
  readonly questions: readonly IndexedQuestion[];
  /** k of mean@k; 0 asks greedily only. */
  readonly samples: number;
  /** Temperature and limits of the k samples; the greedy answer takes its limits from here too. */
  readonly sampling: SamplingRecipe;
  readonly key: RandomKey;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SampleProgress) => void;
}

export async function evaluateQuestions(options: EvaluateQuestionsOptions): Promise<EvaluatedQuestion[]> {
  const { policy, task, questions, samples, sampling, key, signal } = options;
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
        sampling: how,
        ...(signal && { signal }),
        onProgress: ({ finished, tokens, latest }) => {
          done = { finished: before.finished + finished, total, tokens: before.tokens + tokens };
          options.onProgress?.({ ...done, ...(latest && { latest }) });
        },
      },
    );
  };
  const greedy = await ask('greedy', 1, { ...sampling, temperature: 0 });
  const sampled = samples > 0 ? await ask('sample', samples, sampling) : [];
  return questions.map((question, i) => {
    const grade = grader(task, question.answer);
    return { ...question, greedy: grade(greedy[i]?.[0] as Completion), samples: (sampled[i] ?? []).map(grade) };
  });
}

/** Judges completions against a true answer. */
function grader(task: SolverTask, answer: string): (completion: Completion) => GradedAnswer {
  const truth = task.canonicalAnswer(answer);
  return ({ text, tokens, finish }) => {
    const extracted = task.extractAnswer(text, finish);
    const correct =
      extracted !== null && (task.isRight?.(extracted, answer) ?? task.canonicalAnswer(extracted) === truth);
    return { text, extracted, correct, tokens: tokens.length, finish };
  };
}

/** What intervals are computed from: one question's results. */
export interface QuestionTally {
  readonly difficulty: number | null;
  readonly greedy: boolean;
  /** Right answers among the k samples. */
  readonly right: number;
}

/** Accuracies with 95 % intervals: Wilson's for greedy; for mean@k a bootstrap over questions. */
export function summariseEvaluation(
  benchmark: string,
  tallies: readonly QuestionTally[],
  { samples: k, key }: { readonly samples: number; readonly key: RandomKey },
): Evaluation {
  const difficulties = [...new Set(tallies.flatMap((t) => t.difficulty ?? []))].sort((a, b) => a - b);
  return {
    benchmark,
    greedy: wilson(tallies.filter((t) => t.greedy).length, tallies.length),
    mean:
      k > 0 && tallies.length > 0
        ? clusteredBootstrap(
            tallies.map(({ right }) => ({ sum: right, count: k })),
            { key },
          )
        : null,
    k,
    byDifficulty: difficulties.map((difficulty) => {
      const of = tallies.filter((t) => t.difficulty === difficulty);
      return {
        difficulty,
        greedy: mean(of.map((t) => Number(t.greedy))),
        mean: k > 0 ? mean(of.map((t) => t.right / k)) : null,
        n: of.length,
      };
    }),
  };
}

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
  const tallies = rows.map((row) => ({
    difficulty: row.difficulty,
    greedy: row.greedy.correct,
    right: row.samples.filter((s) => s.correct).length,
  }));
  return { evaluation: summariseEvaluation(benchmark.name, tallies, { samples, key: key.child('bootstrap') }), rows };
}
