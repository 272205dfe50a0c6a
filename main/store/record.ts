/**
 * The record of one run, held by the one process that works on it. The loop counts its units of work (`seq`) and
 * commits each in one transaction: rows, cursor and, where due, the checkpoint. Resuming goes back to the newest whole
 * checkpoint and takes back every row beyond it.
 */
import { performance } from 'node:perf_hooks';
import type { RunEvent } from '../../preload/contract/events.js';
import { startOf, type Cursor, type RunState } from '../../preload/contract/runs.js';
import type { PausePlace } from '../../preload/contract/steering.js';
import { LabError } from '../lib/errors.js';
import { CheckpointFiles, type CheckpointRequest, type LoadedCheckpoint } from './checkpoint-files.js';
import { forgetCheckpoints, insertCheckpoint, type Keep } from './checkpoints.js';
import type { Database } from './database.js';
import { insertEvents, nextEventSequence } from './events.js';
import { isZeroData } from './corrections.js';
import { clearRequests, requestedPause } from './requests.js';
import { rollbackTo } from './rollback.js';
import { RunLock } from './run-lock.js';
import { readRun, runDirectory, setRunState, type RunRow } from './runs.js';

export interface SaveRequest extends CheckpointRequest {
  readonly endsIteration?: boolean;
  /** The best so far, by whatever the guards look at. */
  readonly best?: boolean;
}

/** Where the rows of a unit of work go: what the insert functions of this folder take. */
export interface RowTarget {
  readonly db: Database;
  readonly run: number;
  readonly seq: number;
}

export interface RecorderOptions {
  /** Checkpoints kept besides the best and one per iteration. */
  readonly keepLast?: number;
}

export class RunRecorder {
  readonly directory: string;
  readonly checkpoints: CheckpointFiles;
  private readonly keep: Keep;
  private unit: number | null = null;
  private committed: number;
  private clock = performance.now();

  private constructor(
    readonly db: Database,
    readonly run: RunRow,
    private readonly lock: RunLock,
    options: RecorderOptions,
  ) {
    this.directory = runDirectory(db, run.id);
    this.checkpoints = new CheckpointFiles(db, run);
    this.keep = { last: options.keepLast ?? 2, best: true, iterations: true };
    this.committed = run.seq;
  }

  /** Takes the run for this process (`busy` where another holds it) and marks it running. */
  static open(db: Database, run: RunRow, options: RecorderOptions = {}): RunRecorder {
    const lock = RunLock.take(db, run.number, run.id);
    setRunState(db, run.number, 'running');
    return new RunRecorder(db, readRun(db, run.number), lock, options);
  }

  /** The last committed unit; 0 before the first. */
  get seq(): number {
    return this.committed;
  }

  /**
   * Back to the newest whole checkpoint, or to the very beginning where there is none yet: rows beyond it are taken
   * back, files without a row are swept.
   */
  async resume(): Promise<LoadedCheckpoint | null> {
    const checkpoint = await this.checkpoints.latestValid();
    this.rollbackTo(checkpoint?.seq ?? 0, checkpoint?.cursor ?? startOf(this.run.recipe));
    await this.checkpoints.sweep();
    return checkpoint;
  }

  /** Takes back every row of units after `seq`. */
  rollbackTo(seq: number, cursor: Cursor): void {
    this.db.transaction(() => {
      this.lock.confirm();
      rollbackTo(this.db, this.run.number, seq);
      this.db.run('UPDATE runs SET seq = ?, cursor = ? WHERE number = ?', seq, JSON.stringify(cursor), this.run.number);
    });
    this.committed = seq;
  }

  /** One unit of work: everything `writes` records, and the cursor, or nothing of it. */
  commit(seq: number, cursor: Cursor, writes: (target: RowTarget) => void): void {
    if (this.unit !== null || seq <= this.committed)
      throw new LabError('internal', `Unit ${seq} cannot be committed after unit ${this.unit ?? this.committed}.`);
    const now = performance.now();
    this.unit = seq;
    try {
      this.db.transaction(() => {
        this.lock.confirm();
        writes({ db: this.db, run: this.run.number, seq });
        this.db.run(
          'UPDATE runs SET seq = ?, cursor = ?, updated_at = ?, active_seconds = active_seconds + ? WHERE number = ?',
          seq,
          JSON.stringify(cursor),
          Date.now(),
          (now - this.clock) / 1000,
          this.run.number,
        );
      });
    } finally {
      this.unit = null;
    }
    this.committed = seq;
    this.clock = now;
  }

  /** A unit of work with a checkpoint: files first, then one transaction, then files nobody needs any more. */
  async save(request: SaveRequest, writes: (target: RowTarget) => void): Promise<{ bytes: number; seconds: number }> {
    const start = performance.now();
    const prepared = await this.checkpoints.prepare(request);
    const seconds = (performance.now() - start) / 1000;
    this.commit(request.seq, request.cursor, (target) => {
      writes(target);
      insertCheckpoint(this.db, this.run.number, {
        ...prepared,
        endsIteration: request.endsIteration ?? false,
        best: request.best ?? false,
      });
      forgetCheckpoints(this.db, this.run.number, this.keep);
    });
    await this.checkpoints.sweep();
    return { bytes: prepared.bytes, seconds };
  }

  /** A checkpoint of the last committed unit, which was committed without one. */
  async saveCommitted(request: CheckpointRequest): Promise<{ bytes: number; seconds: number }> {
    if (request.seq !== this.committed)
      throw new LabError('internal', `Unit ${request.seq} is not the last committed one (${this.committed}).`);
    const start = performance.now();
    const prepared = await this.checkpoints.prepare(request);
    const seconds = (performance.now() - start) / 1000;
    this.db.transaction(() => {
      this.lock.confirm();
      insertCheckpoint(this.db, this.run.number, { ...prepared, endsIteration: false, best: false });
      forgetCheckpoints(this.db, this.run.number, this.keep);
    });
    await this.checkpoints.sweep();
    return { bytes: prepared.bytes, seconds };
  }

  /** Gives the run back in the state it ended with. */
  close(state: Exclude<RunState, 'running' | 'created'>, error: string | null = null): void {
    this.db.transaction(() => {
      this.lock.confirm();
      const seconds = (performance.now() - this.clock) / 1000;
      this.db.run('UPDATE runs SET active_seconds = active_seconds + ? WHERE number = ?', seconds, this.run.number);
      setRunState(this.db, this.run.number, state, error);
      clearRequests(this.db, this.run.number);
      this.lock.release();
    });
  }

  /** Where the run was asked to pause, in the record. */
  requestedPause(): PausePlace | null {
    return requestedPause(this.db, this.run.number);
  }

  /** Whether nothing a person said has changed what the run learns from. */
  zeroData(): boolean {
    return isZeroData(this.db, this.run.number);
  }

  /** A sign of life between commits, for units that take long. Cheap: writes at most once a minute. */
  alive(): void {
    this.lock.alive();
  }

  nextEventSequence(): number {
    return nextEventSequence(this.db, this.run.number);
  }

  /** Events may come at any time; those outside a commit belong to the last committed unit. */
  events(events: readonly RunEvent[]): void {
    this.db.transaction(() => insertEvents(this.db, this.run.number, this.unit ?? this.committed, events));
  }
}
