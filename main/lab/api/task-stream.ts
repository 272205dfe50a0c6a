/**
 * A task as a stream: what it says on the way, then its answer. Whoever leaves the stream ends the process. Few may be at
 * work at once for pages, as each loads a model.
 */
import type { TaskInput, TaskName, TaskOutput, TaskPartial } from '../../../preload/contract/tasks.js';
import { LabError } from '../../lib/errors.js';
import type { Lab } from '../lab.js';
import { workStream } from './work-stream.js';

const MOST = 2;
const atWork = new WeakMap<Lab, number>();

export type TaskNews<K extends TaskName> =
  | { readonly kind: 'partial'; readonly partial: TaskPartial<K> }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly output: TaskOutput<K> };

/** @throws LabError('busy') where too many are at work already */
export async function* taskStream<K extends TaskName>(
  lab: Lab,
  { name, input }: { readonly name: K; readonly input: Omit<TaskInput<K>, 'dataDir'> },
  signal: AbortSignal | undefined,
): AsyncGenerator<TaskNews<K>, void> {
  if (signal?.aborted) return;
  enter(lab);
  yield* workStream<TaskNews<K>>(async (tell, stopped) => {
    try {
      const output = await lab.task(name, input, {
        signal: stopped,
        onPartial: (partial) => tell({ kind: 'partial', partial }),
        onProgress: (done, total) => tell({ kind: 'progress', done, total }),
      });
      tell({ kind: 'done', output });
    } finally {
      exit(lab);
    }
  }, signal);
}

function enter(lab: Lab): void {
  const count = atWork.get(lab) ?? 0;
  if (count >= MOST) {
    throw new LabError('busy', `${MOST} models are already at work for pages of this lab.`, {
      remedy: 'Wait until one is done, or stop it.',
    });
  }
  atWork.set(lab, count + 1);
}

function exit(lab: Lab): void {
  atWork.set(lab, (atWork.get(lab) ?? 1) - 1);
}
