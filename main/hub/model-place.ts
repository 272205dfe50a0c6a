/** Which folder a recipe's `model` means: one that ships, a Hugging Face folder, or a model of the hub in the shared cache. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LabError } from '../lib/errors.js';
import { resourcesDir } from '../lib/paths.js';
import { cachedCommit, repositoryFolder } from './cache.js';
import { INDEX, shardNames, WEIGHTS } from './model-files.js';
import { hubModelName, hubReference, type ModelPlace } from './model-name.js';
import { hubSettings } from './settings.js';
import { snapshotFolder } from './store.js';

const BUILTIN = 'builtin:';

/**
 * `builtin:nano` is a model that ships, OWNER/NAME[@REVISION] one of the hub that was added or fetched by another program;
 * a folder of that path comes first.
 */
export function modelFolder(reference: string): string {
  if (reference.startsWith(BUILTIN)) {
    const folder = join(resourcesDir(), 'models', reference.slice(BUILTIN.length));
    if (/^[\w.-]+$/.test(reference.slice(BUILTIN.length)) && existsSync(folder)) return folder;
    throw new LabError('model', `There is no built-in model "${reference.slice(BUILTIN.length)}".`, {
      remedy: 'builtin:nano ships with the program; any other model is a folder or one of the hub that was added.',
    });
  }
  const folder = resolve(reference);
  if (existsSync(folder)) return folder;
  const place = hubModelName(reference);
  if (place) return hubFolder(place, folder);
  throw new LabError('model', `There is no model folder ${folder}.`, {
    remedy:
      'Give the path of a folder with config.json, tokenizer.json and safetensors (in a recipe: --set model=PATH), a model of the hub that was added (OWNER/NAME), or builtin:nano.',
  });
}

/** Whether the reference is one of the hub whose files are on this machine. */
export function isHubModelHere(reference: string): boolean {
  const place = hubModelName(reference);
  return place !== null && !existsSync(reference) && cachedModel(place) !== null;
}

/** A model of the hub by the commit that its revision is now, so that it stays the same; every other reference as it is. */
export function lastingReference(reference: string): string {
  const place = reference.startsWith(BUILTIN) || existsSync(reference) ? null : hubModelName(reference);
  const found = place && cachedModel(place);
  return place && found ? hubReference({ id: place.id, revision: found.commit }) : reference;
}

/** Null where the cache does not know that revision. Its files may lack. */
export function cachedModel(place: ModelPlace): { readonly commit: string; readonly folder: string } | null {
  const { cache } = hubSettings();
  const commit = cachedCommit(repositoryFolder(cache, place), place.revision);
  if (commit === null) return null;
  const folder = snapshotFolder(cache, { ...place, commit });
  return existsSync(folder) ? { commit, folder } : null;
}

function hubFolder(place: ModelPlace, path: string): string {
  const name = hubReference(place);
  const found = cachedModel(place);
  const missing = found && missingFile(found.folder);
  if (found && missing === null) return found.folder;
  const add = `rzero model add ${place.id}${place.revision === 'main' ? '' : ` --revision ${place.revision}`}`;
  if (found) {
    throw new LabError('model', `${name} is not whole on this machine: ${missing} is missing in ${found.folder}.`, {
      remedy: `Fetch the rest: ${add}`,
    });
  }
  throw new LabError('model', `There is neither a folder ${path} nor the model ${name} of the hub on this machine.`, {
    remedy: `Fetch it with "${add}", or give the path of a folder with config.json, tokenizer.json and safetensors.`,
  });
}

/** The first file without which it cannot be loaded; null where all are there. */
function missingFile(folder: string): string | null {
  const lacks = (name: string): boolean => !isFile(join(folder, name));
  const first = ['config.json', 'tokenizer.json'].find(lacks);
  if (first !== undefined) return first;
  if (!lacks(WEIGHTS)) return null;
  if (lacks(INDEX)) return WEIGHTS;
  return (shardNames(readFileSync(join(folder, INDEX), 'utf8')) ?? []).find(lacks) ?? null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
