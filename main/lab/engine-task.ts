/** One task in one engine process: launched for it, gone after it. */
import { engineMessageSchema } from '../../preload/contract/engine.js';
import {
  tasks,
  type TaskInput,
  type TaskName,
  type TaskOutput,
  type TaskPartial,
} from '../../preload/contract/tasks.js';
import { LabError, type ErrorCode } from '../lib/errors.js';
import type { EngineLauncher } from './engine-process.js';

export interface TaskOptions<K extends TaskName = TaskName> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly onPartial?: ((partial: TaskPartial<K>) => void) | undefined;
  /** Is given, once the task has begun, what speaks to it. */
  readonly onOpen?: ((say: (word: unknown) => void) => void) | undefined;
}

/** @throws LabError with the code the engine gave, or `engine` where the process ends without an answer. */
export function runTask<K extends TaskName>(
  launcher: EngineLauncher,
  { name, input }: { readonly name: K; readonly input: TaskInput<K> },
  { signal, onProgress, onPartial, onOpen }: TaskOptions<K> = {},
): Promise<TaskOutput<K>> {
  if (signal?.aborted) return Promise.reject(new LabError('usage', 'Interrupted.'));
  const engine = launcher.launch();
  return new Promise((resolve, reject) => {
    const giveUp = (error: LabError): void => {
      reject(error);
      engine.kill();
    };
    signal?.addEventListener('abort', () => giveUp(new LabError('usage', 'Interrupted.')), { once: true });
    engine.onExit(({ how, lastWords }) => {
      reject(new LabError('engine', `The engine process ended without an answer (${how}). ${lastWords}`.trim()));
    });
    engine.onMessage((raw) => {
      const message = engineMessageSchema.safeParse(raw);
      switch (message.data?.type) {
        case 'ready':
          engine.send({ type: 'task', name, input });
          onOpen?.((word) => engine.send({ type: 'task.word', word }));
          return;
        case 'task.progress':
          onProgress?.(message.data.done, message.data.total);
          return;
        case 'task.partial': {
          const task = tasks[name];
          const partial = 'partial' in task ? task.partial.safeParse(message.data.partial) : null;
          if (partial?.success) onPartial?.(partial.data as TaskPartial<K>);
          return;
        }
        case 'task.finished': {
          const output = tasks[name].output.safeParse(message.data.output);
          if (output.success) resolve(output.data as TaskOutput<K>);
          else
            giveUp(
              new LabError(
                'engine',
                `The engine's answer is not what "${name}" gives: ${output.error.issues[0]?.message ?? ''}`,
              ),
            );
          return;
        }
        case 'task.failed':
        case 'ended': {
          const { error } = message.data;
          // The contract leaves the code open, so that a newer engine may have codes of its own.
          const code = (error?.code ?? 'engine') as ErrorCode;
          reject(
            new LabError(
              code,
              error?.message ?? 'The engine gave no answer.',
              error?.remedy ? { remedy: error.remedy } : {},
            ),
          );
          return;
        }
        case 'event':
        case undefined:
          giveUp(new LabError('engine', 'The engine sent a message that does not belong to a task.'));
          return;
      }
    });
  });
}
