/**
 * Held-out evaluation: greedy pass@1 and mean@k with intervals, benchmark by benchmark, chunk by chunk. The benchmark of
 * the final table and the others are only measured; guards and the best checkpoint look at the guard benchmark, so that no
 * choice ever touches the former.
 */
import type { Evaluation, EventBody, IterationSummary, Phase } from '../../preload/contract/events.js';
import type { Benchmark } from '../benchmarks/benchmark.js';
import { evaluateQuestions, type EvaluatedQuestion, summariseEvaluation, tallyOf } from '../benchmarks/evaluate.js';
import { taskOf } from '../benchmarks/task.js';
import { announce, type LoopContext, type Position, progressOf, unitsDone } from './context.js';
import { alarmsOfEvaluation } from './guards.js';
import { questionAnswered } from './rollouts.js';
import type { EvaluationTally, LoopState } from './state.js';
import { alarmsOfProgress } from './trends.js';
import type { Unit } from './unit.js';

/** A slice of a benchmark: what one unit evaluates. */
interface Slice {
  readonly benchmark: Benchmark;
  readonly from: number;
  readonly to: number;
  /** k of mean@k; 0 is greedy only. */
  readonly samples: number;
}

export async function* evaluationPhase(
  context: LoopContext,
  state: LoopState,
  iteration: number,
): AsyncGenerator<Unit, LoopState> {
  const phase: Phase = iteration === 0 ? 'baseline' : 'evaluation';
  const start = unitsDone(state, iteration, phase);
  if (start === null) return state;
  const slices = slicesOf(context);
  const position: Position = { iteration, phase, total: slices.length };
  announce(context, position, start);
  if (start === 0) state = { ...state, tallies: [] };
  for (let step = start; step < slices.length; step++) {
    const slice = slices[step] as Slice;
    const results = await evaluateSlice(context, position, step, slice);
    const tallies = [...state.tallies, ...results.map((result) => named(slice, result))];
    state = { ...state, cursor: { iteration, phase, step: step + 1 }, tallies };
    const complete = slice.to === slice.benchmark.questions.length ? [summarise(context, slice, tallies)] : [];
    const last = step + 1 === slices.length;
    const events: EventBody[] = complete.map((evaluation) => ({ type: 'evaluation.finished', iteration, evaluation }));
    if (last) {
      const summary = summaryOf(context, state, iteration);
      const earlier = state.summaries;
      state = { ...state, tallies: [], summaries: [...earlier, summary] };
      events.push({ type: 'iteration.finished', summary });
      events.push(...alarmsOfEvaluation(context.recipe.guards, iteration, summary.guard, earlier));
      events.push(...alarmsOfProgress(context.recipe.guards, state.summaries));
    }
    const rows = {
      evaluations: complete,
      evaluationAnswers: results.map((r) => ({ benchmark: slice.benchmark.name, ...r })),
    };
    yield { iteration, phase, step, rows, events, state, milestone: last };
  }
  return state;
}

function slicesOf({ recipe, benchmark, guardBenchmark, others }: LoopContext): Slice[] {
  const cut = (of: Benchmark, samples: number): Slice[] =>
    Array.from({ length: Math.ceil(of.questions.length / recipe.checkpoint.chunk) }, (_, i) => ({
      benchmark: of,
      samples,
      from: i * recipe.checkpoint.chunk,
      to: Math.min((i + 1) * recipe.checkpoint.chunk, of.questions.length),
    }));
  const guard = guardBenchmark && guardBenchmark.name !== benchmark.name ? cut(guardBenchmark, 0) : [];
  return [
    ...cut(benchmark, recipe.evaluation.samples),
    ...guard,
    ...others.flatMap((other) => cut(other.benchmark, other.samples)),
  ];
}

function evaluateSlice(
  context: LoopContext,
  position: Position,
  step: number,
  slice: Slice,
): Promise<EvaluatedQuestion[]> {
  const questions = slice.benchmark.questions.slice(slice.from, slice.to);
  const progress = progressOf(context, position, step);
  const task = taskOf(slice.benchmark, context.domain);
  const understand = questionAnswered(
    task,
    questions.map((q) => q.question),
  );
  return evaluateQuestions({
    policy: context.executor.solver,
    task,
    questions: questions.map((q, i) => ({ ...q, index: slice.from + i })),
    samples: slice.samples,
    decide: context.decide,
    sampling: context.recipe.evaluation.sampling,
    key: context.key.child('evaluation', position.iteration, slice.benchmark.name),
    signal: context.signal,
    onProgress: progress({ from: 0, to: 1, understand }),
  });
}

function named({ benchmark }: Slice, result: EvaluatedQuestion): EvaluationTally {
  return { benchmark: benchmark.name, index: result.index, ...tallyOf(result) };
}

function summarise(
  context: LoopContext,
  { benchmark, samples }: Slice,
  tallies: readonly EvaluationTally[],
): Evaluation {
  return summariseEvaluation(
    benchmark.name,
    tallies.filter((t) => t.benchmark === benchmark.name),
    { samples, key: context.key.child('bootstrap', benchmark.name) },
  );
}

function summaryOf(context: LoopContext, state: LoopState, iteration: number): IterationSummary {
  const of = (benchmark: Benchmark, samples: number): Evaluation =>
    summarise(context, { benchmark, samples, from: 0, to: 0 }, state.tallies);
  const { benchmark, guardBenchmark, others, recipe } = context;
  const evaluation = of(benchmark, recipe.evaluation.samples);
  return {
    iteration,
    evaluation,
    guard: guardBenchmark === null ? null : guardBenchmark.name === benchmark.name ? evaluation : of(guardBenchmark, 0),
    ...(others.length > 0 && { others: others.map((other) => of(other.benchmark, other.samples)) }),
    funnel: iteration === 0 ? null : state.funnel,
    seconds: context.iterationSeconds(),
  };
}
