import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { describeModelFolder, loadModelFolder, saveModelFolder } from './folder.js';

const GOLDEN = join(import.meta.dirname, '../../test/golden');
const NANO = join(import.meta.dirname, '../../resources/models/nano');
const root = mkdtempSync(join(tmpdir(), 'rzero-folder-'));
const folder = join(root, 'model');
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(GOLDEN, 'models/qwen3-tied'), folder, { recursive: true });
});

const put = (name: string, value: unknown): void =>
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
const get = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;

describe('a model folder', () => {
  it.each(readdirSync(join(GOLDEN, 'models')))('%s is saved and loaded again without loss', async (name) => {
    const before = tf.memory().numTensors;
    const model = await loadModelFolder(join(GOLDEN, 'models', name));
    await saveModelFolder(folder, model);
    const again = await loadModelFolder(folder);
    expect(again.config).toEqual(model.config);
    expect(again.generation).toEqual(model.generation);
    expect(again.origin.files).toEqual(model.origin.files);
    for (const [i, tensor] of model.parameters.tensors.entries()) {
      expect(again.parameters.tensors[i]?.dataSync(), model.parameters.specs[i]?.name).toEqual(tensor.dataSync());
    }
    // What stood in the folder before and is no part of the model is gone: no stale shard beside new weights.
    expect(readdirSync(folder).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    model.parameters.dispose();
    again.parameters.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('may keep its chat template in a file, which is saved with it', async () => {
    put('chat_template.jinja', '{{ bos_token }}{{ messages[0].content }}');
    const model = await loadModelFolder(folder);
    expect(model.chatTemplate?.render([{ role: 'user', content: 'hi' }])).toBe('<s>hi');
    await saveModelFolder(join(root, 'saved'), model);
    expect((await describeModelFolder(join(root, 'saved'))).chatTemplate?.source).toBe(model.chatTemplate?.source);
    model.parameters.dispose();
  });
});

describe('the nano model', () => {
  // Catches a config, tokenizer and weights that do not belong together in what is shipped.
  it('is what the recipe says: 297,984 parameters and 23 tokens', async () => {
    const { config, parameters, tokenizer, generation } = await loadModelFolder(NANO);
    expect(parameters.count).toBe(297_984);
    expect(config).toMatchObject({
      family: 'qwen3',
      vocabSize: 23,
      hiddenSize: 96,
      layers: 3,
      heads: 3,
      kvHeads: 1,
      headDim: 32,
    });
    expect(config).toMatchObject({
      intermediateSize: 256,
      ropeTheta: 1e4,
      tieWordEmbeddings: true,
      padTokenId: 0,
      lora: null,
      bosTokenId: 1,
    });
    expect(generation.eosTokenIds).toEqual([2]);
    const text = '<bos><question>3+8-5</question>3+8=11-5=6#6<eos>';
    expect(tokenizer.encode(text)).toEqual([
      1, 4, 9, 16, 14, 17, 11, 5, 9, 16, 14, 21, 7, 7, 17, 11, 21, 12, 22, 12, 2,
    ]);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(
      ['<pad>', '<bos>', '<eos>', '<gen>', '<question>', '</question>', '0', '#', 'x'].map((t) => tokenizer.idOf(t)),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 22, null]);
    parameters.dispose();
    // The shipped tokenizer is the one that was held against Python.
    const golden = readFileSync(join(GOLDEN, 'tokenizers/nano/tokenizer.json'), 'utf8');
    expect(JSON.parse(readFileSync(join(NANO, 'tokenizer.json'), 'utf8'))).toEqual(JSON.parse(golden));
  });
});

describe('a bad model folder', () => {
  const cases: [string, () => void, RegExp][] = [
    ['that is missing', () => rmSync(folder, { recursive: true }), /There is no model folder at .*model\./],
    ['without config', () => rmSync(join(folder, 'config.json')), /has no config\.json/],
    ['without weights', () => rmSync(join(folder, 'model.safetensors')), /has no model\.safetensors \(or its shards/],
    ['without tokenizer', () => rmSync(join(folder, 'tokenizer.json')), /has no tokenizer\.json/],
    ['with a torn config', () => put('config.json', '{"model_type": "qwen3", '), /config\.json is not valid JSON/],
    ['with a config that is a list', () => put('config.json', []), /config\.json is not a JSON object/],
    ['with a torn tokenizer', () => put('tokenizer.json', '{'), /tokenizer\.json is not valid JSON/],
    [
      'with a tokenizer of nothing',
      () => put('tokenizer.json', {}),
      /tokenizer\.json is not a tokenizer .*has no "model"/,
    ],
    [
      'with a torn tokenizer_config',
      () => put('tokenizer_config.json', '"'),
      /tokenizer_config\.json is not valid JSON/,
    ],
    [
      'with a torn generation config',
      () => put('generation_config.json', '['),
      /generation_config\.json is not valid JSON/,
    ],
    ['with a broken template', () => put('chat_template.jinja', '{% for %}'), /chat template of .* cannot be parsed/],
    [
      'cut off',
      () => truncateSync(join(folder, 'model.safetensors'), 9000),
      /model\.safetensors is damaged: it is cut off: 9000 bytes/,
    ],
    [
      'with the tokenizer of another model',
      () => cpSync(join(GOLDEN, 'tokenizers/qwen/tokenizer.json'), join(folder, 'tokenizer.json')),
      /tokenizer\.json has token ids up to 905, but the model's vocabulary ends at 127 .*vocab_size 128/,
    ],
    [
      'with the config of another model',
      () => put('config.json', { ...get('config.json'), num_hidden_layers: 4 }),
      /tensor "model\.layers\.3\..*missing/,
    ],
  ];
  it.each(cases)('%s is refused with its reason and a remedy', async (_name, spoil, message) => {
    spoil();
    const error: unknown = await loadModelFolder(folder).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'LabError', code: 'model', message: expect.stringMatching(message) as string });
    expect((error as { remedy?: string }).remedy).toBeTruthy();
  });

  it('that does not fit in memory is refused before its weights are opened', async () => {
    rmSync(join(folder, 'model.safetensors'));
    const copies = { count: () => 9, purpose: 'Training' };
    // Would catch: a run that starts where only one copy fits, and is killed by the system in its first update.
    await expect(loadModelFolder(folder, { copies, memory: 1 << 18 })).rejects.toMatchObject({
      code: 'memory',
      message: expect.stringMatching(
        /^Training with the model in .* \(9 times its weights\) needs 1\.\d MiB/,
      ) as string,
    });
    // One copy does fit: what is amiss then are the weights.
    await expect(loadModelFolder(folder, { memory: 1 << 18 })).rejects.toMatchObject({ code: 'model' });
    await expect(loadModelFolder(folder, { memory: 1 << 16 })).rejects.toMatchObject({
      code: 'memory',
      message: expect.stringMatching(/needs 0\.2 MiB of memory; 0\.1 MiB is available/) as string,
    });
    put('config.json', { ...get('config.json'), vocab_size: 1e9, hidden_size: 1e6 });
    await expect(loadModelFolder(folder)).rejects.toMatchObject({
      code: 'memory',
      message: expect.stringMatching(/GiB/) as string,
    });
  });
});
