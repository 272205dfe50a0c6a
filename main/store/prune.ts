/** Frees disk space: forgets checkpoints of a run that are no longer wanted. Refused while a process works on the run. */
import { CheckpointFiles } from './checkpoint-files.js';
import { forgetCheckpoints, type Keep } from './checkpoints.js';
import type { Database } from './database.js';
import { RunLock } from './run-lock.js';

export interface Pruned {
  readonly checkpoints: number;
  readonly bytes: number;
}

/** A run whose `keep.last` is 0 can be looked at and exported, but no longer resumed from where it stood. */
export async function pruneRun(
  db: Database,
  run: { readonly number: number; readonly id: string },
  keep: Keep,
): Promise<Pruned> {
  const lock = RunLock.take(db, run.number, run.id);
  try {
    const gone = db.transaction(() => forgetCheckpoints(db, run.number, keep));
    return { checkpoints: gone.length, bytes: await new CheckpointFiles(db, run).sweep() };
  } finally {
    lock.release();
  }
}
