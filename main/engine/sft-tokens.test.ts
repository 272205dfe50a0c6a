import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatTurn, SupervisedExample } from '../coevolution/executor.js';
import type { ModelConfig } from '../model/config.js';
import type { GenerationDefaults } from '../model/generation.js';
import { ChatTemplate } from '../model/chat-template.js';
import { createTokenizer, type Tokenizer } from '../model/tokenizer.js';
import { sequenceOf } from './sft-tokens.js';

const golden = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url), 'utf8')) as Record<string, unknown>;

const TEMPLATES = golden('chats/templates.json') as Record<string, string>;
const TOKENS = { tokenizer_class: 'PreTrainedTokenizerFast', bos_token: '<|endoftext|>', eos_token: '<|im_end|>' };
const tokenizer: Tokenizer = createTokenizer('tokenizer.json', golden('tokenizers/qwen/tokenizer.json'), TOKENS);
const [START, END] = [901, 902]; // <|im_start|>, <|im_end|>

function speaker(template: string | null, ends: readonly number[] = [END]): Parameters<typeof sequenceOf>[0] {
  return {
    tokenizer,
    chatTemplate: template === null ? null : ChatTemplate.of('test', template, TOKENS),
    config: { eosTokenIds: ends } as ModelConfig,
    generation: { eosTokenIds: ends } as GenerationDefaults,
  };
}

const question: ChatTurn[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: '3+8?' },
];
const chat = (completion: string, messages = question): SupervisedExample => ({
  prompt: { kind: 'chat', messages },
  completion,
});

/** What is read and what is learnt, as text; special tokens are spelt out. */
function texts(model: ReturnType<typeof speaker>, example: SupervisedExample): [string, string] {
  const { prompt, completion } = sequenceOf(model, example);
  return [tokenizer.decode(prompt), tokenizer.decode(completion)];
}

describe('a chat behind a template', () => {
  const chatml = speaker(TEMPLATES.chatml as string);
  const asked = '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n3+8?<|im_end|>\n<|im_start|>assistant\n';

  // Catches an opening of the turn that is learnt or missing, and an end token that is put behind the template's own.
  it('is read up to the opening of the turn, and learnt with the end that the template gives it', () => {
    expect(texts(chatml, chat('11'))).toEqual([asked, '11<|im_end|>\n']);
    const { prompt, completion } = sequenceOf(chatml, chat('11'));
    expect(prompt.filter((token) => token === START)).toHaveLength(3);
    expect(completion.filter((token) => token === END)).toHaveLength(1);
  });

  // Catches a past whose answers are left out or learnt once more.
  it('is read with all answers before, none of which is learnt again', () => {
    const more: ChatTurn[] = [...question, { role: 'assistant', content: '11' }, { role: 'user', content: 'less 5?' }];
    expect(texts(chatml, chat('6', more))).toEqual([
      `${asked}11<|im_end|>\n<|im_start|>user\nless 5?<|im_end|>\n<|im_start|>assistant\n`,
      '6<|im_end|>\n',
    ]);
  });

  // Catches a completion cut out of a text that does not begin with the prompt: this template counts its messages at the end.
  it('is learnt as it is where the template shows the past otherwise once it is answered', () => {
    const [prompt, completion] = texts(speaker(TEMPLATES.llama2 as string), chat('11'));
    expect(prompt).toContain('[INST]');
    expect(completion).toBe('11<|im_end|>');
  });

  // Catches a turn that never ends, where the template's end is not among the model's: it would be learnt to go on for ever.
  it('ends with a token that ends a text, whatever the template puts there', () => {
    const other = speaker(`{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}`);
    expect(texts(other, chat('11'))).toEqual(['system: Be brief.\nuser: 3+8?\n', 'assistant: 11\n<|im_end|>']);
  });
});

describe('without a template', () => {
  // Catches a chat that a base model would be asked otherwise than it was taught.
  it('a chat is its words, and the end token follows', () => {
    expect(texts(speaker(null), chat('11'))).toEqual(['Be brief.\n\n3+8?\n\n', '11<|im_end|>']);
  });

  it('text is taken as it is, also by a model with a template, and an end that is there is not doubled', () => {
    const example = { prompt: { kind: 'text', text: '3+8=' }, completion: '11<|im_end|>' } as const;
    expect(texts(speaker(TEMPLATES.chatml as string), example)).toEqual(['3+8=', '11<|im_end|>']);
    expect(texts(speaker(null), { ...example, completion: '11' })).toEqual(['3+8=', '11<|im_end|>']);
  });

  // Catches the last of several end tokens, where generation stops at any but the model was taught one.
  it("the end is the first of the model's; a model without one is refused", () => {
    const example = { prompt: { kind: 'text', text: '3+8=' }, completion: '11' } as const;
    expect(sequenceOf(speaker(null, [900, END]), example).completion.at(-1)).toBe(900);
    expect(() => sequenceOf(speaker(null, []), example)).toThrow(/no token that ends a text/);
  });
});
