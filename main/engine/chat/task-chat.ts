/**
 * The task that keeps a model loaded to be tried: it takes questions until nobody wants it any more, one after another, and
 * holds what it read, so that the next turn begins at once. What may be said to it and what it says is in chat-words.ts.
 */
import { chatCallSchema, type ChatQuestion, type ChatReply } from '../../../preload/contract/chat-words.js';
import type { TaskInput, TaskOutput } from '../../../preload/contract/tasks.js';
import { openCompute } from '../../compute/open.js';
import { describeError, LabError } from '../../lib/errors.js';
import { LiveSequence } from '../../model/live/live-sequence.js';
import { openModel } from '../open-model.js';
import type { TaskHooks } from '../serve.js';
import { answer } from './answer.js';

export async function chatTask(
  input: TaskInput<'chat'>,
  { signal, onPartial, onWord }: TaskHooks,
): Promise<TaskOutput<'chat'>> {
  const start = performance.now();
  const compute = await openCompute(input.backend);
  const opened = await openModel(input);
  const live = new LiveSequence(compute, opened.model.config, opened.model.parameters);
  const say = (reply: ChatReply): void => onPartial(reply);
  const seconds = (performance.now() - start) / 1000;
  const { chatTemplate, config } = opened.model;
  const facts = { place: opened.place, template: chatTemplate !== null, positions: config.maxPositions };
  say({ type: 'news', call: 0, news: { kind: 'opened', ...facts, backend: compute.description, seconds } });
  const open = new Map<number, AbortController>();
  let answers = 0;
  let turn = Promise.resolve();
  const work = async (call: number, question: ChatQuestion, stop: AbortSignal): Promise<void> => {
    try {
      const tell = (news: Extract<ChatReply, { type: 'news' }>['news']): void => say({ type: 'news', call, news });
      await answer(question, { opened, reference: input.model, live, signal: stop, tell });
      answers += 1;
    } catch (error) {
      live.dispose();
      say({ type: 'failed', call, ...failureOf(error) });
    } finally {
      open.delete(call);
    }
  };
  onWord((word) => {
    const said = chatCallSchema.parse(word);
    if (said.type === 'stop') {
      open.get(said.call)?.abort();
      return;
    }
    const stop = new AbortController();
    open.set(said.call, stop);
    turn = turn.then(() => work(said.call, said.question, stop.signal));
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const stop of open.values()) stop.abort();
  await turn;
  live.dispose();
  opened.model.parameters.dispose();
  return { answers };
}

function failureOf(error: unknown): { code: string; message: string; remedy: string | null } {
  if (error instanceof LabError) return { code: error.code, message: error.message, remedy: error.remedy ?? null };
  return { code: 'internal', message: describeError(error), remedy: null };
}
