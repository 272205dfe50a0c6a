/** A model that never was a folder: nothing of transformers' own is in its config. */
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { ChatTemplate } from '../../main/model/chat-template.js';
import type { ModelConfig } from '../../main/model/config.js';
import type { LanguageModel } from '../../main/model/language-model.js';
import { Parameters, parameterSpecs } from '../../main/model/parameters.js';
import { createTokenizer } from '../../main/model/tokenizer.js';

/** Random weights of a small Llama with the vocabulary of `tokenizers/qwen`. */
export function freshModel(chatTemplate: string | null = null): LanguageModel {
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
    qkvBias: false,
    oBias: false,
    mlpBias: true,
    qkNorm: false,
    maxPositions: 512,
    bosTokenId: null,
    eosTokenIds: [900, 902],
    padTokenId: 900,
    lora: null,
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
  const file = readFileSync(join(packageRoot(), 'test/golden/tokenizers/qwen/tokenizer.json'));
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
    chatTemplate: ChatTemplate.of('fresh', chatTemplate, tokenizerConfig),
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
        ...(chatTemplate === null ? [] : [['chat_template.jinja', Buffer.from(chatTemplate)] as const]),
      ]),
    },
  };
}
