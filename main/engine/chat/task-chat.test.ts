/** The task that keeps a model to be tried, with the real nano model. */
import { expect, it } from 'vitest';
import {
  chatQuestionSchema,
  chatReplySchema,
  type ChatDone,
  type ChatNews,
  type ChatPrompt,
  type ChatReply,
  type ChatToken,
} from '../../../preload/contract/chat-words.js';
import { chatTask } from './task-chat.js';

interface Heard {
  readonly prompt: ChatPrompt;
  readonly tokens: ChatToken[];
  readonly done: ChatDone;
}

/** An owner of the task: asks, and waits for the end of an answer. */
function talk(model = 'builtin:nano') {
  const leave = new AbortController();
  const replies: ChatReply[] = [];
  let [speak, wake]: [(word: unknown) => void, () => void] = [() => undefined, () => undefined];
  const ready = new Promise<void>((resolve) => (wake = resolve));
  let told: () => void = () => undefined;
  const task = chatTask(
    { model, checkpoint: 'last', role: 'solver', dataDir: '', backend: 'auto' },
    {
      signal: leave.signal,
      onProgress: () => undefined,
      onPartial: (reply) => {
        replies.push(chatReplySchema.parse(reply));
        told();
      },
      onWord: (listener) => {
        speak = listener;
        wake();
      },
    },
  );
  let calls = 0;
  const over = (call: number): ChatReply | undefined =>
    replies.find((r) => r.call === call && (r.type === 'failed' || r.news.kind === 'done'));
  return {
    replies,
    async ask(question: object, onTokens?: (stop: () => void) => void): Promise<Heard> {
      await ready;
      const call = ++calls;
      speak({ type: 'ask', call, question: chatQuestionSchema.parse(question) });
      const stop = (): void => speak({ type: 'stop', call });
      while (!over(call)) {
        await new Promise<void>((resolve) => (told = resolve));
        if (replies.some((r) => r.call === call && r.type === 'news' && r.news.kind === 'tokens')) onTokens?.(stop);
      }
      const end = over(call);
      if (end?.type === 'failed') throw new Error(end.message);
      const news = replies.flatMap((r): ChatNews[] => (r.call === call && r.type === 'news' ? [r.news] : []));
      return {
        prompt: news.find((n) => n.kind === 'prompt') as ChatPrompt,
        tokens: news.flatMap((n) => (n.kind === 'tokens' ? n.tokens : [])),
        done: news.find((n) => n.kind === 'done') as ChatDone,
      };
    },
    async end() {
      leave.abort();
      return task;
    },
  };
}

const said = (content: string, more: object = {}): object => ({
  messages: [{ role: 'user', content }],
  wish: { kind: 'go' },
  sampling: { temperature: 0 },
  ...more,
});

it('would catch probabilities that depend on how a token came to be: drawn, scored, or gone on from', async () => {
  const { ask, end } = talk();
  const drawn = await ask(said('3+8-5'));
  expect(drawn.done).toMatchObject({ finish: 'stop', text: '3+8=11-5=6#6' });
  expect(drawn.prompt).toMatchObject({ form: 'question', text: '<bos><question>3+8-5</question>', kept: 0 });
  expect(drawn.tokens.map(({ piece }) => piece).join('')).toBe(drawn.done.text);
  expect(drawn.tokens.map(({ id }) => id)).toEqual(drawn.done.ids);
  // Greedy takes the likeliest of the alternatives.
  for (const token of drawn.tokens) expect(token.top[0]).toMatchObject({ id: token.id, logprob: token.logprob });

  const scored = await ask(said('3+8-5', { wish: { kind: 'score', text: drawn.done.text } }));
  expect(scored.done.finish).toBe('scored');
  expect(scored.tokens.map(({ id }) => id)).toEqual(drawn.done.ids.slice(0, -1));
  scored.tokens.forEach(({ logprob }, i) => expect(logprob).toBeCloseTo(drawn.tokens[i]?.logprob ?? 1, 4));
  expect(scored.done.ending).toBeCloseTo(Math.exp(drawn.tokens.at(-1)?.logprob ?? 1), 4);

  const begun = drawn.done.ids.slice(0, 5);
  const on = await ask(said('3+8-5', { wish: { kind: 'go', begun } }));
  // Only what is new is told; the text is whole.
  expect(on.tokens.map(({ id }) => id)).toEqual(drawn.done.ids.slice(5));
  expect(on.done.text).toBe(drawn.done.text);
  on.tokens.forEach(({ logprob }, i) => expect(logprob).toBeCloseTo(drawn.tokens[5 + i]?.logprob ?? 1, 4));
  expect(on.prompt.kept).toBeGreaterThan(on.prompt.tokens);
  expect((await end()).answers).toBe(3);
});

it('would catch a seed that does not say what is drawn, and a question that is spoilt by the one before', async () => {
  const { ask, end } = talk();
  const sampling = { temperature: 2, seed: 5, maxNewTokens: 20 };
  const once = await ask(said('7+2', { sampling }));
  await ask(said('9+9-1', { sampling: { ...sampling, seed: 6 } }));
  const again = await ask(said('7+2', { sampling }));
  expect(again.done.ids).toEqual(once.done.ids);
  const other = await ask(said('7+2', { sampling: { ...sampling, seed: 8 } }));
  expect(other.done.ids).not.toEqual(once.done.ids);
  await end();
});

it('would catch a model without a template that is refused, a text that is not sent as it is, and an answer that cannot be stopped', async () => {
  const { ask, end } = talk();
  const messages = [
    { role: 'user', content: '<bos><question>1+2</question>' },
    { role: 'assistant', content: '1+2=3' },
    { role: 'user', content: '#' },
  ];
  const plain = await ask({ ...said(''), messages, form: 'plain' });
  expect(plain.prompt.text).toBe('<bos><question>1+2</question>1+2=3#');
  expect(plain.done.text).toBe('3');
  await expect(ask(said('1+2', { form: 'template' }))).rejects.toThrow('no chat template');
  await expect(ask(said('1+2'.repeat(100), { form: 'plain' }))).rejects.toThrow(/300 tokens; the model reads 192/);
  const sampling = { temperature: 2, topP: 1, seed: 3, maxNewTokens: 10_000 };
  const stopped = await ask(said('1+2', { sampling, form: 'plain' }), (stop) => stop());
  expect(['stopped', 'stop', 'length']).toContain(stopped.done.finish);
  // It is there for the next.
  expect((await ask(said('1+2'))).done.text).toBe('1+2=3#3');
  await end();
});
