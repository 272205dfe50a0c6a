/**
 * Where a run stands, added up from its events. One reducer for the terminal and for the page, so that both say the same.
 * Pure: a state is never changed, `reduceRun` gives the next one. Replaying all events gives the same state as having
 * listened from the start.
 */
import type { Estimate, Evaluation, Funnel, IterationSummary, Phase, RunEvent } from './events.js';

/** How a run is marked whose Solver learnt from what people said, or was fine-tuned on data from outside. */
export const NOT_ZERO_DATA = 'not zero-data';

/** What people call the phases, in the terminal and in the window. */
export const PHASE_TITLES: Record<Phase, string> = {
  sft: 'Fine-tuning',
  baseline: 'Base model',
  challenger: 'Challenger',
  curriculum: 'Curriculum',
  solver: 'Solver',
  evaluation: 'Evaluation',
};

/** What a row of results is called by, in tables: the model before it was fine-tuned, the one both roles begin as, iterations. */
export function iterationName(iteration: number): string {
  return iteration < 0 ? 'before SFT' : iteration === 0 ? 'base' : String(iteration);
}

/** The same behind the name of a run or a benchmark. */
export function iterationPlace(iteration: number): string {
  return iteration < 0 ? 'before fine-tuning' : iteration === 0 ? 'base model' : `iteration ${iteration}`;
}

/** Since which measured iteration gains are counted: the base model, or the model before it where the run only fine-tunes. */
export function gainsSince(measured: readonly number[]): 0 | -1 {
  return measured.includes(-1) && !measured.some((iteration) => iteration > 0) ? -1 : 0;
}

/** The same within a sentence. */
export function iterationWords(iteration: number): string {
  return iteration < 0 ? 'the model before fine-tuning' : iteration === 0 ? 'the base model' : `iteration ${iteration}`;
}

export interface RunProgress {
  readonly iteration: number;
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  readonly tokensPerSecond: number | null;
  /** Unix milliseconds and units done when this process began the phase: the base of the rate. */
  readonly since: number;
  readonly doneAtStart: number;
}

export interface StepPoint {
  readonly iteration: number;
  readonly phase: Phase;
  readonly step: number;
  readonly time: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export type RunAlarm = Extract<RunEvent, { type: 'alarm' }>;

export interface RunView {
  readonly run: string;
  readonly name: string;
  readonly recipe: string;
  readonly seed: number;
  readonly backend: string;
  readonly iterations: number;
  readonly oracle: boolean;
  /** False once something from outside has changed what the Solver learns from. */
  readonly zeroData: boolean;
  readonly state: 'waiting' | 'running' | 'paused' | 'finished' | 'failed';
  readonly progress: RunProgress | null;
  readonly phasesDone: readonly { readonly iteration: number; readonly phase: Phase; readonly seconds: number }[];
  readonly steps: readonly StepPoint[];
  readonly funnels: readonly { readonly iteration: number; readonly funnel: Funnel }[];
  readonly evaluations: readonly { readonly iteration: number; readonly evaluation: Evaluation }[];
  readonly summaries: readonly IterationSummary[];
  readonly alarms: readonly RunAlarm[];
  readonly lastLog: string | null;
  readonly pauseReason: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string | null } | null;
  /** Seconds of work, told by `run.finished`. */
  readonly seconds: number | null;
  readonly sequence: number;
  readonly updatedAt: number;
}

export function emptyRun(run: string): RunView {
  return {
    run,
    name: '',
    recipe: '',
    seed: 0,
    backend: '',
    iterations: 0,
    oracle: false,
    zeroData: true,
    state: 'waiting',
    progress: null,
    phasesDone: [],
    steps: [],
    funnels: [],
    evaluations: [],
    summaries: [],
    alarms: [],
    lastLog: null,
    pauseReason: null,
    error: null,
    seconds: null,
    sequence: -1,
    updatedAt: 0,
  };
}

/** Replaces the entry of the same place (a step that is done again after a crash), else appends. */
function put<T>(items: readonly T[], item: T, same: (other: T) => boolean): readonly T[] {
  const at = items.findLastIndex(same);
  return at < 0 ? [...items, item] : items.toSpliced(at, 1, item);
}

function reduceProgress(
  view: RunView,
  event: Extract<RunEvent, { type: 'phase.started' | 'phase.progress' }>,
): RunProgress {
  const { iteration, phase, done, total } = event;
  const known = view.progress;
  if (event.type === 'phase.progress' && known?.phase === phase && known.iteration === iteration) {
    return { ...known, done, total, tokensPerSecond: event.tokensPerSecond ?? known.tokensPerSecond };
  }
  const tokensPerSecond = event.type === 'phase.progress' ? event.tokensPerSecond : null;
  return { iteration, phase, done, total, tokensPerSecond, since: event.time, doneAtStart: done };
}

/** A pause tells what is committed: a viewer that came late saw no step, and a total announced may have been a bound only. */
function pausedAt(view: RunView, event: Extract<RunEvent, { type: 'run.paused' }>): RunProgress | null {
  const { iteration, phase, step } = event;
  const { progress, phasesDone } = view;
  if (progress?.iteration !== iteration || progress.phase !== phase) return progress;
  const ended = phasesDone.some((p) => p.iteration === iteration && p.phase === phase);
  return { ...progress, done: step, total: ended ? step : progress.total };
}

function sameAlarm(a: RunAlarm, b: RunAlarm): boolean {
  return a.kind === b.kind && a.iteration === b.iteration && a.phase === b.phase && a.step === b.step;
}

function reduceBody(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case 'run.started': {
      const { name, recipe, seed, iterations, backend, oracle, zeroData = true } = event;
      const fresh = { pauseReason: null, error: null, progress: null, state: 'running' as const };
      return { ...view, name, recipe, seed, iterations, backend, oracle, zeroData, ...fresh };
    }
    case 'phase.started':
    case 'phase.progress':
      return { ...view, state: 'running', progress: reduceProgress(view, event) };
    case 'step.finished': {
      const { iteration, phase, step, time, metrics } = event;
      const same = (p: StepPoint): boolean => p.iteration === iteration && p.phase === phase && p.step === step;
      const here = view.progress?.iteration === iteration && view.progress.phase === phase;
      const progress =
        here && view.progress ? { ...view.progress, done: Math.max(view.progress.done, step + 1) } : view.progress;
      return { ...view, progress, steps: put(view.steps, { iteration, phase, step, time, metrics }, same) };
    }
    case 'curriculum.finished': {
      const { iteration, funnel } = event;
      return { ...view, funnels: put(view.funnels, { iteration, funnel }, (f) => f.iteration === iteration) };
    }
    case 'evaluation.finished': {
      const { iteration, evaluation } = event;
      const same = (e: RunView['evaluations'][number]): boolean =>
        e.iteration === iteration && e.evaluation.benchmark === evaluation.benchmark;
      return { ...view, evaluations: put(view.evaluations, { iteration, evaluation }, same) };
    }
    case 'phase.finished': {
      const { iteration, phase, seconds } = event;
      const same = (p: RunView['phasesDone'][number]): boolean => p.iteration === iteration && p.phase === phase;
      const here = view.progress?.iteration === iteration && view.progress.phase === phase;
      const progress = here && view.progress ? { ...view.progress, done: view.progress.total } : view.progress;
      return { ...view, progress, phasesDone: put(view.phasesDone, { iteration, phase, seconds }, same) };
    }
    case 'iteration.finished': {
      const { summary } = event;
      return { ...view, summaries: put(view.summaries, summary, (s) => s.iteration === summary.iteration) };
    }
    case 'alarm':
      return { ...view, alarms: put(view.alarms, event, (other) => sameAlarm(other, event)) };
    case 'reviews.applied':
      return event.removed + event.relabelled > 0 ? { ...view, zeroData: false } : view;
    case 'log':
      return event.level === 'info' ? view : { ...view, lastLog: event.message };
    case 'rollout.sampled':
    case 'sft.prepared':
    case 'sft.finished':
    case 'checkpoint.saved':
    case 'compute.summary':
      return view;
    case 'run.paused':
      return { ...view, progress: pausedAt(view, event), state: 'paused', pauseReason: event.reason };
    case 'run.finished': {
      const { summaries, seconds, zeroData = true } = event;
      return { ...view, state: 'finished', summaries, seconds, zeroData, progress: null };
    }
    case 'run.failed': {
      const { code, message, remedy } = event;
      return { ...view, state: 'failed', error: { code, message, remedy } };
    }
  }
}

/** Events at or before the last one seen are ignored, so a replay that overlaps with live events does no harm. */
export function reduceRun(view: RunView, event: RunEvent): RunView {
  if (event.sequence <= view.sequence) return view;
  return { ...reduceBody(view, event), sequence: event.sequence, updatedAt: event.time };
}

/** Seconds until the present phase ends, at the rate seen so far; null before there is one. */
export function phaseEta(progress: RunProgress, now: number): number | null {
  const worked = progress.done - progress.doneAtStart;
  const elapsed = (now - progress.since) / 1000;
  if (worked <= 0 || elapsed < 1) return null;
  return Math.max(0, ((progress.total - progress.done) * elapsed) / worked);
}

/** Before a phase has done anything it is taken to last as long as it did before. */
function usualEta({ done, total, since }: RunProgress, seconds: number | undefined, now: number): number | null {
  if (seconds === undefined || total === 0) return null;
  return Math.max(0, seconds * (1 - done / total) - (now - since) / 1000);
}

/** What a phase takes in all, also where an earlier process has done a part of it. */
function wholePhase({ doneAtStart, total, since }: RunProgress, left: number, now: number): number {
  return (left + (now - since) / 1000) / Math.max(0.01, 1 - doneAtStart / Math.max(1, total));
}

/**
 * Seconds until the run ends: what is left of this phase, the phases of this iteration still to come and the iterations after it,
 * each at the time the same phase took before. Null until every phase has been seen once; a run whose curriculum came
 * without a Challenger phase has none.
 */
export function runEta(view: RunView, now: number): number | null {
  const { progress } = view;
  if (!progress || view.iterations === 0) return null;
  const usual = (phase: Phase): number | undefined => view.phasesDone.findLast((p) => p.phase === phase)?.seconds;
  const left = phaseEta(progress, now) ?? usualEta(progress, usual(progress.phase), now);
  if (left === null) return null;
  const seen = (phase: Phase): boolean => progress.phase === phase || usual(phase) !== undefined;
  const trainsChallenger = seen('challenger') || !seen('curriculum');
  const cycle: readonly Phase[] = [
    ...(trainsChallenger ? (['challenger'] as const) : []),
    'curriculum',
    'solver',
    'evaluation',
  ];
  const at = cycle.indexOf(progress.phase); // -1 during the baseline: the whole cycle is to come
  let sum = left;
  for (let i = 0; i < cycle.length; i++) {
    const phase = cycle[i] as Phase;
    const repeats =
      progress.phase === 'baseline' ? view.iterations : view.iterations - progress.iteration + (i > at ? 1 : 0);
    if (repeats <= 0) continue;
    const seconds = phase === progress.phase ? wholePhase(progress, left, now) : usual(phase);
    if (seconds === undefined) return null;
    sum += repeats * seconds;
  }
  return sum;
}

/** Values of one metric in one phase over the whole run, in order. */
export function metricSeries(view: RunView, phase: Phase, metric: string): number[] {
  return view.steps.flatMap((p) => {
    const value = p.metrics[metric];
    return p.phase === phase && value !== undefined ? [value] : [];
  });
}

/** A share itself. Where no answer could be decided there is none: 0 would say that all are wrong. */
export const shareOf = (estimate: Estimate | null | undefined): number | null =>
  estimate && estimate.n > 0 ? estimate.value : null;
