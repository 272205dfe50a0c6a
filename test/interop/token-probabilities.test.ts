/**
 * The probabilities that a tried model tells with its tokens are those of Python's transformers, to 1e-3. Runs where RZERO_PYTHON
 * names an interpreter with torch and transformers; RZERO_CHAT_MODEL may name the folder of a model with a chat template,
 * SmolLM2 for example; else it is a small random one with SmolLM2's family of shapes.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatQuestionSchema, type ChatReply, type ChatToken } from '../../preload/contract/chat-words.js';
import { chatTask } from '../../main/engine/chat/task-chat.js';

const PYTHON = process.env.RZERO_PYTHON;
const GOLDEN = join(import.meta.dirname, '../golden/models/llama');
const TEMPLATE =
  "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

interface Answer {
  readonly text: string;
  readonly tokens: number;
  readonly probabilities: readonly number[];
  readonly entropy: readonly number[];
  readonly top: readonly (readonly { readonly id: number; readonly probability: number }[])[];
}

const QUESTIONS = [
  [{ role: 'user', content: 'What is 17 times 23?' }],
  [
    { role: 'user', content: 'Name a river.' },
    { role: 'assistant', content: 'The Nile.' },
    { role: 'user', content: 'Héllo 我 😀, another one?' },
  ],
] as const;

describe.skipIf(!PYTHON)('probabilities of tokens (skipped where RZERO_PYTHON is not set)', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rzero-chat-'));
  let model = process.env.RZERO_CHAT_MODEL ?? scratch;

  beforeAll(() => {
    if (model !== scratch) return;
    for (const file of [
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]) {
      copyFileSync(join(GOLDEN, file), join(scratch, file));
    }
    writeFileSync(join(scratch, 'chat_template.jinja'), TEMPLATE);
    model = scratch;
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('would catch a probability, an entropy or an alternative that transformers does not see so', async () => {
    const leave = new AbortController();
    const replies: ChatReply[] = [];
    const asked = QUESTIONS.map((messages) =>
      chatQuestionSchema.parse({
        ...{ messages, form: 'template', wish: { kind: 'go' }, top: 10 },
        sampling: { temperature: 0.8, topK: 50, topP: 0.95, maxNewTokens: 60, seed: 1 },
      }),
    );
    await chatTask(
      { model, checkpoint: 'last', role: 'solver', dataDir: '', backend: 'auto' },
      {
        signal: leave.signal,
        onProgress: () => undefined,
        onPartial: (reply) => {
          const said = reply as ChatReply;
          replies.push(said);
          const over = said.type === 'failed' || (said.call === asked.length && said.news.kind === 'done');
          if (over) leave.abort();
        },
        onWord: (speak) => asked.forEach((question, i) => speak({ type: 'ask', call: i + 1, question })),
      },
    );
    expect(replies.filter(({ type }) => type === 'failed')).toEqual([]);
    const news = (call: number) => replies.flatMap((r) => (r.type === 'news' && r.call === call ? [r.news] : []));
    const cases = QUESTIONS.map((messages, i) => {
      const tokens = news(i + 1).flatMap((n): ChatToken[] => (n.kind === 'tokens' ? n.tokens : []));
      return { messages, tokens, prompt: news(i + 1).find((n) => n.kind === 'prompt') };
    });
    const input = JSON.stringify(cases.map(({ messages, tokens }) => ({ messages, ids: tokens.map(({ id }) => id) })));
    const script = join(import.meta.dirname, 'token_probabilities.py');
    const env = { ...process.env, HF_HUB_OFFLINE: '1' };
    const out = execFileSync(PYTHON as string, [script, model], { input, env, stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = JSON.parse(out.toString()) as Answer[];
    let worst = 0;
    cases.forEach(({ tokens, prompt }, i) => {
      const python = answers[i] as Answer;
      expect(prompt).toMatchObject({ text: python.text, tokens: python.tokens });
      expect(tokens.length).toBeGreaterThan(0);
      tokens.forEach(({ logprob, entropy, top }, t) => {
        const near = (ours: number, theirs: number | undefined): void => {
          worst = Math.max(worst, Math.abs(ours - (theirs ?? Number.NaN)));
          expect(ours).toBeCloseTo(theirs ?? Number.NaN, 3);
        };
        near(Math.exp(logprob), python.probabilities[t]);
        expect(Math.abs(entropy - (python.entropy[t] ?? Number.NaN))).toBeLessThan(1e-2);
        expect(top).toHaveLength(10);
        // Of near equals either may come first: place by place the probabilities are the same.
        top.forEach((other, k) => near(Math.exp(other.logprob), python.top[t]?.[k]?.probability));
      });
    });
    expect(worst).toBeLessThan(1e-3);
    process.stderr.write(`largest difference of a probability: ${worst.toExponential(1)}\n`);
  }, 300_000);
});
