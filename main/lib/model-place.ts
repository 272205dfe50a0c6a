/** Which folder a recipe's `model` means. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LabError } from './errors.js';
import { resourcesDir } from './paths.js';

const BUILTIN = 'builtin:';

/** `builtin:nano` is a model that ships; everything else is the path of a Hugging Face folder. */
export function modelFolder(reference: string): string {
  if (reference.startsWith(BUILTIN)) {
    const folder = join(resourcesDir(), 'models', reference.slice(BUILTIN.length));
    if (/^[\w.-]+$/.test(reference.slice(BUILTIN.length)) && existsSync(folder)) return folder;
    throw new LabError('model', `There is no built-in model "${reference.slice(BUILTIN.length)}".`, {
      remedy: 'builtin:nano ships with the program; any other model is the path of its folder.',
    });
  }
  const folder = resolve(reference);
  if (existsSync(folder)) return folder;
  throw new LabError('model', `There is no model folder ${folder}.`, {
    remedy:
      'Give the path of a folder with config.json, tokenizer.json and safetensors (in a recipe: --set model=PATH), or builtin:nano.',
  });
}
