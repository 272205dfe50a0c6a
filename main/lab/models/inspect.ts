/** All there is to know of a model: what the engine reads of it, where it came from, whether it could be trained here. */
import type { Inspection } from '../../../preload/contract/model-sources.js';
import { cachedModel, modelFolder } from '../../hub/model-place.js';
import { hubModelName } from '../../hub/model-name.js';
import { availableMemory } from '../../lib/available-memory.js';
import type { Lab } from '../lab.js';
import { readFolderShape } from '../preflight/model-shape.js';
import { AddedModels } from './added-models.js';
import { fullBytes, loraBytes } from './training-memory.js';

/** @param reference as a recipe names it. @throws LabError('model') that says why it cannot be used */
export async function inspectModel(
  lab: Lab,
  reference: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Inspection> {
  const folder = modelFolder(reference);
  const described = await lab.task('describe', { model: folder }, { signal });
  const shape = readFolderShape(folder);
  const available = availableMemory();
  const fits = (needed: number) => ({ needed: Math.round(needed), fits: needed <= available });
  return {
    ...{ described, reference, folder, hub: hubOf(lab, reference, folder) },
    training: { available, full: fits(fullBytes(shape)), lora: fits(loraBytes(shape)) },
  };
}

function hubOf(lab: Lab, reference: string, folder: string): Inspection['hub'] {
  const place = hubModelName(reference);
  const found = place && cachedModel(place);
  if (place && found?.folder === folder)
    return { repository: place.id, revision: place.revision, commit: found.commit };
  const added = new AddedModels(lab.dataDir).hub().find((model) => model.folder === folder);
  return added ? { repository: added.repository, revision: added.revision, commit: added.commit } : null;
}
