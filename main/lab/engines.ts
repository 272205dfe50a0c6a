/** The engine processes of this lab, one per run at most: how they are started, asked to pause, ended, and what they leave behind. */
import type { RunEvent } from '../../preload/contract/events.js';
import type { BackendChoice, RunInfo } from '../../preload/contract/runs.js';
import { describeError, LabError } from '../lib/errors.js';
import type { EngineLauncher } from './engine-process.js';
import { EngineSession, type EngineEnd } from './engine-session.js';
import type { RunRecords } from './records.js';

export interface EnginesOptions {
  readonly dataDir: string;
  readonly records: RunRecords;
  readonly launcher: EngineLauncher;
  /** An engine of this lab takes a run. */
  readonly onStart: (runId: string) => void;
  readonly onEvent: (event: RunEvent) => void;
  /** The engine is gone; how it ended is recorded. */
  readonly onEnd: (runId: string) => void;
}

export class Engines {
  private readonly sessions = new Map<string, EngineSession>();
  private readonly ends = new Map<string, Promise<EngineEnd>>();
  /** Sequence of the last event each engine sent: a crashed one may have said more than it recorded. */
  private readonly said = new Map<string, number>();

  constructor(private readonly options: EnginesOptions) {}

  /** The runs whose engine processes live. */
  get working(): readonly string[] {
    return [...this.sessions.keys()];
  }

  holds(runId: string): boolean {
    return this.sessions.has(runId);
  }

  /**
   * The end of an engine process that is done with the run and not gone yet: people are told that a run is paused before that, and
   * what they ask for then must not be refused. Undefined where there is none to wait for.
   */
  leaving(runId: string): Promise<EngineEnd> | undefined {
    return this.sessions.get(runId)?.leaving ? this.ends.get(runId) : undefined;
  }

  /** Settles when the engine process has taken the run. */
  async start(info: RunInfo, backend: BackendChoice, rolloutsKey: string | null = null): Promise<void> {
    this.refuseUnlessStartable(info);
    const { launcher, dataDir } = this.options;
    // What was asked of an earlier process and not met.
    this.options.records.clearRequests(info.id);
    this.options.onStart(info.id);
    const session = new EngineSession(launcher.launch(), {
      runId: info.id,
      dataDir,
      backend,
      rolloutsKey,
      onEvent: (event) => {
        this.said.set(info.id, event.sequence);
        this.options.onEvent(event);
      },
    });
    this.sessions.set(info.id, session);
    this.ends.set(
      info.id,
      session.ended.then((end) => this.settle(info.id, end)),
    );
    await session.ready;
  }

  /** The requests in the record have changed: an engine of this lab need not wait until it looks. */
  requestsChanged(runId: string): void {
    this.sessions.get(runId)?.requestsChanged();
  }

  /** False where no engine of this lab works on the run. */
  stop(runId: string): boolean {
    const session = this.sessions.get(runId);
    session?.kill();
    return session !== undefined;
  }

  ended(runId: string): Promise<EngineEnd> | undefined {
    return this.ends.get(runId);
  }

  /** Pauses all; settles when their processes are gone. */
  async pauseAll(): Promise<void> {
    for (const session of this.sessions.values()) session.pause();
    await Promise.all(this.ends.values());
  }

  stopAll(): void {
    for (const session of this.sessions.values()) session.kill();
  }

  private refuseUnlessStartable(info: RunInfo): void {
    if (info.state === 'finished') {
      throw new LabError('usage', `Run ${info.name} is finished.`, {
        remedy: 'Start a new one, with another seed if you like.',
      });
    }
    const here = this.holds(info.id);
    if (here || info.state === 'running') {
      throw new LabError('busy', `Run ${info.name} is in use by ${here ? 'this' : 'another'} process.`, {
        remedy: `Pause it there first: rzero pause ${info.id}`,
      });
    }
  }

  /** After the process is gone: what it could not record itself is recorded here. */
  private settle(runId: string, end: EngineEnd): EngineEnd {
    this.sessions.delete(runId);
    const { records } = this.options;
    const said = this.said.get(runId) ?? -1;
    try {
      try {
        if (end.outcome === 'failed' && end.error) {
          records.appendEvent(runId, { type: 'run.failed', ...end.error }, said);
        } else if (end.outcome === 'killed') {
          const { cursor } = records.findRun(runId);
          records.appendEvent(runId, { type: 'run.paused', ...cursor, reason: 'stopped at once' }, said);
        }
      } finally {
        this.options.onEnd(runId);
      }
      return end;
    } catch (error) {
      // A full disk, or another process that took the run meanwhile: how it ended is told all the same.
      const unrecorded = {
        code: 'database',
        message: `How the run ended could not be recorded: ${describeError(error)}`,
        remedy: null,
      };
      return { outcome: 'failed', reason: null, error: end.error ?? unrecorded };
    }
  }
}
