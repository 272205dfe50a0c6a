/**
 * The laboratory as every shell holds it: the command line, Electron's main process and a server. It owns runs and the
 * processes that work on them. It never computes: no import of compute, model or training.
 */
import type { RunEvent } from '../../preload/contract/events.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { BackendChoice, RunInfo } from '../../preload/contract/runs.js';
import type { TaskInput, TaskName, TaskOutput } from '../../preload/contract/tasks.js';
import { describeError, LabError } from '../lib/errors.js';
import { EngineSession, type EngineEnd } from './engine-session.js';
import type { EngineLauncher } from './engine-process.js';
import { runTask, type TaskOptions } from './engine-task.js';
import { EventFeed, type EventListener } from './event-feed.js';
import type { RunRecords } from './records.js';

export interface LabOptions {
  readonly dataDir: string;
  readonly records: RunRecords;
  readonly launcher: EngineLauncher;
  /** How often events of runs in other processes are looked for. */
  readonly pollMs?: number;
}

export class Lab {
  private readonly sessions = new Map<string, EngineSession>();
  private readonly ends = new Map<string, Promise<EngineEnd>>();
  /** Sequence of the last event each engine sent: a crashed one may have said more than it recorded. */
  private readonly said = new Map<string, number>();
  private readonly feeds = new Map<string, EventFeed>();
  private poll: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: LabOptions) {}

  createRun(
    recipe: Recipe,
    options: { readonly name?: string | undefined; readonly seed?: number | undefined } = {},
  ): RunInfo {
    return this.options.records.createRun(recipe, { name: options.name, seed: options.seed ?? recipe.seed });
  }

  runs(): RunInfo[] {
    return this.options.records.listRuns();
  }

  /** By id, name or the beginning of an id; `last` is the newest. */
  run(query: string): RunInfo {
    const newest = query === 'last' ? this.runs()[0] : undefined;
    return newest ?? this.options.records.findRun(query);
  }

  /** Everything recorded of a run so far. */
  history(runId: string): RunEvent[] {
    return this.options.records.eventsAfter(runId, -1);
  }

  /** The sequence of a run's last event, -1 before there is one. */
  lastSequence(runId: string): number {
    return this.options.records.lastSequence(runId);
  }

  /** Whether this lab's own engine works on the run. */
  holds(runId: string): boolean {
    return this.sessions.has(runId);
  }

  /** Starts or resumes a run. Settles when the engine process has taken it; how it ends tells `ended`. */
  async start(runId: string, options: { readonly backend?: BackendChoice | undefined } = {}): Promise<void> {
    const { records, launcher, dataDir } = this.options;
    const info = records.findRun(runId);
    this.refuseUnlessStartable(info);
    const session = new EngineSession(launcher.launch(), {
      runId: info.id,
      dataDir,
      backend: options.backend ?? 'auto',
      onEvent: (event) => {
        this.said.set(info.id, event.sequence);
        this.feeds.get(info.id)?.publish(event);
      },
    });
    this.sessions.set(info.id, session);
    this.ends.set(
      info.id,
      session.ended.then((end) => this.settle(info.id, end)),
    );
    await session.ready;
  }

  /** How the run's last engine of this lab ended; waits until it has. */
  async ended(runId: string): Promise<EngineEnd> {
    const end = this.ends.get(runId);
    if (!end) throw new LabError('usage', `This process has not started run ${runId}.`);
    return end;
  }

  /** Asks for a pause at the next safe point, wherever the engine runs. `paused` events tell when it is there. */
  pause(runId: string): void {
    const info = this.options.records.findRun(runId);
    const session = this.sessions.get(info.id);
    if (session) session.pause();
    else if (info.state === 'running') this.options.records.requestPause(info.id);
    else
      throw new LabError('usage', `Run ${info.name} is not running: it is ${info.state}.`, {
        remedy: 'Nothing needs to be paused.',
      });
  }

  /** Ends this lab's engine for the run at once; what was done since the last checkpoint will be done again. */
  stop(runId: string): void {
    this.sessions.get(runId)?.kill();
  }

  /** All events after `after` (default: from the first), then the live ones. Returns how to end it. */
  subscribe(runId: string, listener: EventListener, after = -1): () => void {
    const { id } = this.options.records.findRun(runId);
    const feed = this.feeds.get(id) ?? new EventFeed((last) => this.options.records.eventsAfter(id, last));
    this.feeds.set(id, feed);
    const unsubscribe = feed.subscribe(listener, after);
    this.watch();
    return () => {
      unsubscribe();
      if (feed.size === 0 && this.feeds.get(id) === feed) this.feeds.delete(id);
      if (this.feeds.size === 0) this.unwatch();
    };
  }

  /** Short work in an engine process of its own; the place of the data is the lab's. */
  task<K extends TaskName>(
    name: K,
    input: Omit<TaskInput<K>, 'dataDir'>,
    options: TaskOptions = {},
  ): Promise<TaskOutput<K>> {
    const whole = { ...input, dataDir: this.options.dataDir } as unknown as TaskInput<K>;
    return runTask(this.options.launcher, { name, input: whole }, options);
  }

  /** Pauses what runs here, waits for it, and lets go of the record. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const session of this.sessions.values()) session.pause();
    await Promise.all(this.ends.values());
    this.unwatch();
    this.feeds.clear();
    this.options.records.close();
  }

  private refuseUnlessStartable(info: RunInfo): void {
    if (this.closed) throw new LabError('internal', 'The lab is closed.');
    if (info.state === 'finished') {
      throw new LabError('usage', `Run ${info.name} is finished.`, {
        remedy: 'Start a new one, with another seed if you like.',
      });
    }
    if (this.sessions.has(info.id) || info.state === 'running') {
      throw new LabError(
        'busy',
        `Run ${info.name} is in use by ${this.sessions.has(info.id) ? 'this' : 'another'} process.`,
        {
          remedy: `Pause it there first: rzero pause ${info.id}`,
        },
      );
    }
  }

  /** After the process is gone: what it could not record itself is recorded here. */
  private settle(runId: string, end: EngineEnd): EngineEnd {
    this.sessions.delete(runId);
    const { records } = this.options;
    const said = this.said.get(runId) ?? -1;
    try {
      if (end.outcome === 'failed' && end.error) {
        records.appendEvent(runId, { type: 'run.failed', ...end.error }, said);
      } else if (end.outcome === 'killed') {
        const { cursor } = records.findRun(runId);
        records.appendEvent(runId, { type: 'run.paused', ...cursor, reason: 'stopped at once' }, said);
      }
      this.feeds.get(runId)?.refresh();
      return end;
    } catch (error) {
      // A full disk, or another process that took the run meanwhile: how it ended is told all the same.
      const unrecorded = {
        code: 'database',
        message: `How the run ended could not be recorded: ${describeError(error)}`,
        remedy: null,
      };
      return { outcome: 'failed', error: end.error ?? unrecorded };
    }
  }

  private watch(): void {
    this.poll ??= setInterval(() => {
      for (const [id, feed] of this.feeds) if (!this.sessions.has(id)) feed.refresh();
    }, this.options.pollMs ?? 500);
  }

  private unwatch(): void {
    clearInterval(this.poll);
    this.poll = undefined;
  }
}
