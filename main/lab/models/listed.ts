/** The models of a lab by the names that recipes and commands know them by: what ships, then what was added. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AboutModel } from '../../../preload/contract/model-sources.js';
import { LabError } from '../../lib/errors.js';
import { resourcesDir } from '../../lib/paths.js';
import { aboutFolder } from './about.js';
import { AddedModels, type AddedModel } from './added-models.js';

export interface ListedModel {
  readonly kind: 'shipped' | 'folder' | 'hub';
  readonly reference: string;
  readonly folder: string;
  readonly there: boolean;
  readonly about: AboutModel | null;
}

export function shippedModels(): string[] {
  return readdirSync(join(resourcesDir(), 'models')).sort();
}

export function listedModels(dataDir: string): (ListedModel | AddedModel)[] {
  const shipped = shippedModels().map((name): ListedModel => {
    const folder = join(resourcesDir(), 'models', name);
    return { kind: 'shipped', reference: `builtin:${name}`, folder, there: true, about: aboutFolder(folder) };
  });
  return [...shipped, ...new AddedModels(dataDir).list()];
}

/** An added model by its reference, its repository or its folder. @throws LabError('not-found' | 'usage') */
export function namedModel(dataDir: string, name: string): AddedModel {
  const models = new AddedModels(dataDir).list();
  const fitting = [
    models.filter(({ id, reference }) => id === name || reference === name),
    models.filter(
      (model) => model.kind === 'hub' && [`${model.repository}@${model.commit}`, model.repository].includes(name),
    ),
    models.filter(({ folder }) => folder === resolve(name)),
  ].find((found) => found.length > 0);
  const [only] = fitting ?? [];
  if (only && fitting?.length === 1) return only;
  const names = (fitting ?? models).map(({ reference }) => reference);
  if (only) {
    throw new LabError('usage', `"${name}" fits ${names.length} models: ${names.join(', ')}.`, {
      remedy: 'Name one of them.',
    });
  }
  throw new LabError('not-found', `There is no added model "${name}".`, {
    remedy:
      names.length > 0 ? `There are: ${names.join(', ')}.` : 'None was added: rzero model add OWNER/NAME or a folder.',
  });
}
