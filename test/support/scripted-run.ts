/** A run of the scripted executor with a real record: what a process that works on it opens, without a backend. */
import type { EventBody, RunEvent } from '../../preload/contract/events.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import { contextOf } from '../../main/coevolution/make-context.js';
import type { Corrector } from '../../main/coevolution/corrections/corrector.js';
import { initialState } from '../../main/coevolution/state.js';
import { drive } from '../../main/engine/drive.js';
import { type CheckpointState, Journal } from '../../main/engine/journal.js';
import { type PauseWatch, watchForPause } from '../../main/engine/pause-watch.js';
import { correctorsOf } from '../../main/engine/reviews.js';
import { keptDomain } from '../../main/engine/run-domain.js';
import { Database } from '../../main/store/database.js';
import { digestRun, type TableDigest } from '../../main/store/digest.js';
import { RunRecorder } from '../../main/store/record.js';
import { findRun } from '../../main/store/runs.js';
import { ScriptedExecutor } from './scripted-executor.js';

export interface Worked {
  readonly outcome: 'finished' | 'paused';
  readonly events: RunEvent[];
  readonly executor: ScriptedExecutor;
}

export interface WorkOptions {
  readonly executor?: ScriptedExecutor;
  /** By default what the record asks for. */
  readonly stop?: Pick<PauseWatch, 'reason' | 'abandon'>;
  /** By default who the run itself asks. */
  readonly correctors?: readonly Corrector[];
  /** Sees each event once it is out; may throw, as a process dies. */
  readonly onEvent?: (event: RunEvent, executor: ScriptedExecutor) => void;
}

/** Works on a run from where its record stands, as one process would. */
export async function workOn(
  dataDir: string,
  runId: string,
  { executor = new ScriptedExecutor(), onEvent, ...options }: WorkOptions = {},
): Promise<Worked> {
  const db = Database.open(dataDir);
  try {
    const run = findRun(db, runId);
    const recorder = RunRecorder.open(db, run, { keepLast: run.recipe.checkpoint.keep_last });
    const watch = watchForPause(new AbortController().signal, {
      requested: () => recorder.requestedPause(),
      alive: () => recorder.alive(),
    });
    const stop = options.stop ?? watch;
    try {
      const events: RunEvent[] = [];
      const restored = await recorder.resume();
      const state = restored ? (restored.state as CheckpointState) : null;
      if (restored) await executor.restore(new Map(Object.entries(restored.files)), state?.executor);
      const journal = new Journal({
        recorder,
        executor,
        checkpoint: run.recipe.checkpoint,
        forward: (event) => {
          events.push(event);
          onEvent?.(event, executor);
        },
        restored: state,
      });
      const context = await fewQuestions(run.recipe, executor, {
        emit: journal.emit,
        signal: stop.abandon,
        correctors: options.correctors ?? correctorsOf(db, run),
        kept: keptDomain(db, run).description,
      });
      const summary = (): EventBody => ({ type: 'compute.summary', steps: [] });
      const outcome = await drive(
        { context, journal, recorder, stop, summary },
        state?.loop ?? initialState(run.recipe),
      );
      recorder.close(outcome);
      return { outcome, events, executor };
    } catch (error) {
      recorder.close('failed', String(error));
      throw error;
    } finally {
      watch.dispose();
    }
  } finally {
    db.close();
  }
}

/** Which skills a run ended with: what it learnt, where nothing else tells. */
export const skillsOf = ({ executor }: Worked): number[] => [executor.challenger.skill, executor.solver.skill];

/** Everything recorded but wall-clock, and ids of the journal, which runs of one record share. */
export const rowsOf = (db: Database, run: string): Record<string, TableDigest> =>
  digestRun(db, findRun(db, run).number, { without: ['checkpoints.sha256', 'corrections.entry'] });

async function fewQuestions(
  recipe: Recipe,
  executor: ScriptedExecutor,
  hooks: Omit<Parameters<typeof contextOf>[2], 'iterationSeconds'>,
): ReturnType<typeof contextOf> {
  const context = await contextOf(recipe, executor, { ...hooks, iterationSeconds: () => 0 });
  const few = (of: typeof context.benchmark): typeof of => ({
    ...of,
    questions: of.questions.filter((_, i) => i % 20 === 0),
  });
  return {
    ...context,
    benchmark: few(context.benchmark),
    guardBenchmark: context.guardBenchmark && few(context.guardBenchmark),
    others: context.others.map((other) => ({ ...other, benchmark: few(other.benchmark) })),
  };
}
