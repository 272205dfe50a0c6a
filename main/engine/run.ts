/**
 * Works on one run: opens backend, model and record, goes back to the newest checkpoint, drives the loop and commits
 * its units until it ends or is asked to pause.
 */
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import type { LoopContext } from '../coevolution/context.js';
import type { Executor } from '../coevolution/executor.js';
import { contextOf } from '../coevolution/make-context.js';
import { coevolve } from '../coevolution/loop.js';
import { initialState, type LoopState } from '../coevolution/state.js';
import type { Unit } from '../coevolution/unit.js';
import type { Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { describeError } from '../lib/errors.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import { loadModelFolder } from '../model/folder.js';
import { Database } from '../store/database.js';
import { RunRecorder } from '../store/record.js';
import { findRun, setRunBackend } from '../store/runs.js';
import { type CheckpointState, Journal } from './journal.js';
import { LocalExecutor } from './local-executor.js';
import { modelFolder } from './model-source.js';
import type { Execution } from './serve.js';

/** How long a unit under way may take to finish after a pause was asked for; then it is given up and made again later. */
const PAUSE_GRACE_MS = 10_000;
const REQUEST_POLL_MS = 500;

export async function executeRun(execution: Execution): Promise<'finished' | 'paused'> {
  const db = Database.open(execution.dataDir);
  try {
    const run = findRun(db, execution.runId);
    const recipe = recipeSchema.parse(run.recipe);
    const recorder = RunRecorder.open(db, run, { keepLast: recipe.checkpoint.keep_last });
    try {
      const outcome = await work(execution, recorder, recipe);
      recorder.close(outcome);
      return outcome;
    } catch (error) {
      recorder.close('failed', describeError(error));
      throw error;
    }
  } finally {
    db.close();
  }
}

async function work(execution: Execution, recorder: RunRecorder, recipe: Recipe): Promise<'finished' | 'paused'> {
  const compute = await openCompute(execution.backend);
  setRunBackend(recorder.db, recorder.run.number, compute.description, versions());
  const executor = new LocalExecutor(compute, await loadModelFolder(modelFolder(recipe.model)));
  try {
    const restored = await restore(recorder, executor);
    const journal = new Journal({
      recorder,
      executor,
      checkpoint: recipe.checkpoint,
      forward: execution.emit,
      iterationSeconds: restored?.iterationSeconds ?? 0,
    });
    const stop = watchForPause(execution.pause, () => recorder.pauseRequested());
    try {
      const context = contextOf(recipe, executor, {
        emit: journal.emit,
        signal: stop.abandon,
        iterationSeconds: () => journal.iterationSeconds,
      });
      journal.emit({
        type: 'run.started',
        name: recorder.run.name,
        recipe: recipe.name,
        seed: recipe.seed,
        iterations: recipe.iterations,
        backend: compute.description,
        resumed: restored !== null,
        oracle: context.oracle !== null,
      });
      return await drive({ context, compute, journal, stop, recorder }, restored?.loop ?? initialState());
    } finally {
      stop.dispose();
    }
  } finally {
    executor.dispose();
  }
}

async function restore(recorder: RunRecorder, executor: Executor): Promise<CheckpointState | null> {
  const checkpoint = await recorder.resume();
  if (!checkpoint) return null;
  const state = checkpoint.state as CheckpointState;
  await executor.restore(new Map(Object.entries(checkpoint.files)), state.executor);
  return state;
}

interface Drive {
  readonly context: LoopContext;
  readonly compute: Compute;
  readonly journal: Journal;
  readonly stop: PauseWatch;
  readonly recorder: RunRecorder;
}

async function drive(
  { context, compute, journal, stop, recorder }: Drive,
  start: LoopState,
): Promise<'finished' | 'paused'> {
  let state = start;
  const began = performance.now();
  const paused = (reason: string): 'paused' => {
    journal.emit(summaryOf(compute), { type: 'run.paused', ...state.cursor, reason });
    return 'paused';
  };
  const units = coevolve(context, state);
  for (;;) {
    let next: IteratorResult<Unit, LoopState>;
    try {
      next = await units.next();
    } catch (error) {
      if (!stop.abandon.aborted) throw error;
      return paused('paused within a step, which will be made again');
    }
    if (next.done) break;
    const unit = next.value;
    const alarm = unit.events.find((event) => event.type === 'alarm' && event.action !== 'warn');
    const reason = stop.reason() ?? (alarm?.type === 'alarm' ? `alarm: ${alarm.message}` : null);
    await journal.commit(unit, { force: reason !== null });
    state = unit.state;
    if (alarm?.type === 'alarm' && alarm.action === 'rollback') {
      await rollBack({ context, journal, recorder }, unit, alarm.message);
      break;
    }
    if (reason !== null) return paused(reason);
  }
  const seconds = recorder.run.activeSeconds + (performance.now() - began) / 1000;
  journal.emit(summaryOf(compute), { type: 'run.finished', summaries: [...state.summaries], seconds });
  return 'finished';
}

/** Returns both roles to the best checkpoint and ends the run there. */
async function rollBack(
  { context, journal, recorder }: Pick<Drive, 'context' | 'journal' | 'recorder'>,
  unit: Unit,
  why: string,
): Promise<void> {
  const best = await recorder.checkpoints.bestValid();
  if (!best) return;
  await context.executor.restore(new Map(Object.entries(best.files)), (best.state as CheckpointState).executor);
  const stopped = `rolled back to iteration ${best.cursor.iteration}: ${why}`;
  await journal.commit(
    {
      ...unit,
      step: unit.step + 1,
      rows: {},
      events: [{ type: 'log', level: 'warn', message: stopped }],
      state: { ...unit.state, stopped },
    },
    { force: true },
  );
}

function summaryOf(compute: Compute): { type: 'compute.summary'; steps: ReturnType<Compute['statistics']>[number][] } {
  return { type: 'compute.summary', steps: [...compute.statistics()] };
}

interface PauseWatch {
  /** Why the run is to pause, once it is. */
  reason(): string | null;
  /** Aborted when the unit under way is to be given up. */
  readonly abandon: AbortSignal;
  dispose(): void;
}

function watchForPause(asked: AbortSignal, requested: () => boolean): PauseWatch {
  const abandon = new AbortController();
  let reason: string | null = null;
  let grace: NodeJS.Timeout | undefined;
  const look = (): string | null => {
    reason ??= asked.aborted ? String(asked.reason ?? 'asked to pause') : requested() ? 'asked to pause' : null;
    if (reason !== null) grace ??= setTimeout(() => abandon.abort(), PAUSE_GRACE_MS);
    return reason;
  };
  const poll = setInterval(look, REQUEST_POLL_MS);
  return {
    reason: look,
    abandon: abandon.signal,
    dispose: () => {
      clearInterval(poll);
      clearTimeout(grace);
    },
  };
}

function versions(): Record<string, string> {
  return { grader: String(GRADER_VERSION), node: process.version, platform: `${process.platform}-${process.arch}` };
}
