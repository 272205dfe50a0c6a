/**
 * One run in one engine process, from launch to exit. Validates what the process says and turns every way it can end
 * (finished, paused, failed, crashed, killed, talking nonsense) into one result.
 */
import { engineMessageSchema, type EngineMessage, type Outcome } from '../../preload/contract/engine.js';
import { engineCommandSchema, type BackendChoice } from '../../preload/contract/runs.js';
import type { RunEvent } from '../../preload/contract/events.js';
import { LabError } from '../lib/errors.js';
import type { EngineExit, EngineProcess } from './engine-process.js';

export interface EngineEnd {
  /** `killed` when the lab ended it on request, before a safe point. */
  readonly outcome: Outcome | 'killed';
  /** Why it paused, in the engine's words. */
  readonly reason: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string | null } | null;
}

export interface SessionOptions {
  readonly runId: string;
  readonly dataDir: string;
  readonly backend: BackendChoice;
  /** Of servers that sample; null: none. */
  readonly rolloutsKey?: string | null;
  readonly onEvent: (event: RunEvent) => void;
  /** How long a process may take to say that it is ready. */
  readonly startLimitMs?: number;
  /** How long a process may live after it said that the run has ended. */
  readonly exitLimitMs?: number;
}

const remedyFor = (runId: string): string => `The run is intact up to its last checkpoint: rzero resume ${runId}`;

export class EngineSession {
  /** Settles when the process is gone. Never rejects. */
  readonly ended: Promise<EngineEnd>;
  /** Settles when the process has taken the run; rejects where it ends before that. */
  readonly ready: Promise<void>;
  private said: EngineEnd | null = null;
  private pausedFor: string | null = null;
  private timer: NodeJS.Timeout | undefined;
  private pausing = false;
  private changed = false;
  private taken = false;
  private markReady: () => void = () => undefined;

  constructor(
    private readonly engine: EngineProcess,
    private readonly options: SessionOptions,
  ) {
    const isReady = new Promise<void>((resolve) => (this.markReady = resolve));
    this.ended = new Promise((resolve) => {
      engine.onExit((exit) => {
        clearTimeout(this.timer);
        resolve(this.said ?? crashed(exit, options.runId));
      });
    });
    this.ready = Promise.race([
      isReady,
      this.ended.then(({ outcome, error }) => {
        if (!this.taken && outcome !== 'killed')
          throw new LabError('engine', error?.message ?? 'The engine ended before it started.', {
            remedy: remedyFor(this.options.runId),
          });
      }),
    ]);
    // Whoever does not wait for `ready` learns of a failed start through `ended`.
    this.ready.catch(() => undefined);
    engine.onMessage((message) => this.receive(message));
    this.killAfter(options.startLimitMs ?? 120_000, 'The engine process did not answer in time.');
  }

  /** It has said how the run ended, or was ended; only the process is still there. */
  get leaving(): boolean {
    return this.said !== null || this.pausedFor !== null;
  }

  /** Asks for a stop at the next safe point. */
  pause(): void {
    this.pausing = true;
    if (this.taken) this.engine.send(engineCommandSchema.parse({ type: 'pause' }));
  }

  /** Has the engine look at the requests in the record. */
  requestsChanged(): void {
    this.changed = true;
    if (this.taken) this.engine.send(engineCommandSchema.parse({ type: 'requests' }));
  }

  /** Ends the process now. The work since the last checkpoint is lost, the run is not. */
  kill(): void {
    this.said ??= { outcome: 'killed', reason: null, error: null };
    this.engine.kill();
  }

  private receive(raw: unknown): void {
    const parsed = engineMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.fail(
        `The engine sent a message this version does not know: ${parsed.error.issues[0]?.message ?? 'invalid'}.`,
      );
      return;
    }
    this.handle(parsed.data);
  }

  private handle(message: EngineMessage): void {
    const { runId, dataDir, backend, rolloutsKey = null, onEvent } = this.options;
    switch (message.type) {
      case 'ready':
        clearTimeout(this.timer);
        this.taken = true;
        this.engine.send(engineCommandSchema.parse({ type: 'run', runId, dataDir, backend, rolloutsKey }));
        if (this.pausing) this.pause();
        if (this.changed) this.requestsChanged();
        this.markReady();
        return;
      case 'event':
        if (message.event.run !== runId) this.fail(`The engine sent an event of another run (${message.event.run}).`);
        else {
          if (message.event.type === 'run.paused') this.pausedFor = message.event.reason;
          onEvent(message.event);
        }
        return;
      case 'ended':
        this.said ??= { outcome: message.outcome, reason: this.pausedFor, error: message.error };
        this.killAfter(this.options.exitLimitMs ?? 10_000);
        return;
      case 'task.progress':
      case 'task.partial':
      case 'task.finished':
      case 'task.failed':
        this.fail('The engine answered a task that was not asked.');
        return;
    }
  }

  private fail(message: string): void {
    this.said ??= failed(message, this.options.runId);
    this.engine.kill();
  }

  private killAfter(ms: number, message?: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (message === undefined ? this.engine.kill() : this.fail(message)), ms);
    this.timer.unref();
  }
}

function crashed(exit: EngineExit, runId: string): EngineEnd {
  const words = exit.lastWords === '' ? '' : ` Its last words: ${exit.lastWords}`;
  const hint = exit.how === 'signal SIGKILL' ? ' The system may have been short of memory.' : '';
  const message = `The engine process ended unexpectedly (${exit.how}).${hint}${words}`;
  return failed(message, runId);
}

function failed(message: string, runId: string): EngineEnd {
  return { outcome: 'failed', reason: null, error: { code: 'engine', message, remedy: remedyFor(runId) } };
}
