/**
 * Works on one run: opens backend, model and record, goes back to the newest checkpoint and has the loop driven from
 * there (drive.ts).
 */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import type { Executor } from '../coevolution/executor.js';
import { contextOf } from '../coevolution/make-context.js';
import { METHOD_VERSION } from '../coevolution/method.js';
import { initialState } from '../coevolution/state.js';
import type { Compute } from '../compute/compute.js';
import { describeError } from '../lib/errors.js';
import { packageVersion } from '../lib/version.js';
import { Judge, RECORDED_DEADLINE_MS } from '../judging/judge.js';
import type { LoadedCheckpoint } from '../store/checkpoint-files.js';
import { Database } from '../store/database.js';
import { RunRecorder } from '../store/record.js';
import { hasIdentity, recordIdentity } from '../store/run-identities.js';
import { originOf } from '../store/run-origin.js';
import { findRun, type RunRow, setRunBackend } from '../store/runs.js';
import { identityOf } from '../studies/identity.js';
import { InputReader } from '../studies/inputs.js';
import { drive } from './drive.js';
import { type CheckpointState, Journal } from './journal.js';
import { LocalExecutor } from './local-executor.js';
import { correctorsOf } from './reviews.js';
import { loadModelOfRun } from './run-model.js';
import { watchForPause } from './pause-watch.js';
import { graderVersions, openBackend, resumptionWarnings } from './resumption.js';
import { keptDomain } from './run-domain.js';
import type { Execution } from './serve.js';

/** The roles, the phase's reference, two moments and gradients; the update makes new weights and moments beside the old. */
const trainingCopies = ({ roles }: Recipe): { count: number; purpose: string } => ({
  count: roles === 'one' ? 8 : 9,
  purpose: 'Training',
});

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
  const domain = keptDomain(recorder.db, before);
  const compute = await openBackend(execution.backend, before);
  setRunBackend(recorder.db, before.number, compute.description, versions(compute, before));
  const copies = compute.usesHostMemory ? { copies: trainingCopies(recipe) } : {};
  const model = await loadModelOfRun(recorder.db, before, copies);
  if (before.seq === 0) await identify(recorder.db, before, { recipe, domain: domain.description });
  const executor = new LocalExecutor(compute, model, recipe.roles);
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
    const judge = new Judge({ deadlineMs: RECORDED_DEADLINE_MS });
    try {
      const context = await contextOf(recipe, executor, {
        emit: journal.emit,
        signal: stop.abandon,
        iterationSeconds: () => journal.iterationSeconds,
        correctors: correctorsOf(recorder.db, before),
        kept: domain.description,
        algebra: judge,
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
      if (domain.warning !== null) journal.emit({ type: 'log', level: 'warn', message: domain.warning });
      const start = { ...initialState(recipe), ...restored?.loop };
      return await drive({ context, journal, recorder, stop, summary: () => summaryOf(compute) }, start);
    } finally {
      stop.dispose();
      await judge.close();
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

/** So that a study can take this run for its arm. It must not keep a run from its work. */
async function identify(
  db: Database,
  run: RunRow,
  { recipe, domain }: { readonly recipe: Recipe; readonly domain: DomainDescription },
): Promise<void> {
  if (run.forkedFrom !== null || hasIdentity(db, run.number)) return;
  try {
    const inputs = await new InputReader(db).of(recipe, { domain, origin: originOf(db, run.number) });
    recordIdentity(db, run.number, identityOf(recipe, inputs));
  } catch {
    // A file that cannot be read fails the run where it is needed, and says so there.
  }
}

function versions({ backend }: Compute, before: Parameters<typeof graderVersions>[0]): Record<string, string> {
  return {
    backend,
    grader: graderVersions(before),
    method: String(METHOD_VERSION),
    program: packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
