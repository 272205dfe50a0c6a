/**
 * A model as an ordinary Hugging Face folder: config.json, safetensors, tokenizer, chat template, generation config.
 * What is saved is loaded by Python's transformers, versions 4 and 5. Leaves out pickled weights (.bin), GGUF and downloads.
 */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { replaceFolder } from '../lib/atomic-file.js';
import { ChatTemplate } from './chat-template.js';
import type { ModelConfig } from './config.js';
import { readGenerationDefaults } from './generation.js';
import { readHfConfig, writeHfConfig } from './hf-config.js';
import { placements } from './hf-names.js';
import { tokenizerConfigForBoth } from './hf-tokenizer-config.js';
import { parseJsonObject, readIfPresent, type JsonObject } from './json-file.js';
import type { LanguageModel } from './language-model.js';
import { requireMemory } from './memory.js';
import { parameterSpecs, type ParameterSpec } from './parameters.js';
import { createTokenizer, type Tokenizer } from './tokenizer.js';
import { closeAll, openTensors } from './safetensors.js';
import { checkTensors, readParameters, writeParameters, type WeightType } from './weights.js';

/** Files beside config and weights that belong to a model; they are kept as they are. */
const SIDE_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
  'generation_config.json',
] as const;

const WEIGHTS = 'model.safetensors';

export interface LoadOptions {
  /** How many times the weights of such a model must fit (default 1), and what for. */
  readonly copies?: { readonly count: (config: ModelConfig) => number; readonly purpose: string };
  /** Bytes that the weights may take (default: what the system says is available). */
  readonly memory?: number;
  /** How matrices are kept (default float32). */
  readonly type?: WeightType;
}

/** Everything of a model but its weights. */
export type ModelDescription = Omit<LanguageModel, 'parameters'>;

export async function loadModelFolder(folder: string, options: LoadOptions = {}): Promise<LanguageModel> {
  const description = await describeModelFolder(folder);
  const { config } = description;
  const { copies, type = 'float32' } = options;
  const [count, purpose] = copies ? [copies.count(config), copies.purpose] : [1, ''];
  requireMemory(
    purpose === '' ? `The model in ${folder}` : `${purpose} with the model in ${folder} (${count} times its weights)`,
    count * weightBytes(config, type) + largestBytes(config),
    options.memory,
  );
  return { ...description, parameters: await readParameters(await weightsPath(folder), config, type) };
}

/** Reads and checks a folder's config, tokenizer, chat template and generation config, without its weights. */
export async function describeModelFolder(folder: string): Promise<ModelDescription> {
  await requireFolder(folder);
  const configJson = await readJson(folder, 'config.json');
  if (configJson === null) throw missing(folder, 'config.json');
  const config = readHfConfig(join(folder, 'config.json'), configJson);
  const files = new Map<string, Buffer>();
  for (const name of SIDE_FILES) {
    const bytes = await readIfPresent(join(folder, name));
    if (bytes !== null) files.set(name, bytes);
  }
  const json = (name: string): JsonObject | null => {
    const bytes = files.get(name);
    return bytes === undefined ? null : parseJsonObject(join(folder, name), bytes.toString('utf8'));
  };
  // Older folders name their special tokens in a file of their own.
  const tokenizerConfig = { ...json('special_tokens_map.json'), ...json('tokenizer_config.json') };
  const tokenizerJson = json('tokenizer.json');
  if (tokenizerJson === null) throw missing(folder, 'tokenizer.json');
  return {
    config,
    tokenizer: checkedTokenizer(
      join(folder, 'tokenizer.json'),
      createTokenizer(join(folder, 'tokenizer.json'), tokenizerJson, tokenizerConfig),
      config,
    ),
    chatTemplate: ChatTemplate.of(folder, files.get('chat_template.jinja')?.toString('utf8') ?? null, tokenizerConfig),
    generation: readGenerationDefaults(join(folder, 'generation_config.json'), json('generation_config.json'), config),
    origin: { config: configJson, files },
  };
}

/** Writes the model as a folder, all or nothing; an older folder of that name is replaced. */
export async function saveModelFolder(
  folder: string,
  model: LanguageModel,
  type: WeightType = 'float32',
): Promise<void> {
  await replaceFolder(folder, async (temporary) => {
    await writeParameters(join(temporary, WEIGHTS), model.config, { parameters: model.parameters, type });
    const config = `${JSON.stringify(writeHfConfig(model.config, model.origin.config, type), null, 2)}\n`;
    await writeFlushed(join(temporary, 'config.json'), Buffer.from(config));
    for (const [name, bytes] of model.origin.files) {
      const path = join(temporary, name);
      await writeFlushed(path, name === 'tokenizer_config.json' ? tokenizerConfigForBoth(path, bytes) : bytes);
    }
  });
}

/** What the files of the weights hold, once they are known to fit the config. Their heads are read, no values. */
export async function checkWeights(
  folder: string,
  config: ModelConfig,
): Promise<{ files: number; bytes: number; dtypes: string[] }> {
  const { tensors, files } = await openTensors(await weightsPath(folder));
  await closeAll(files);
  checkTensors(folder, placements(config), { tensors, config });
  const found = [...tensors.values()];
  return {
    files: files.length,
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    dtypes: [...new Set(found.map(({ dtype }) => dtype))].sort(),
  };
}

/** Bytes of the weights in memory. */
export function weightBytes(config: ModelConfig, type: WeightType = 'float32'): number {
  const narrow = ({ shape }: ParameterSpec): boolean => type === 'bfloat16' && shape.length > 1;
  return parameterSpecs(config).reduce((sum, spec) => sum + bytesOf(spec) / (narrow(spec) ? 2 : 1), 0);
}

function largestBytes(config: ModelConfig): number {
  return Math.max(...parameterSpecs(config).map(bytesOf));
}

/** In float32. */
function bytesOf({ shape }: ParameterSpec): number {
  return 4 * shape.reduce((a, b) => a * b, 1);
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function weightsPath(folder: string): Promise<string> {
  for (const name of [WEIGHTS, `${WEIGHTS}.index.json`]) {
    if (await exists(join(folder, name))) return join(folder, name);
  }
  throw missing(folder, `${WEIGHTS} (or its shards with ${WEIGHTS}.index.json)`);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  throw new LabError('model', `There is no model folder at ${folder}${found ? ': that is a file' : ''}.`, {
    remedy: 'Give the folder that holds config.json and model.safetensors.',
  });
}

function missing(folder: string, name: string): LabError {
  return new LabError('model', `The model folder ${folder} has no ${name}.`, {
    remedy:
      'A model folder holds config.json, model.safetensors and tokenizer.json, as Hugging Face publishes them; complete it.',
  });
}

async function readJson(folder: string, name: string): Promise<JsonObject | null> {
  const bytes = await readIfPresent(join(folder, name));
  return bytes === null ? null : parseJsonObject(join(folder, name), bytes.toString('utf8'));
}

function checkedTokenizer(path: string, tokenizer: Tokenizer, config: ModelConfig): Tokenizer {
  if (tokenizer.vocabSize <= config.vocabSize) return tokenizer;
  throw new LabError(
    'model',
    `${path} has token ids up to ${tokenizer.vocabSize - 1}, but the model's vocabulary ends at ${config.vocabSize - 1} (config.json: vocab_size ${config.vocabSize}).`,
    { remedy: 'Use the tokenizer that belongs to this model.' },
  );
}
