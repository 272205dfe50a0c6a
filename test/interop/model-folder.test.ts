/**
 * What we save, Python's transformers loads: same logits, same tokens. Runs where RZERO_PYTHON names an interpreter with
 * torch and transformers; RZERO_PYTHONPATH may put another version of transformers (4) before its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomKey } from '../../main/lib/random.js';
import type { ModelConfig } from '../../main/model/config.js';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import type { LanguageModel } from '../../main/model/language-model.js';
import { Parameters, parameterSpecs } from '../../main/model/parameters.js';
import { createTokenizer } from '../../main/model/tokenizer.js';
import { hiddenStates, logitsOf } from '../../main/model/transformer.js';

const PYTHON = process.env.RZERO_PYTHON;
const GOLDEN = join(import.meta.dirname, '../golden');
const TEXTS = [
  '3+8-5',
  '<question>3+8</question>',
  'Héllo  wörld\n\n我 😀 12345',
  '<|im_start|>user\nhi<|im_end|>',
  '',
];

interface Answer {
  readonly ids: number[][];
  readonly decoded: string[];
  readonly logits: number[];
  readonly eos: number | number[];
}

/** One interpreter for all folders: importing torch takes longer than all the rest. */
function askPython(folders: Readonly<Record<string, readonly number[]>>): {
  version: string;
  answers: Record<string, Answer>;
} {
  const env = { ...process.env, ...(process.env.RZERO_PYTHONPATH ? { PYTHONPATH: process.env.RZERO_PYTHONPATH } : {}) };
  const out = execFileSync(PYTHON as string, [join(import.meta.dirname, 'check_folder.py')], {
    input: JSON.stringify({ folders, texts: TEXTS }),
    env: { ...env, HF_HUB_OFFLINE: '1' },
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(out.toString()) as { version: string; answers: Record<string, Answer> };
}

function ourLogits({ config, parameters }: LanguageModel, tokens: readonly number[]): Float32Array {
  return tf.tidy(() => {
    const hidden = hiddenStates(config, parameters.tensors, tf.tensor2d([[...tokens]], undefined, 'int32'));
    return logitsOf(config, parameters.tensors, tf.reshape(hidden, [-1, config.hiddenSize])).dataSync<'float32'>();
  });
}

/** A model that never was a folder: nothing of transformers' own is in its config. */
function freshModel(): LanguageModel {
  const config: ModelConfig = {
    family: 'llama',
    vocabSize: 1000,
    hiddenSize: 32,
    layers: 2,
    heads: 4,
    kvHeads: 2,
    headDim: 16,
    intermediateSize: 48,
    ropeTheta: 20000,
    ropeScaling: { factor: 4, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 16 },
    rmsNormEpsilon: 1e-5,
    tieWordEmbeddings: true,
    attentionBias: false,
    mlpBias: true,
    qkNorm: false,
    maxPositions: 512,
    bosTokenId: null,
    eosTokenIds: [900, 902],
    padTokenId: 900,
  };
  const random = RandomKey.of(5).stream();
  const specs = parameterSpecs(config);
  const tensors = specs.map(({ shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => 0.3 * random.normal()),
      [...shape],
    );
  });
  const file = readFileSync(join(GOLDEN, 'tokenizers/qwen/tokenizer.json'));
  const tokenizerConfig = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: '<|im_end|>',
    pad_token: '<|endoftext|>',
  };
  return {
    config,
    tokenizer: createTokenizer(
      'tokenizer.json',
      JSON.parse(file.toString()) as Record<string, unknown>,
      tokenizerConfig,
    ),
    parameters: new Parameters(specs, tensors),
    chatTemplate: null,
    generation: {
      eosTokenIds: [900, 902],
      sample: false,
      temperature: null,
      topK: null,
      topP: null,
      maxNewTokens: null,
    },
    origin: {
      config: {},
      files: new Map([
        ['tokenizer.json', file],
        ['tokenizer_config.json', Buffer.from(JSON.stringify(tokenizerConfig))],
      ]),
    },
  };
}

const tokensFor = (model: LanguageModel): number[] =>
  Array.from({ length: 60 }, (_, i) => (i * 7 + 3) % model.config.vocabSize);

describe.skipIf(!PYTHON)('folders for transformers (skipped where RZERO_PYTHON is not set)', () => {
  const root = mkdtempSync(join(tmpdir(), 'rzero-interop-'));
  const names = [...readdirSync(join(GOLDEN, 'models')), 'nano', 'fresh'];
  const models = new Map<string, LanguageModel>();
  let answers: Record<string, Answer> = {};

  beforeAll(async () => {
    for (const name of names) {
      const source =
        name === 'nano' ? join(import.meta.dirname, '../../resources/models/nano') : join(GOLDEN, 'models', name);
      const model = name === 'fresh' ? freshModel() : await loadModelFolder(source);
      models.set(name, model);
      await saveModelFolder(join(root, name), model);
    }
    const request = [...models].map(([name, model]) => [join(root, name), tokensFor(model)] as const);
    answers = askPython(Object.fromEntries(request)).answers;
  }, 300_000);

  afterAll(() => {
    for (const model of models.values()) model.parameters.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(names)('%s: same logits and tokens', (name) => {
    const model = models.get(name) as LanguageModel;
    const python = answers[join(root, name)] as Answer;

    const ours = ourLogits(model, tokensFor(model));
    expect(python.logits).toHaveLength(ours.length);
    const worst = python.logits.reduce((max, value, i) => Math.max(max, Math.abs(value - (ours[i] as number))), 0);
    expect(worst).toBeLessThanOrEqual(1e-4);
    expect(python.ids).toEqual(TEXTS.map((text) => model.tokenizer.encode(text)));
    expect(python.decoded).toEqual(python.ids.map((ids) => model.tokenizer.decode(ids, { skipSpecial: true })));
    expect([python.eos].flat()).toEqual(model.generation.eosTokenIds);
  });
});
