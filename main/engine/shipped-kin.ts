/**
 * Which of the models that ship a folder's model descends from, so that it is asked as that one is. Told by the vocabulary:
 * training, exporting and saving by other programs leave it as it is, and a prompt is written in it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcesDir } from '../lib/paths.js';
import { isObject, type JsonObject, parseJsonObject } from '../model/json-file.js';
import type { LanguageModel } from '../model/language-model.js';

/** "builtin:nano", or null where the model is none of that kind. */
export function shippedKin({ tokenizer, origin }: Pick<LanguageModel, 'tokenizer' | 'origin'>): string | null {
  const file = origin.files.get('tokenizer.json')?.toString('utf8');
  if (file === undefined) return null;
  const folder = join(resourcesDir(), 'models');
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name, 'tokenizer.json');
    if (!existsSync(path)) continue;
    const shipped = vocabularyOf(parseJsonObject(path, readFileSync(path, 'utf8')));
    // A large vocabulary is not read again only to be found another one.
    if (Math.max(...shipped.values()) + 1 !== tokenizer.vocabSize) continue;
    const own = vocabularyOf(parseJsonObject('tokenizer.json', file));
    if (own.size === shipped.size && [...own].every(([token, id]) => shipped.get(token) === id)) {
      return `builtin:${name}`;
    }
  }
  return null;
}

function vocabularyOf({ model, added_tokens: added }: JsonObject): Map<string, number> {
  const vocab = isObject(model) && isObject(model.vocab) ? Object.entries(model.vocab) : [];
  const more = (Array.isArray(added) ? (added as unknown[]) : []).flatMap((token) =>
    isObject(token) ? [[String(token.content), token.id] as const] : [],
  );
  return new Map([...vocab, ...more].map(([token, id]) => [token, Number(id)]));
}
