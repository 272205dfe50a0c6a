/**
 * An adapter as a folder in PEFT's format: adapter_config.json and adapter_model.safetensors, which Python's peft loads on
 * its base model and whose own this reads. What only peft computes (DoRA, other ranks for some layers, trained biases or
 * modules) is refused by name.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFolder } from '../lib/atomic-file.js';
import { LabError } from '../lib/errors.js';
import { readAdapter, writeAdapter } from './adapter-file.js';
import type { ModelConfig } from './config.js';
import { Fields, parseJsonObject, readIfPresent, type JsonObject } from './json-file.js';
import type { LoraTarget } from '../sizes/adapters.js';
import { LORA_TARGETS, withAdapters, type LoraShape, type LoraWish } from './lora.js';
import type { Parameters } from './parameters.js';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';

export interface AdapterToSave {
  readonly lora: LoraShape;
  readonly adapter: Parameters;
  /** The folder of the base model, or its name on a hub. */
  readonly base: string;
  /** README.md */
  readonly card: string;
}

/** All or nothing; an older folder of that name is replaced. */
export async function saveAdapterFolder(folder: string, { lora, adapter, base, card }: AdapterToSave): Promise<void> {
  await replaceFolder(folder, async (temporary) => {
    await writeAdapter(join(temporary, WEIGHTS), adapter);
    await writeFile(join(temporary, CONFIG), `${JSON.stringify(adapterConfig(lora, base), null, 2)}\n`, {
      flush: true,
    });
    await writeFile(join(temporary, 'README.md'), card, { flush: true });
  });
}

function adapterConfig({ rank, alpha, dropout, targets }: LoraShape, base: string): JsonObject {
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: dropout,
    target_modules: targets,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    use_dora: false,
    use_rslora: false,
    modules_to_save: null,
    layers_to_transform: null,
    layers_pattern: null,
    rank_pattern: {},
    alpha_pattern: {},
  };
}

/** What an adapter folder says of itself; null where the folder is none. */
export async function describeAdapterFolder(
  folder: string,
): Promise<{ readonly wish: LoraWish; readonly base: string } | null> {
  const path = join(folder, CONFIG);
  const bytes = await readIfPresent(path);
  if (bytes === null) return null;
  const fields = new Fields(path, parseJsonObject(path, bytes.toString('utf8')));
  refuseUnsupported(fields);
  const rank = fields.count('r', 1);
  const alpha = fields.positive('lora_alpha', 8);
  const dropout = Number(fields.object.lora_dropout ?? 0);
  if (!(dropout >= 0 && dropout < 1)) throw fields.wrong('lora_dropout', 'a number from 0 to less than 1');
  // rsLoRA divides alpha by the root of the rank: another alpha says the same.
  const scaled = fields.flag('use_rslora', false) ? alpha * Math.sqrt(rank) : alpha;
  const wish = { rank, alpha: scaled, dropout, targets: targetsOf(fields) };
  return { wish, base: fields.text('base_model_name_or_path', '') };
}

/** The network that `base` becomes with the adapter of a folder, and the adapter's tensors, which are the caller's. */
export async function loadAdapterFolder(
  folder: string,
  base: ModelConfig,
): Promise<{ readonly config: ModelConfig; readonly adapter: Parameters }> {
  const described = await describeAdapterFolder(folder);
  if (described === null)
    throw new LabError('model', `${folder} has no ${CONFIG}.`, { remedy: 'Give a folder that peft has written.' });
  const config = withAdapters(base, described.wish);
  return { config, adapter: await readAdapter(join(folder, WEIGHTS), config) };
}

function refuseUnsupported(fields: Fields): void {
  const refuse = (what: string): never => {
    throw new LabError('model', `${fields.path}: ${what} is not supported.`, {
      remedy: `Plain LoRA and rsLoRA adapters of ${LORA_TARGETS.join(', ')} are. Merge this one with peft (merge_and_unload) and load the model.`,
    });
  };
  const type = fields.text('peft_type', 'LORA');
  if (type !== 'LORA') refuse(`An adapter of type ${type}`);
  if (fields.flag('use_dora', false)) refuse('DoRA (use_dora)');
  const bias = fields.text('bias', 'none');
  if (bias !== 'none') refuse(`A trained bias (bias: ${bias})`);
  if (fields.flag('fan_in_fan_out', false)) refuse('A transposed base (fan_in_fan_out)');
  for (const key of ['rank_pattern', 'alpha_pattern', 'layers_to_transform', 'layers_pattern', 'modules_to_save']) {
    const value = fields.object[key] ?? {};
    if (typeof value !== 'object' || Object.keys(value as object).length > 0) refuse(`"${key}"`);
  }
}

function targetsOf(fields: Fields): LoraTarget[] {
  const given = fields.object.target_modules;
  const allowed: readonly string[] = LORA_TARGETS;
  if (!Array.isArray(given) || given.length === 0) throw fields.wrong('target_modules', 'a list of matrices');
  const unknown: unknown = given.find((name) => !allowed.includes(name as string));
  if (unknown !== undefined) {
    throw new LabError('model', `${fields.path}: an adapter of ${JSON.stringify(unknown)} is not supported.`, {
      remedy: `Supported are ${allowed.join(', ')}.`,
    });
  }
  return LORA_TARGETS.filter((target) => given.includes(target));
}
