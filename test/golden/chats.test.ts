/** Chat templates against transformers' apply_chat_template: a lost line break or special token changes what a model sees. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChatTemplate, type ChatMessage } from '../../main/model/chat-template.js';

interface Case {
  readonly template: string;
  readonly messages: readonly ChatMessage[];
  readonly prompt: boolean;
  readonly variables: Readonly<Record<string, unknown>>;
  /** null where the template refuses the messages. */
  readonly text: string | null;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'chats', name), 'utf8')) as T;
}

const templates = read<Record<string, string>>('templates.json');
const cases = read<Case[]>('golden.json');
const TOKENS = { bos_token: { content: '<|bos|>' }, eos_token: '<|eos|>', pad_token: '<pad>' };

describe('chat templates', () => {
  it.each(Object.keys(templates))('%s renders every chat as transformers does', (name) => {
    const template = ChatTemplate.of('test', templates[name] as string, TOKENS);
    const own = cases.filter((entry) => entry.template === name);
    expect(own.length).toBeGreaterThan(20);
    for (const { messages, prompt, variables, text } of own) {
      const render = (): string | undefined => template?.render(messages, { addGenerationPrompt: prompt, variables });
      if (text === null) expect(render).toThrow(/refuses these messages/);
      else expect(render()).toBe(text);
    }
  });

  it('is found in tokenizer_config.json, plain or named, and the file goes before it', () => {
    const named = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ];
    expect(ChatTemplate.of('x', null, { chat_template: named })?.render([])).toBe('plain');
    expect(ChatTemplate.of('x', null, { chat_template: 'one' })?.render([])).toBe('one');
    expect(ChatTemplate.of('x', 'file', { chat_template: 'one' })?.render([])).toBe('file');
    expect(ChatTemplate.of('x', null, {})).toBeNull();
  });

  it('names the folder of a template that cannot be parsed', () => {
    expect(() => ChatTemplate.of('/models/m', '{% if %}', {})).toThrow(/chat template of \/models\/m cannot be parsed/);
  });
});
