/** What every phase works with. Made once per process; nothing in it changes while a run goes on. */
import type { EventBody, Phase } from '../../preload/contract/events.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { Benchmark } from '../benchmarks/benchmark.js';
import type { Overlap } from '../benchmarks/contamination.js';
import type { Decide } from '../benchmarks/verdicts.js';
import type { Domain } from '../domains/domain.js';
import type { AnswerEquality } from '../grading/equality.js';
import type { RandomKey } from '../lib/random.js';
import type { Corrector } from './corrections/corrector.js';
import type { Executor, SampledText, SampleProgress } from './executor.js';
import type { Labeller } from './labelling/labeller.js';
import { rolloutEvent, type Understood } from './rollouts.js';
import type { LoopState } from './state.js';

export interface OtherBenchmark {
  readonly benchmark: Benchmark;
  /** k of mean@k; 0 is greedy only. */
  readonly samples: number;
}

export interface LoopContext {
  readonly recipe: Recipe;
  readonly domain: Domain;
  readonly executor: Executor;
  readonly labeller: Labeller;
  /** When two answers are the same: beyond canonical forms only where the domain's answers are mathematics. */
  readonly equality: AnswerEquality;
  /** Asked in this order before the Solver learns from a curriculum; empty where labels stand as they were voted. */
  readonly correctors: readonly Corrector[];
  /** Root of all randomness of the run. */
  readonly key: RandomKey;
  readonly benchmark: Benchmark;
  readonly guardBenchmark: Benchmark | null;
  /** Measured besides. No choice may depend on them. */
  readonly others: readonly OtherBenchmark[];
  /** Whether a question is one of a benchmark that ships or is of this run, in any order of its terms, or nearly one. */
  readonly overlapOf: (question: string) => Overlap | null;
  /** Whether an answer to a benchmark question is right. Measures only. */
  readonly decide: Decide;
  /** The true answer where one can be had. Only ever measures: no decision of the loop may depend on it. */
  readonly oracle: ((question: string) => string | null) | null;
  readonly emit: (event: EventBody) => void;
  /** Emits what is made for people who watch, when it is time for more; see rollouts.ts. */
  readonly show: (make: () => EventBody | null) => void;
  /** Active seconds since this iteration began, for the report. */
  readonly iterationSeconds: () => number;
  readonly signal: AbortSignal;
}

/** Where in the loop a piece of work stands. */
export interface Position {
  readonly iteration: number;
  readonly phase: Phase;
  readonly total: number;
}

const ORDER: readonly Phase[] = ['sft', 'baseline', 'challenger', 'curriculum', 'solver', 'evaluation'];

/** Phases between the cursor and a phase: positive where it lies ahead, 0 where the cursor stands in it. */
function distance({ cursor }: LoopState, iteration: number, phase: Phase): number {
  return (iteration - cursor.iteration) * ORDER.length + ORDER.indexOf(phase) - ORDER.indexOf(cursor.phase);
}

/** Whether a phase is under way or over. */
export function hasBegun(state: LoopState, iteration: number, phase: Phase): boolean {
  return distance(state, iteration, phase) <= 0;
}

/** Units of a phase that are already done: 0 if it lies ahead, its cursor if it is under way, null if it is over. */
export function unitsDone(state: LoopState, iteration: number, phase: Phase): number | null {
  const ahead = distance(state, iteration, phase);
  if (ahead > 0) return 0;
  return ahead === 0 ? state.cursor.step : null;
}

/** Tells that a phase begins, or goes on after a pause with `done` of its units behind it. */
export function announce({ emit }: LoopContext, { iteration, phase, total }: Position, done: number): void {
  if (done < total) emit({ type: 'phase.started', iteration, phase, total, done });
}

const PROGRESS_INTERVAL_MS = 200;

/** The part of a unit that some sampling is, and what its completions mean. */
interface Share {
  readonly from: number;
  readonly to: number;
  readonly understand: (sampled: SampledText) => Understood;
}

/**
 * Turns the sampling progress within unit `done` into `phase.progress` events, at most five a second, and now and then a
 * completion into an event of its own.
 */
export function progressOf(
  context: LoopContext,
  position: Position,
  done: number,
): (share: Share) => (progress: SampleProgress) => void {
  return ({ from, to, understand }) => {
    // Of writing: while prompts are read nothing is written, and the first report comes when they have been.
    let first: { readonly at: number; readonly tokens: number } | null = null;
    let last = 0;
    return ({ finished, total, tokens, latest }) => {
      context.show(() => {
        const sampled = latest?.() ?? null;
        return sampled && rolloutEvent(position, done, sampled, understand(sampled));
      });
      const now = performance.now();
      if (now - last < PROGRESS_INTERVAL_MS) return;
      last = now;
      first ??= { at: now, tokens };
      context.emit({
        type: 'phase.progress',
        iteration: position.iteration,
        phase: position.phase,
        done: done + from + ((to - from) * finished) / Math.max(1, total),
        total: position.total,
        tokensPerSecond: now > first.at ? ((tokens - first.tokens) * 1000) / (now - first.at) : null,
      });
    };
  };
}
