/**
 * The size of a recipe's model, from the few numbers of its config.json that memory and disk depend on. The engine reads and checks the
 * whole of it when a run starts; here a folder that it would refuse for other reasons than its architecture is only sized.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFolder } from '../../hub/model-place.js';
import { LabError } from '../../lib/errors.js';
import { familyOf } from '../../lib/model-families.js';

export interface ModelShape {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly intermediate: number;
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
  const [hidden, layers, heads] = [count('hidden_size'), count('num_hidden_layers'), count('num_attention_heads')];
  const shape = {
    hidden,
    layers,
    heads,
    vocabulary: count('vocab_size'),
    kvHeads: count('num_key_value_heads', heads),
    headSize: count('head_dim', qwen ? 128 : hidden / heads),
    intermediate: count('intermediate_size'),
    positions: count('max_position_embeddings', family === 'llama' ? 2048 : 32_768),
  };
  const { vocabulary, kvHeads, headSize, intermediate } = shape;
  const attention = hidden * headSize * (2 * heads + 2 * kvHeads);
  const attentionBias = config['attention_bias'] === true;
  const bias =
    (family === 'qwen2' || attentionBias ? headSize * (heads + 2 * kvHeads) : 0) +
    (family !== 'qwen2' && attentionBias ? hidden : 0);
  const mlpBias = family === 'llama' && config['mlp_bias'] === true ? 2 * intermediate + hidden : 0;
  const norms = 2 * hidden + (qwen ? 2 * headSize : 0);
  const layer = attention + bias + mlpBias + norms + 3 * hidden * intermediate;
  const ends = vocabulary * hidden * (config['tie_word_embeddings'] === true ? 1 : 2) + hidden;
  return { ...shape, parameters: layers * layer + ends };
}
