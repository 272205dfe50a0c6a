/** How models without a chat template are asked the questions of a domain that speaks in messages. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eagerCompute } from '../../test/support/eager-compute.js';
import { domainNamed } from '../coevolution/named-domain.js';
import { RandomKey } from '../lib/random.js';
import { loadModelFolder } from '../model/folder.js';
import { TextGenerator } from '../model/generate.js';
import { createTokenizer, type Tokenizer } from '../model/tokenizer.js';
import { promptText } from './prompt-text.js';

const GOLDEN = join(import.meta.dirname, '../../test/golden');
const tokenizer = (name: string): Tokenizer =>
  createTokenizer(
    name,
    JSON.parse(readFileSync(join(GOLDEN, 'tokenizers', name, 'tokenizer.json'), 'utf8')) as Record<string, unknown>,
    {},
  );
const math = domainNamed('math', null);

beforeAll(async () => void (await tf.setBackend('cpu')));

describe('a model without a chat template', () => {
  // Would catch: a base model that is given roles and markers it never saw, or messages that run into each other.
  it('is given the words of the messages as plain text', () => {
    const text = promptText({ chatTemplate: null, tokenizer: tokenizer('qwen') }, math.solverPrompt('What is 3+8?'));
    expect(text).toBe('Reason step by step. End with the final answer in \\boxed{}.\n\nWhat is 3+8?\n\n');
  });

  // Would catch: a Llama that is asked without the token every text of its training began with, or with two of them.
  it('is given the token with which its makers begin a text, once', () => {
    const llama = tokenizer('llama3');
    const text = promptText({ chatTemplate: null, tokenizer: llama }, math.solverPrompt('3+8?'));
    expect(text.startsWith('<|begin_of_text|>Reason')).toBe(true);
    expect(llama.encode(text).filter((id) => id === llama.idOf('<|begin_of_text|>'))).toHaveLength(1);
    expect(promptText({ chatTemplate: null, tokenizer: llama }, { kind: 'text', text: 'as it is' })).toBe('as it is');
    expect(['qwen', 'smollm', 'nano'].map((name) => tokenizer(name).opening)).toEqual(['', '', '']);
  });

  it.each(['llama', 'qwen2-tied'])('asks and answers on the domain math: %s', async (name) => {
    const model = await loadModelFolder(join(GOLDEN, 'models', name));
    expect(model.chatTemplate).toBeNull();
    const prompt = model.tokenizer.encode(promptText(model, math.solverPrompt('What is 3+8?')));
    const [completions] = await new TextGenerator(eagerCompute(), model.config).generate(
      model.parameters,
      [{ prompt, samples: 2, key: RandomKey.of(1, 'base') }],
      { temperature: 1, topK: 0, topP: 1, maxNewTokens: 8, stopTokens: model.generation.eosTokenIds },
    );
    expect(completions).toHaveLength(2);
    const [end] = model.generation.eosTokenIds;
    for (const { tokens, finish } of completions ?? [])
      expect(tokens).toHaveLength(finish === 'length' ? 8 : tokens.indexOf(end ?? -1) + 1);
    model.parameters.dispose();
  });
});
