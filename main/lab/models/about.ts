/** What the few small files of a model's folder say of it: for lists and previews, read at a glance. The engine reads and checks the whole. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AboutModel } from '../../../preload/contract/model-sources.js';
import { licenceOf } from '../../lib/licence.js';
import { readFolderShape } from '../preflight/model-shape.js';

/** Null where config.json does not tell, or tells of a model that this program cannot compute. */
export function aboutFolder(folder: string): AboutModel | null {
  try {
    const config = json(join(folder, 'config.json'));
    const { parameters, positions } = readFolderShape(folder);
    const dtype = config['dtype'] ?? config['torch_dtype'];
    const [architecture] = Array.isArray(config['architectures']) ? config['architectures'].map(String) : [];
    return {
      architecture: architecture ?? String(config['model_type']),
      parameters,
      dtype: typeof dtype === 'string' ? dtype : null,
      context: positions,
      chat: hasTemplate(folder),
      licence: licenceOf(textOf(join(folder, 'README.md'))),
      bytes: readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0),
    };
  } catch {
    return null;
  }
}

function hasTemplate(folder: string): boolean {
  if (existsSync(join(folder, 'chat_template.jinja'))) return true;
  const file = join(folder, 'tokenizer_config.json');
  return existsSync(file) && (json(file)['chat_template'] ?? null) !== null;
}

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : 0;
}
