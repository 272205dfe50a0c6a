import { describe, expect, it } from 'vitest';
import { tokenizerConfigForBoth } from './hf-tokenizer-config.js';

const written = (config: object): Record<string, unknown> =>
  JSON.parse(tokenizerConfigForBoth('t.json', Buffer.from(JSON.stringify(config))).toString()) as Record<
    string,
    unknown
  >;

describe('tokenizer_config.json', () => {
  // Would catch: a folder that a server with transformers 4 refuses ("Tokenizer class TokenizersBackend does not exist").
  it('names what both versions of transformers know', () => {
    const of5 = { tokenizer_class: 'TokenizersBackend', backend: 'tokenizers', extra_special_tokens: ['<a>', '<b>'] };
    expect(written(of5)).toEqual({
      tokenizer_class: 'PreTrainedTokenizerFast',
      backend: 'tokenizers',
      additional_special_tokens: ['<a>', '<b>'],
    });
  });

  // Would catch: special tokens by name that are lost, and files rewritten without need.
  it('leaves alone what both read', () => {
    const bytes = Buffer.from('{"tokenizer_class":  "Qwen2Tokenizer", "extra_special_tokens": {"image": "<i>"}}');
    expect(tokenizerConfigForBoth('t.json', bytes)).toBe(bytes);
    const named = { tokenizer_class: 'TokenizersBackend', extra_special_tokens: { image: '<i>' } };
    expect(written(named)['extra_special_tokens']).toEqual({ image: '<i>' });
  });
});
