/**
 * The engine process's conversation with its owner: one run per process. Takes commands, validates them, asks the
 * execution to pause when told to (a command, a signal, or because the owner is gone), and reports how it ended.
 */
import { engineMessageSchema, type EngineMessage } from '../../preload/contract/engine.js';
import { eventSchema, type RunEvent } from '../../preload/contract/events.js';
import { engineCommandSchema, type BackendChoice } from '../../preload/contract/runs.js';
import { describeError, LabError } from '../lib/errors.js';

export interface Execution {
  readonly runId: string;
  readonly dataDir: string;
  readonly backend: BackendChoice;
  /** Aborted when the run is to stop at its next safe point, with a checkpoint. */
  readonly pause: AbortSignal;
  /** Forwards a stamped (and recorded) event to whoever watches. */
  readonly emit: (event: RunEvent) => void;
}

/** Works on a run until it is finished or paused; throws where it fails. */
export type ExecuteRun = (execution: Execution) => Promise<'finished' | 'paused'>;

/** The owner's end of the channel. */
export interface EnginePort {
  post(message: EngineMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The owner is gone; there is nobody left to talk to. */
  onDisconnect(listener: () => void): void;
}

/** Serves one run. Settles with the exit code once the run has ended and its owner has been told. */
export function serveEngine(
  port: EnginePort,
  execute: ExecuteRun,
  asksToPause: (pause: () => void) => void,
): Promise<0 | 1> {
  const pause = new AbortController();
  const post = (message: EngineMessage): void => port.post(engineMessageSchema.parse(message));
  return new Promise((resolve) => {
    let started = false;
    const stop = (reason: string): void => {
      pause.abort(reason);
      if (!started) resolve(0);
    };
    asksToPause(() => stop('asked to stop'));
    port.onDisconnect(() => stop('the owner is gone'));
    port.onMessage((raw) => {
      const command = engineCommandSchema.safeParse(raw);
      if (!command.success) {
        const message = `The engine does not know this command: ${command.error.issues[0]?.message ?? 'invalid'}.`;
        post({ type: 'ended', runId: '', outcome: 'failed', error: { code: 'engine', message, remedy: null } });
        resolve(1);
      } else if (command.data.type === 'pause') {
        pause.abort('asked to pause');
      } else if (!started) {
        started = true;
        const { runId, dataDir, backend } = command.data;
        const emit = (event: RunEvent): void => post({ type: 'event', event: reportable(event) });
        void perform(execute, { runId, dataDir, backend, pause: pause.signal, emit }).then((ended) => {
          post(ended);
          resolve(ended.outcome === 'failed' ? 1 : 0);
        });
      }
    });
    post({ type: 'ready' });
  });
}

/** An event that breaks the contract (a NaN among its numbers) must not end the run it reports on: it is named instead. */
export function reportable(event: RunEvent): RunEvent {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return event;
  const { run, sequence, time } = event;
  const issue = parsed.error.issues[0];
  const message = `The event ${event.type} could not be reported: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`;
  return { run, sequence, time, type: 'log', level: 'error', message };
}

async function perform(execute: ExecuteRun, execution: Execution): Promise<EngineMessage & { type: 'ended' }> {
  const { runId } = execution;
  try {
    return { type: 'ended', runId, outcome: await execute(execution), error: null };
  } catch (error) {
    if (process.env.RZERO_DEBUG === '1')
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    const known = error instanceof LabError;
    const message = known ? error.message : describeError(error);
    const reported = { code: known ? error.code : 'internal', message, remedy: known ? (error.remedy ?? null) : null };
    return { type: 'ended', runId, outcome: 'failed', error: reported };
  }
}
