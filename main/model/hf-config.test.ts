import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGenerationDefaults } from './generation.js';
import { readHfConfig, writeHfConfig } from './hf-config.js';
import { parseJsonObject, type JsonObject } from './json-file.js';

const MODELS = join(import.meta.dirname, '../../test/golden/models');
const load = (name: string, file: string): JsonObject =>
  parseJsonObject(file, readFileSync(join(MODELS, name, file), 'utf8'));

const without = (json: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));

const LLAMA: JsonObject = {
  model_type: 'llama',
  vocab_size: 32000,
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  intermediate_size: 11008,
};
const read = (changes: JsonObject, base = LLAMA): ReturnType<typeof readHfConfig> =>
  readHfConfig('/m/config.json', { ...base, ...changes });

describe('config.json', () => {
  // Catches a dialect in which θ or the scaling is not found and silently takes its default.
  it.each(readdirSync(MODELS))('%s says the same in both dialects', (name) => {
    const five = readHfConfig('five', load(name, 'config.json'));
    expect(readHfConfig('four', load(name, 'config.transformers4.json'))).toEqual(five);
    expect(five.ropeScaling !== null).toBe(name === 'llama-scaled-rope');
  });

  it.each(readdirSync(MODELS))(
    '%s is written so that each dialect alone suffices, with nothing of the original lost',
    (name) => {
      const original: JsonObject = { ...load(name, 'config.json'), some_note: { by: 'its makers' } };
      const config = readHfConfig('original', original);
      const written = writeHfConfig(config, original);
      const four = without(written, ['rope_parameters', 'dtype']);
      const five = without(written, ['rope_theta', 'rope_scaling', 'torch_dtype']);
      expect(readHfConfig('four', four)).toEqual(config);
      expect(readHfConfig('five', five)).toEqual(config);
      // Weights are written in float32 whatever they were read from.
      for (const [key, value] of Object.entries({ ...original, dtype: 'float32' }))
        expect(written[key], key).toEqual(value);
    },
  );

  it('takes the defaults of transformers for absent fields', () => {
    const llama = read({});
    expect(llama).toMatchObject({
      kvHeads: 32,
      headDim: 128,
      ropeTheta: 10000,
      rmsNormEpsilon: 1e-6,
      maxPositions: 2048,
    });
    expect(llama).toMatchObject({
      tieWordEmbeddings: false,
      qkvBias: false,
      oBias: false,
      mlpBias: false,
      qkNorm: false,
      eosTokenIds: [],
    });
    expect(read({ model_type: 'qwen3', hidden_size: 1024 })).toMatchObject({
      headDim: 128,
      qkNorm: true,
      maxPositions: 32768,
    });
  });

  // Catches a bias that Qwen2 has without saying so, or one on o that it never has.
  it('knows the biases of Qwen2 without a field', () => {
    const qwen2 = read({ model_type: 'qwen2', attention_bias: true });
    expect(qwen2).toMatchObject({ qkvBias: true, oBias: false, mlpBias: false, qkNorm: false, headDim: 128 });
    expect(qwen2.maxPositions).toBe(32768);
    expect(read({ attention_bias: true })).toMatchObject({ qkvBias: true, oBias: true });
  });

  // Qwen2.5's files give the width of a window that they do not use.
  it('passes over a sliding window that is switched off, and refuses one that is on', () => {
    const off = { model_type: 'qwen2', sliding_window: 4096, max_window_layers: 28, use_sliding_window: false };
    expect(read(off).family).toBe('qwen2');
    expect(() => read({ ...off, use_sliding_window: true })).toThrow(/Sliding-window attention is not supported/);
  });

  it('takes token ids as a number, a list or nothing', () => {
    expect(read({ eos_token_id: [128001, 128009] }).eosTokenIds).toEqual([128001, 128009]);
    expect(read({ eos_token_id: 2, bos_token_id: 1, pad_token_id: -1 })).toMatchObject({
      eosTokenIds: [2],
      bosTokenId: 1,
      padTokenId: null,
      lora: null,
    });
    expect(() => read({ eos_token_id: ['</s>'] })).toThrow(
      /"eos_token_id" must be a token id or a list of token ids, found \["<\/s>"\]/,
    );
  });

  const refused: [string, JsonObject, RegExp, RegExp][] = [
    [
      'another family',
      { model_type: 'mistral', architectures: ['MistralForCausalLM'] },
      /MistralForCausalLM/,
      /Qwen2ForCausalLM, Qwen3ForCausalLM, LlamaForCausalLM/,
    ],
    [
      'another head on a known body',
      { architectures: ['LlamaForSequenceClassification'] },
      /LlamaForSequenceClassification/,
      /LlamaForCausalLM/,
    ],
    ['a family named like a method', { model_type: 'constructor' }, /model_type "constructor"/, /LlamaForCausalLM/],
    ['YaRN', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, /RoPE scaling of type "yarn"/, /llama3/],
    [
      'the oldest spelling of a scaling',
      { rope_scaling: { type: 'linear', factor: 2 } },
      /RoPE scaling of type "linear"/,
      /llama3/,
    ],
    [
      'a scaling of the new dialect',
      { rope_parameters: { rope_type: 'dynamic', rope_theta: 1e4 } },
      /"dynamic"/,
      /llama3/,
    ],
    ['a half-rotated head', { partial_rotary_factor: 0.5 }, /partial rotary factor of 0.5/, /whole head/],
    ['another activation', { hidden_act: 'gelu' }, /activation "gelu"/, /silu/],
    ['a sliding window', { use_sliding_window: true }, /Sliding-window/, /full attention/],
    ['windowed layers', { layer_types: ['full_attention', 'sliding_attention'] }, /Sliding-window/, /full attention/],
    ['quantised weights', { quantization_config: { bits: 4 } }, /quantised/, /BF16/],
  ];
  it.each(refused)('refuses %s, naming what is supported', (_name, changes, message, remedy) => {
    expect(() => read(changes)).toThrow(
      expect.objectContaining({ code: 'model', message: expect.stringMatching(message) as string }),
    );
    expect(() => read(changes)).toThrow(expect.objectContaining({ remedy: expect.stringMatching(remedy) as string }));
  });

  const wrong: [JsonObject, RegExp][] = [
    [{ hidden_size: undefined }, /"hidden_size" must be a whole number ≥ 1, found nothing/],
    [{ num_hidden_layers: 2.5 }, /"num_hidden_layers" must be a whole number ≥ 1, found 2.5/],
    [{ vocab_size: '32000' }, /"vocab_size" must be a whole number ≥ 1, found "32000"/],
    [{ num_key_value_heads: 5 }, /"num_key_value_heads" must be a divisor of num_attention_heads \(32\), found 5/],
    [{ head_dim: 63 }, /"head_dim" must be even/],
    [{ rms_norm_eps: 0 }, /"rms_norm_eps" must be a number > 0/],
    [
      { rope_scaling: { rope_type: 'llama3', factor: 8 } },
      /"rope_scaling.low_freq_factor" must be a number > 0, found nothing/,
    ],
    [{ rope_scaling: 'llama3' }, /"rope_scaling" must be an object/],
    [{ tie_word_embeddings: 'yes' }, /"tie_word_embeddings" must be true or false/],
  ];
  it.each(wrong)('names the file, the field, the limit and what it found: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(message);
    expect(() => read(changes)).toThrow(/^\/m\/config\.json: /);
  });
});

describe('generation_config.json', () => {
  const config = read({ eos_token_id: 2 });

  it('gives what the makers advise, and ends where config.json says if it says nothing itself', () => {
    const json = { eos_token_id: [151645, 151643], do_sample: true, temperature: 0.6, top_k: 20, top_p: 0.95 };
    expect(readGenerationDefaults('g', json, config)).toEqual({
      eosTokenIds: [151645, 151643],
      sample: true,
      temperature: 0.6,
      topK: 20,
      topP: 0.95,
      maxNewTokens: null,
    });
    expect(readGenerationDefaults('g', null, config)).toMatchObject({
      eosTokenIds: [2],
      sample: false,
      temperature: null,
    });
  });

  it('refuses impossible values by name', () => {
    expect(() => readGenerationDefaults('g', { top_p: 1.5 }, config)).toThrow(
      /g: "top_p" must be a number in \(0, 1\], found 1.5/,
    );
    expect(() => readGenerationDefaults('g', { temperature: -1 }, config)).toThrow(
      /"temperature" must be a number > 0/,
    );
  });
});
