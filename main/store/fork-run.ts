/**
 * A new run that begins at a checkpoint of another: it holds the history up to there as its own, rows and files, so that
 * every query works for it and nothing that happens to the other run can hurt it. Interrupted, it leaves a failed run
 * without checkpoints that says so.
 */
import type { Recipe } from '../../preload/contract/recipe.js';
import type { ForkedFrom } from '../../preload/contract/steering.js';
import { CheckpointFiles, type LoadedCheckpoint } from './checkpoint-files.js';
import { insertCheckpoint, readCheckpoints, type CheckpointRow } from './checkpoints.js';
import { copyRows } from './copy-rows.js';
import type { Database } from './database.js';
import { insertEvents, nextEventSequence } from './events.js';
import { shareCheckpoints } from './fork-files.js';
import { removeRun } from './remove-run.js';
import { domainOfRun } from './run-domains.js';
import { RunLock } from './run-lock.js';
import { shareModel } from './run-models.js';
import { shareOrigin } from './run-origin.js';
import { createRun, readRun, runDirectory, setRunState, type RunRow } from './runs.js';

export interface ForkRequest {
  readonly parent: RunRow;
  /** Whole, as `CheckpointFiles.validAt` gives it. */
  readonly checkpoint: LoadedCheckpoint;
  readonly recipe: Recipe;
  readonly name?: string | undefined;
}

export async function forkRun(db: Database, request: ForkRequest): Promise<RunRow> {
  const { parent, checkpoint } = request;
  const { fork, lock } = begin(db, request);
  try {
    const rows = readCheckpoints(db, parent.number).filter((row) => row.seq <= checkpoint.seq);
    const shared = await shareCheckpoints(
      { from: runDirectory(db, parent.id), to: runDirectory(db, fork.id), files: new CheckpointFiles(db, parent) },
      [checkpoint, ...rows.filter((row) => row.seq < checkpoint.seq)],
    );
    await copyRows(db, { from: parent.number, to: fork.number, toId: fork.id, seq: checkpoint.seq });
    finish(db, { ...request, fork, lock, shared });
    return readRun(db, fork.number);
  } catch (error) {
    lock.release();
    await removeRun(db, fork).catch(() => undefined);
    throw error;
  }
}

/** The fork's row, held by this process and not fit to be started before it is finished. */
function begin(db: Database, { parent, checkpoint, recipe, name }: ForkRequest): { fork: RunRow; lock: RunLock } {
  return db.transaction(() => {
    const domain = domainOfRun(db, parent.number);
    const fork = createRun(db, { recipe, domain, versions: parent.versions, ...(name !== undefined && { name }) });
    const from: ForkedFrom = { run: parent.id, ...checkpoint.cursor };
    db.run(
      'UPDATE runs SET forked_from = ?, backend = ? WHERE number = ?',
      ...[JSON.stringify(from), parent.backend, fork.number],
    );
    setRunState(db, fork.number, 'failed', 'The making of this fork was interrupted. Remove it and fork again.');
    shareOrigin(db, parent, fork);
    shareModel(db, parent.number, fork.number);
    return { fork, lock: RunLock.take(db, fork.number, fork.id) };
  });
}

interface Made extends ForkRequest {
  readonly fork: RunRow;
  readonly lock: RunLock;
  readonly shared: readonly CheckpointRow[];
}

function finish(db: Database, { parent, checkpoint: { seq, cursor }, fork, lock, shared }: Made): void {
  const { number, id } = fork;
  db.transaction(() => {
    lock.confirm();
    for (const { seq: at, cursor: place, manifest, sha256, bytes, endsIteration, best } of shared)
      insertCheckpoint(db, number, { seq: at, cursor: place, manifest, sha256, bytes, endsIteration, best });
    db.run(
      `UPDATE runs SET seq = ?, cursor = ?, next_event = (SELECT coalesce(max(sequence) + 1, 0) FROM events WHERE run = ?),
         active_seconds = (SELECT total(seconds) FROM timings WHERE run = ? AND name = 'unit') WHERE number = ?`,
      ...[seq, JSON.stringify(cursor), number, number, number],
    );
    const reason = `forked from ${parent.name} at its checkpoint ${seq}`;
    const sequence = nextEventSequence(db, number);
    insertEvents(db, number, seq, [{ run: id, sequence, time: Date.now(), type: 'run.paused', ...cursor, reason }]);
    setRunState(db, number, 'paused');
    lock.release();
  });
}
