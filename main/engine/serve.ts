/**
 * The engine process's conversation with its owner: one run or one task per process. Takes commands, validates them, asks
 * the execution to pause when told to (a command, a signal, or because the owner is gone), and reports how it ended.
 */
import { engineMessageSchema, type EngineMessage, type Failure } from '../../preload/contract/engine.js';
import { eventSchema, type RunEvent } from '../../preload/contract/events.js';
import { engineCommandSchema, type BackendChoice } from '../../preload/contract/runs.js';
import {
  taskCommandSchema,
  taskWordSchema,
  tasks,
  type TaskInput,
  type TaskName,
  type TaskOutput,
} from '../../preload/contract/tasks.js';
import { LabError, describeError } from '../lib/errors.js';

export interface Execution {
  readonly runId: string;
  readonly dataDir: string;
  readonly backend: BackendChoice;
  /** Of the servers that sample, where the recipe names some; null: none. */
  readonly rolloutsKey: string | null;
  /** Aborted when the run is to stop at its next safe point, with a checkpoint. */
  readonly pause: AbortSignal;
  /** Calls back when the requests in the record have changed. */
  readonly onRequests: (look: () => void) => void;
  /** Forwards a stamped (and recorded) event to whoever watches. */
  readonly emit: (event: RunEvent) => void;
}

/** Works on a run until it is finished or paused; throws where it fails. */
export type ExecuteRun = (execution: Execution) => Promise<'finished' | 'paused'>;

export interface TaskHooks {
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Sent as it is; whoever asked validates it. */
  readonly onPartial: (partial: unknown) => void;
  /** Hands over what is said to the task while it works, also what was said before; the task validates it. */
  readonly onWord: (listener: (word: unknown) => void) => void;
}

/** One function per task of the contract: a task that is missing does not compile. */
export type TaskHandlers = {
  readonly [K in TaskName]: (input: TaskInput<K>, hooks: TaskHooks) => Promise<TaskOutput<K>>;
};

/** What this process can do; loaded when it is asked for. */
export interface Abilities {
  readonly execute: ExecuteRun;
  readonly tasks: () => Promise<TaskHandlers>;
}

/** The owner's end of the channel. */
export interface EnginePort {
  post(message: EngineMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The owner is gone; there is nobody left to talk to. */
  onDisconnect(listener: () => void): void;
}

const commandSchema = engineCommandSchema.or(taskCommandSchema).or(taskWordSchema);

/** Serves one run or task. Settles with the exit code once it has ended and its owner has been told. */
export function serveEngine(
  port: EnginePort,
  abilities: Abilities,
  asksToPause: (pause: () => void) => void,
): Promise<0 | 1> {
  const pause = new AbortController();
  let look = (): void => undefined;
  const post = (message: EngineMessage): void => port.post(engineMessageSchema.parse(message));
  return new Promise((resolve) => {
    let started = false;
    const words = new Words();
    const finish = (last: EngineMessage): void => {
      post(last);
      resolve(last.type === 'task.failed' || (last.type === 'ended' && last.outcome === 'failed') ? 1 : 0);
    };
    const stop = (reason: string): void => {
      pause.abort(reason);
      if (!started) resolve(0);
    };
    asksToPause(() => stop('asked to stop'));
    port.onDisconnect(() => stop('the owner is gone'));
    port.onMessage((raw) => {
      const command = commandSchema.safeParse(raw);
      if (!command.success) {
        const message = `The engine does not know this command: ${command.error.issues[0]?.message ?? 'invalid'}.`;
        finish({ type: 'ended', runId: '', outcome: 'failed', error: { code: 'engine', message, remedy: null } });
      } else if (command.data.type === 'pause') {
        pause.abort('asked to pause');
      } else if (command.data.type === 'requests') {
        look();
      } else if (command.data.type === 'task.word') {
        words.say(command.data.word);
      } else if (!started) {
        started = true;
        const onRequests = (listener: () => void): void => void (look = listener);
        void work(command.data, { abilities, post, signal: pause.signal, onRequests, words }).then(finish);
      }
    });
    post({ type: 'ready' });
  });
}

interface Work {
  readonly abilities: Abilities;
  readonly post: (message: EngineMessage) => void;
  readonly signal: AbortSignal;
  readonly onRequests: Execution['onRequests'];
  readonly words: Words;
}

type WorkCommand = Exclude<ReturnType<typeof commandSchema.parse>, { type: 'pause' | 'requests' | 'task.word' }>;

/** What is said to a task, kept until it listens. */
class Words {
  private early: unknown[] = [];
  private listener: ((word: unknown) => void) | null = null;

  say(word: unknown): void {
    if (this.listener) this.listener(word);
    else this.early.push(word);
  }

  listen(listener: (word: unknown) => void): void {
    this.listener = listener;
    for (const word of this.early.splice(0)) listener(word);
  }
}

/** Does what the command says; the answer is the last message. Never rejects. */
async function work(
  command: WorkCommand,
  { abilities, post, signal, onRequests, words }: Work,
): Promise<EngineMessage> {
  try {
    if (command.type === 'task') {
      const onProgress = (done: number, total: number): void => post({ type: 'task.progress', done, total });
      const onPartial = (partial: unknown): void => post({ type: 'task.partial', partial });
      const onWord = (listener: (word: unknown) => void): void => words.listen(listener);
      const handlers = await abilities.tasks();
      const hooks = { signal, onProgress, onPartial, onWord };
      return { type: 'task.finished', output: await performTask(handlers, command, hooks) };
    }
    const { runId, dataDir, backend, rolloutsKey } = command;
    const emit = (event: RunEvent): void => post({ type: 'event', event: reportable(event) });
    const outcome = await abilities.execute({ runId, dataDir, backend, rolloutsKey, pause: signal, onRequests, emit });
    return { type: 'ended', runId, outcome, error: null };
  } catch (error) {
    const failure = failureOf(error);
    if (command.type === 'task') return { type: 'task.failed', error: failure };
    return { type: 'ended', runId: command.runId, outcome: 'failed', error: failure };
  }
}

function performTask(
  handlers: TaskHandlers,
  command: { name: TaskName; input: unknown },
  hooks: TaskHooks,
): Promise<unknown> {
  const { name } = command;
  // The schema and the handler of one name belong together; TypeScript cannot see that across a union of names.
  const handler = handlers[name] as (input: unknown, hooks: TaskHooks) => Promise<unknown>;
  const input = tasks[name].input.safeParse(command.input);
  if (input.success) return handler(input.data, hooks);
  const issue = input.error.issues[0];
  throw new LabError('usage', `${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}.`);
}

function failureOf(error: unknown): Failure {
  if (process.env.RZERO_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  if (error instanceof LabError) return { code: error.code, message: error.message, remedy: error.remedy ?? null };
  return { code: 'internal', message: describeError(error), remedy: null };
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
