/** Models that a lab keeps to be tried: reused, let go, and never more than fit; the engine's part is played here. */
import { expect, it } from 'vitest';
import type { ChatCall, ChatNews, ChatQuestion } from '../../../preload/contract/chat-words.js';
import { LabError } from '../../lib/errors.js';
import { until } from '../../../test/support/until.js';
import { Chats, type ChatModel } from './chats.js';
import type { ChatLauncher } from './kept-model.js';

const QUESTION: ChatQuestion = {
  messages: [{ role: 'user', content: 'hi' }],
  form: 'auto',
  wish: { kind: 'go', begun: [] },
  sampling: { temperature: null, topP: null, topK: null, maxNewTokens: null, seed: 0 },
  top: 5,
};
const OPENED = { kind: 'opened', place: null, template: false, positions: 10, backend: 'none', seconds: 0 } as const;
const DONE: ChatNews = {
  kind: 'done',
  finish: 'stop',
  text: 'ok',
  ids: [1],
  logprob: -1,
  ending: null,
  seconds: 0,
  first: 0,
};
const TOKEN = { id: 1, shown: 'o', piece: 'o', logprob: -1, entropy: 0, top: [] };

interface Played {
  readonly model: string;
  readonly words: ChatCall[];
  readonly signal: AbortSignal | undefined;
  say(call: number, news: ChatNews): void;
  fail(error: unknown): void;
}

/** Every model opens at once and answers when the test says so. */
function engines(): { launch: ChatLauncher; played: Played[] } {
  const played: Played[] = [];
  const launch: ChatLauncher = (input, { signal, onPartial, onOpen }) =>
    new Promise((_, reject) => {
      const words: ChatCall[] = [];
      signal?.addEventListener('abort', () => reject(new LabError('usage', 'Interrupted.')));
      const say = (call: number, news: ChatNews): void => onPartial?.({ type: 'news', call, news });
      played.push({ model: input.model, words, signal, say, fail: reject });
      onOpen?.((word) => words.push(word as ChatCall));
      say(0, OPENED);
    });
  return { launch, played };
}

const model = (name: string, version = ''): ChatModel => ({
  input: { model: name, checkpoint: 'last', role: 'solver', backend: 'auto' },
  version,
});
async function all(news: AsyncIterable<ChatNews>): Promise<ChatNews['kind'][]> {
  const kinds: ChatNews['kind'][] = [];
  for await (const item of news) kinds.push(item.kind);
  return kinds;
}
const answer = ({ words, say }: Played): void => say(words.at(-1)?.call ?? 0, DONE);

it('would catch a model loaded again for its second question, and news of one question told to another', async () => {
  const { launch, played } = engines();
  const chats = new Chats(launch);
  const first = all(chats.ask(model('a'), QUESTION));
  await until(() => played[0]?.words.length === 1);
  played[0]?.say(1, { kind: 'tokens', from: 0, tokens: [TOKEN] });
  played[0]?.say(7, { kind: 'tokens', from: 0, tokens: [TOKEN] });
  played[0]?.say(1, { kind: 'tokens', from: 1, tokens: [TOKEN] });
  answer(played[0] as Played);
  // What waits for a slow reader is put together; nothing is lost.
  expect(await first).toEqual(['opened', 'tokens', 'done']);
  const second = all(chats.ask(model('a'), QUESTION));
  await until(() => played[0]?.words.length === 2);
  answer(played[0] as Played);
  expect(await second).toEqual(['opened', 'done']);
  expect(played).toHaveLength(1);
  await chats.close();
  expect(played[0]?.signal?.aborted).toBe(true);
});

it('would catch a third model beside two that answer, one kept in the place of newer weights, and memory kept from a run', async () => {
  const { launch, played } = engines();
  const chats = new Chats(launch);
  const [a, b] = [all(chats.ask(model('a', '1'), QUESTION)), all(chats.ask(model('b'), QUESTION))];
  await until(() => played.length === 2 && played.every(({ words }) => words.length === 1));
  await expect(all(chats.ask(model('c'), QUESTION))).rejects.toThrow('already answering');
  played.forEach(answer);
  await Promise.all([a, b]);
  // Other weights under the same name: the old ones go.
  const newer = all(chats.ask(model('a', '2'), QUESTION));
  await until(() => played.length === 3);
  expect(played[0]?.signal?.aborted).toBe(true);
  expect(chats.loaded).toBe(2);
  // A run begins: who is idle goes at once, who answers when it has.
  expect(chats.release()).toBe(1);
  expect(played[1]?.signal?.aborted).toBe(true);
  expect(played[2]?.signal?.aborted).toBe(false);
  answer(played[2] as Played);
  await newer;
  expect(chats.loaded).toBe(0);
  await chats.close();
});

it('would catch an answer that goes on for nobody, a dead process that is asked again, and a model that is never let go', async () => {
  const { launch, played } = engines();
  const chats = new Chats(launch, 5);
  const leave = new AbortController();
  const left = all(chats.ask(model('a'), QUESTION, leave.signal));
  await until(() => played[0]?.words.length === 1);
  leave.abort();
  await left;
  expect(played[0]?.words.map(({ type }) => type)).toEqual(['ask', 'stop']);
  await until(() => chats.loaded === 0);
  const broken = all(chats.ask(model('a'), QUESTION));
  await until(() => played[1]?.words.length === 1);
  played[1]?.fail(new LabError('memory', 'It does not fit.'));
  await expect(broken).rejects.toThrow('It does not fit.');
  const next = all(chats.ask(model('a'), QUESTION));
  await until(() => played[2]?.words.length === 1);
  answer(played[2] as Played);
  expect(await next).toEqual(['opened', 'done']);
  await chats.close();
});
