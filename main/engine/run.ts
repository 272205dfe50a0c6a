/**
 * Works on one run: opens backend, model and record, goes back to the newest checkpoint and has the loop driven from
 * there (drive.ts).
 */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import type { EventBody } from '../../preload/contract/events.js';
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import type { Executor } from '../coevolution/executor.js';
import { contextOf } from '../coevolution/make-context.js';
import { METHOD_VERSION } from '../coevolution/method.js';
import { initialState } from '../coevolution/state.js';
import { requireBfloat16, requireDropout } from '../lib/backend-needs.js';
import type { Compute } from '../compute/compute.js';
import { describeError } from '../lib/errors.js';
import { weightCopies } from '../sizes/held.js';
import type { LoadOptions } from '../model/folder.js';
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
import { LocalExecutor, type LocalExecutorOptions } from './local-executor.js';
import { ServedExecutor } from './served-executor.js';
import { correctorsOf } from './reviews.js';
import { baseDigest, loadModelOfRun } from './run-model.js';
import { watchForPause } from './pause-watch.js';
import { graderVersions, openBackend, resumptionWarnings } from './resumption.js';
import { keptDomain } from './run-domain.js';
import { requireSameModel } from './same-model.js';
import type { Execution } from './serve.js';

/** With adapters there is the base, and all else is small. */
const trainingCopies = ({ roles, lora }: Recipe): NonNullable<LoadOptions['copies']> => ({
  count: (config) => (lora ? 1 : weightCopies(config, { roles, adapters: false })),
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
  await requireSameModel(recorder.db, before);
  const copies = compute.usesHostMemory ? { copies: trainingCopies(recipe) } : {};
  const type = recipe.lora?.base_dtype ?? 'float32';
  if (type === 'bfloat16') requireBfloat16(compute.backend);
  if (recipe.lora && recipe.lora.dropout > 0) requireDropout(compute.backend);
  const model = await loadModelOfRun(recorder.db, before, { ...copies, type });
  if (before.seq === 0) await identify(recorder.db, before, { recipe, domain: domain.description });
  let emit = (_: EventBody): void => undefined;
  const local = new LocalExecutor(compute, model, {
    roles: recipe.roles,
    lora: await loraOf(recorder.db, before, recipe),
    notice: (message) => emit({ type: 'log', level: 'warn', message }),
  });
  let executor: Executor = local;
  try {
    const served = servedOf(local, execution, { recipe, runId: before.id, emit: (event) => emit(event) });
    executor = served ?? local;
    const { restored, skipped } = await restore(recorder, executor);
    const journal = new Journal({
      recorder,
      executor,
      checkpoint: recipe.checkpoint,
      forward: execution.emit,
      restored,
    });
    emit = (event) => journal.emit(event);
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
      served?.tell();
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

async function loraOf(db: Database, run: RunRow, { lora, seed }: Recipe): Promise<LocalExecutorOptions['lora']> {
  return lora && { recipe: lora, seed, base: await baseDigest(db, run) };
}

/** Where the recipe has something sampled at servers. */
function servedOf(
  local: LocalExecutor,
  { dataDir, rolloutsKey }: Execution,
  { recipe, runId, emit }: { recipe: Recipe; runId: string; emit: (event: EventBody) => void },
): ServedExecutor | null {
  if (recipe.rollouts === null) return null;
  return new ServedExecutor(local, { recipe: recipe.rollouts, dataDir, runId, key: rolloutsKey, emit });
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
