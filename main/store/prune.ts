/** Frees disk space: forgets checkpoints of a run that are no longer wanted. Refused while a process works on the run. */
import { LabError } from '../lib/errors.js';
import { CheckpointFiles } from './checkpoint-files.js';
import { forgetCheckpoints, type Keep } from './checkpoints.js';
import type { Database } from './database.js';
import { RunLock } from './run-lock.js';
import { readRun } from './runs.js';

export interface Pruned {
  readonly checkpoints: number;
  readonly bytes: number;
}

/**
 * With `keep.last` 0 a run can be looked at and exported, but no longer resumed: that would take it back, rows and all,
 * to an older checkpoint or to its beginning. Only a finished run may lose its newest.
 */
export async function pruneRun(
  db: Database,
  run: { readonly number: number; readonly id: string; readonly name: string },
  keep: Keep,
): Promise<Pruned> {
  const lock = RunLock.take(db, run.number, run.id);
  try {
    const { state } = readRun(db, run.number);
    if (keep.last < 1 && state !== 'finished') {
      throw new LabError(
        'usage',
        `Run ${run.name} is ${state}: without its newest checkpoint its work would be lost.`,
        {
          remedy: 'Keep at least one (--keep-last 1), or let the run finish first.',
        },
      );
    }
    const gone = db.transaction(() => forgetCheckpoints(db, run.number, keep));
    return { checkpoints: gone.length, bytes: await new CheckpointFiles(db, run).sweep() };
  } finally {
    lock.release();
  }
}
