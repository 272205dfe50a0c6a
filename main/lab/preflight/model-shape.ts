/**
 * The size of a recipe's model, from the few numbers of its config.json that memory and disk depend on. The engine reads and checks the
 * whole of it when a run starts; here a folder that it would refuse for other reasons than its architecture is only sized.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFolder } from '../../hub/model-place.js';
import { LabError } from '../../lib/errors.js';
import { familyOf } from '../../lib/model-families.js';
import type { NetworkSize } from '../../sizes/network.js';

export interface ModelShape extends NetworkSize {
  readonly positions: number;
  readonly parameters: number;
}

/** @throws LabError('model') where there is no such folder, or its config.json does not tell. */
export function readModelShape(reference: string): ModelShape {
  return readFolderShape(modelFolder(reference));
}

/** The same of a folder. */
export function readFolderShape(folder: string): ModelShape {
  const file = join(folder, 'config.json');
  if (!existsSync(file)) throw noModel(folder);
  try {
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    familyOf(file, config);
    return shapeOf(config);
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('model', `${file} does not tell the size of the model.`, {
      cause,
      remedy: 'It must be the config.json of a Qwen2, Qwen3 or Llama model as Hugging Face keeps it.',
    });
  }
}

function noModel(folder: string): LabError {
  return new LabError('model', `There is no model in the folder ${folder}: it has no config.json.`, {
    remedy:
      'Give the path of a folder with config.json, tokenizer.json and safetensors (in a recipe: --set model=PATH), or builtin:nano.',
  });
}

function shapeOf(config: Record<string, unknown>): ModelShape {
  const count = (key: string, standard?: number): number => {
    const value = config[key] ?? standard;
    if (typeof value !== 'number' || !(value > 0)) throw new Error(`${key} is ${JSON.stringify(value)}`);
    return value;
  };
  const family = config['model_type'];
  const qwen = family === 'qwen3';
  const [hiddenSize, layers, heads] = [count('hidden_size'), count('num_hidden_layers'), count('num_attention_heads')];
  const shape = {
    ...{ hiddenSize, layers, heads },
    vocabSize: count('vocab_size'),
    kvHeads: count('num_key_value_heads', heads),
    headDim: count('head_dim', qwen ? 128 : hiddenSize / heads),
    intermediateSize: count('intermediate_size'),
    positions: count('max_position_embeddings', family === 'llama' ? 2048 : 32_768),
  };
  const { vocabSize, kvHeads, headDim, intermediateSize } = shape;
  const attention = hiddenSize * headDim * (2 * heads + 2 * kvHeads);
  const attentionBias = config['attention_bias'] === true;
  const bias =
    (family === 'qwen2' || attentionBias ? headDim * (heads + 2 * kvHeads) : 0) +
    (family !== 'qwen2' && attentionBias ? hiddenSize : 0);
  const mlpBias = family === 'llama' && config['mlp_bias'] === true ? 2 * intermediateSize + hiddenSize : 0;
  const norms = 2 * hiddenSize + (qwen ? 2 * headDim : 0);
  const layer = attention + bias + mlpBias + norms + 3 * hiddenSize * intermediateSize;
  const ends = vocabSize * hiddenSize * (config['tie_word_embeddings'] === true ? 1 : 2) + hiddenSize;
  return { ...shape, parameters: layers * layer + ends };
}
