/**
 * Works on one run: opens backend, model and record, goes back to the newest checkpoint and has the loop driven from
 * there (drive.ts).
 */
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import type { Executor } from '../coevolution/executor.js';
import { contextOf } from '../coevolution/make-context.js';
import { initialState } from '../coevolution/state.js';
import type { Compute } from '../compute/compute.js';
import { describeError } from '../lib/errors.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import type { LoadedCheckpoint } from '../store/checkpoint-files.js';
import { Database } from '../store/database.js';
import { RunRecorder } from '../store/record.js';
import { findRun, setRunBackend } from '../store/runs.js';
import { drive } from './drive.js';
import { type CheckpointState, Journal } from './journal.js';
import { LocalExecutor } from './local-executor.js';
import { correctorsOf } from './reviews.js';
import { loadModelOfRun } from './run-model.js';
import { watchForPause } from './pause-watch.js';
import { openBackend, resumptionWarnings } from './resumption.js';
import type { Execution } from './serve.js';

/** Both roles, the phase's reference, two moments and gradients; the update makes new weights and moments beside the old. */
const TRAINING = { count: 9, purpose: 'Training' };

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
  // As it stood before this process: the recorder read it when it took the run.
  const before = recorder.run;
  const compute = await openBackend(execution.backend, before);
  setRunBackend(recorder.db, before.number, compute.description, versions(compute));
  const model = await loadModelOfRun(recorder.db, before, compute.usesHostMemory ? { copies: TRAINING } : {});
  const executor = new LocalExecutor(compute, model);
  try {
    const { restored, skipped } = await restore(recorder, executor);
    const journal = new Journal({
      recorder,
      executor,
      checkpoint: recipe.checkpoint,
      forward: execution.emit,
      restored,
    });
    const stop = watchForPause(execution.pause, {
      requested: () => recorder.requestedPause(),
      onRequests: execution.onRequests,
      alive: () => recorder.alive(),
    });
    try {
      const context = await contextOf(recipe, executor, {
        emit: journal.emit,
        signal: stop.abandon,
        iterationSeconds: () => journal.iterationSeconds,
        correctors: correctorsOf(recorder.db, before),
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
        zeroData: recorder.zeroData(),
      });
      journal.emit(...resumptionWarnings(before, compute.description, skipped));
      const start = { ...initialState(recipe), ...restored?.loop };
      return await drive({ context, journal, recorder, stop, summary: () => summaryOf(compute) }, start);
    } finally {
      stop.dispose();
    }
  } finally {
    executor.dispose();
  }
}

async function restore(
  recorder: RunRecorder,
  executor: Executor,
): Promise<{ restored: CheckpointState | null; skipped: LoadedCheckpoint['skipped'] }> {
  const checkpoint = await recorder.resume();
  if (!checkpoint) return { restored: null, skipped: [] };
  const restored = checkpoint.state as CheckpointState;
  await executor.restore(new Map(Object.entries(checkpoint.files)), restored.executor);
  return { restored, skipped: checkpoint.skipped };
}

function summaryOf(compute: Compute): { type: 'compute.summary'; steps: ReturnType<Compute['statistics']>[number][] } {
  return { type: 'compute.summary', steps: [...compute.statistics()] };
}

function versions({ backend }: Compute): Record<string, string> {
  return {
    backend,
    grader: String(GRADER_VERSION),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
