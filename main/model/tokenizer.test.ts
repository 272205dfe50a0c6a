import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJsonObject, type JsonObject } from './json-file.js';
import { createTokenizer } from './tokenizer.js';

const load = (name: string): JsonObject =>
  parseJsonObject(
    name,
    readFileSync(join(import.meta.dirname, `../../test/golden/tokenizers/${name}/tokenizer.json`), 'utf8'),
  );

describe('createTokenizer', () => {
  const qwen = createTokenizer('qwen', load('qwen'), {});

  it('knows ids and the size of the vocabulary', () => {
    expect(qwen.vocabSize).toBe(906);
    expect(qwen.idOf('<|im_end|>')).toBe(902);
    expect(qwen.idOf('no such token')).toBeNull();
  });

  it('gives nothing for nothing, and for ids outside the vocabulary', () => {
    expect(qwen.encode('')).toEqual([]);
    expect(qwen.decode([])).toBe('');
    expect(qwen.decode([902, 5_000_000, 902])).toBe('<|im_end|><|im_end|>');
  });

  // Catches a cache that confuses a byte of a character with the whole of it.
  it('joins characters whose bytes lie in several tokens, and marks what is broken', () => {
    const bytes = qwen.encode('🫠');
    expect(bytes.length).toBeGreaterThan(1);
    expect(qwen.decode(bytes)).toBe('🫠');
    expect(qwen.decode(bytes.slice(0, -1))).toBe('�');
    expect(qwen.decode([...bytes, ...bytes])).toBe('🫠🫠');
  });

  it('skips the special tokens that only tokenizer_config.json names', () => {
    const config = { eos_token: { content: '<think>' }, additional_special_tokens: ['</think>'] };
    const ids = qwen.encode('<think>a</think>b<tool_call>');
    expect(qwen.decode(ids, { skipSpecial: true })).toBe('<think>a</think>b<tool_call>');
    expect(createTokenizer('qwen', load('qwen'), config).decode(ids, { skipSpecial: true })).toBe('ab<tool_call>');
  });

  const nano = load('nano');
  const model = nano.model as JsonObject;
  const bad: [string, JsonObject, RegExp][] = [
    ['no model', { ...nano, model: undefined }, /has no "model"/],
    ['no vocabulary', { ...nano, model: { ...model, vocab: undefined } }, /has no "vocab"/],
    ['an enormous id', { ...nano, model: { ...model, vocab: { a: 2 ** 40 } } }, /1099511627776 is no token id/],
    ['a negative id', { ...nano, model: { ...model, vocab: { a: -1 } } }, /-1 is no token id/],
    ['a textual id', { ...nano, model: { ...model, vocab: { a: '7' } } }, /"7" is no token id/],
    ['added tokens that are none', { ...nano, added_tokens: 'x' }, /"added_tokens" is not a list/],
    ['an unknown model', { ...nano, model: { ...model, type: 'Magic' } }, /Magic/],
    ['an unknown step', { ...nano, pre_tokenizer: { type: 'Magic' } }, /Magic/],
    [
      'a broken pattern',
      { ...nano, pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' } },
      /regular expression/i,
    ],
    ['no merges', { ...nano, model: { ...model, merges: undefined } }, /./],
  ];
  it.each(bad)('refuses %s, naming the file', (_name, json, message) => {
    const make = (): unknown => createTokenizer('/m/tokenizer.json', json, {});
    expect(make).toThrow(message);
    expect(make).toThrow(
      expect.objectContaining({
        code: 'model',
        message: expect.stringMatching(/^\/m\/tokenizer\.json is not/) as string,
      }),
    );
  });
});
