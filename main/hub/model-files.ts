/**
 * Which files of a repository are the model: config, tokenizer, chat template, generation config, card and licence, and its
 * weights as safetensors. Pickled weights, GGUF, other frameworks' and images are left where they are. Pure.
 */
import { LabError } from '../lib/errors.js';

interface Named {
  readonly path: string;
}

const SMALL: readonly string[] = [
  ...['config.json', 'generation_config.json', 'README.md'],
  ...['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'],
  ...['vocab.json', 'merges.txt', 'tokenizer.model', 'chat_template.jinja', 'chat_template.json'],
];
const LICENCE = /^(?:licen[cs]e|notice|use_policy)(?:[._-]\w+)*$/i;
export const WEIGHTS = 'model.safetensors';
export const INDEX = `${WEIGHTS}.index.json`;

/** Everything but the weights, in the order of the list. */
export function smallFiles<T extends Named>(files: readonly T[]): T[] {
  return files.filter(({ path }) => SMALL.includes(path) || LICENCE.test(path));
}

/** The index, where the weights are shards; null where they are one file. @throws LabError('model') where there are none */
export function indexOf<T extends Named>(id: string, files: readonly T[]): T | null {
  if (files.some(({ path }) => path === WEIGHTS)) return null;
  const index = files.find(({ path }) => path === INDEX);
  if (index) return index;
  const others = files.filter(({ path }) => /\.(?:safetensors|bin|gguf|pth?|h5|msgpack|onnx)$/.test(path));
  const shown = others.slice(0, 3).map(({ path }) => path);
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  throw new LabError(
    'model',
    `${id} has no ${WEIGHTS} and no ${INDEX}${shown.length > 0 ? `, but ${shown.join(', ')}${more}` : ''}.`,
    {
      remedy:
        'Only weights as safetensors under their usual names are read: take another repository of the model, or convert it and add the folder.',
    },
  );
}

/** The files of the weights. @param index text of the index, where they are shards */
export function weightFiles<T extends Named>(id: string, files: readonly T[], index: string | null): T[] {
  if (index === null) return files.filter(({ path }) => path === WEIGHTS);
  const names = shardNames(index);
  if (names === null) {
    throw new LabError('model', `${id}: ${INDEX} does not name the shards of the weights.`, {
      remedy: 'Take another repository or revision.',
    });
  }
  return names.map((name) => {
    const found = files.find(({ path }) => path === name);
    if (found) return found;
    throw new LabError('model', `${id}: ${INDEX} names the shard ${name}, which the repository does not hold.`, {
      remedy: 'Take another repository or revision.',
    });
  });
}

/** Null where the text is no index. */
export function shardNames(index: string): string[] | null {
  try {
    const { weight_map: map } = JSON.parse(index) as { weight_map?: Record<string, unknown> };
    const names = [...new Set(Object.values(map ?? {}))].map(String);
    return names.length > 0 && names.every((name) => /^[\w.-]+$/.test(name)) ? names.sort() : null;
  } catch {
    return null;
  }
}
