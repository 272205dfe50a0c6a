/** The families of models that the decoder computes: told by a folder's config.json, and refused by name where it is none of them. */
import { LabError } from './errors.js';

const ARCHITECTURES = {
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
  llama: 'LlamaForCausalLM',
} as const;

/** As `model_type` has it. */
export type ModelFamily = keyof typeof ARCHITECTURES;

/** Of all families, for people to read. */
export const SUPPORTED_ARCHITECTURES = `${Object.values(ARCHITECTURES).join(', ')} (Qwen2 and 2.5, Qwen3, Llama 2 to 3.2 and models built like them)`;

export const architectureOf = (family: ModelFamily): string => ARCHITECTURES[family];

/** @throws LabError('model') that names what is there, and what is supported instead. @param path of the config.json, for the error */
export function familyOf(path: string, config: Readonly<Record<string, unknown>>): ModelFamily {
  const type = String(config['model_type']);
  const family = Object.hasOwn(ARCHITECTURES, type) ? (type as ModelFamily) : undefined;
  const named = Array.isArray(config['architectures']) ? config['architectures'].map(String) : [];
  if (family !== undefined && (named.length === 0 || named.includes(ARCHITECTURES[family]))) return family;
  const name = [...named, `model_type ${JSON.stringify(config['model_type'] ?? null)}`].join(', ');
  throw unsupported(path, `The architecture ${name}`, SUPPORTED_ARCHITECTURES);
}

export function unsupported(path: string, what: string, supported: string): LabError {
  return new LabError('model', `${path}: ${what} is not supported.`, { remedy: `Supported: ${supported}.` });
}
