/** The model a run begins with: that of its recipe, or with the weights it took from another run when it was made. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { describeModelFolder, loadModelFolder } from '../model/folder.js';
import type { LanguageModel } from '../model/language-model.js';
import { readParameters } from '../model/weights.js';
import type { Database } from '../store/database.js';
import { fileDigest } from '../store/file-digests.js';
import { sha256, sha256OfFile } from '../lib/sha256.js';
import { baseOfRun, originOf } from '../store/run-origin.js';
import { runDirectory, type RunRow } from '../store/runs.js';
import { modelFolder } from './model-source.js';

type Options = Parameters<typeof loadModelFolder>[1];

/** The folder with config and tokenizer of a run's model. */
export function folderOfRun(db: Database, run: Pick<RunRow, 'number' | 'recipe'>): string {
  return modelFolder(baseOfRun(db, run));
}

export async function loadModelOfRun(db: Database, run: RunRow, options?: Options): Promise<LanguageModel> {
  const origin = originOf(db, run.number);
  if (!origin) return loadModelFolder(modelFolder(run.recipe.model), options);
  const path = join(runDirectory(db, run.id), origin.file);
  const found = await stat(path).catch(() => null);
  const whole = found?.size === origin.bytes && (await sha256OfFile(path)).sha256 === origin.sha256;
  if (!whole) {
    throw new LabError('disk', `${path}, the weights this run began with, ${found ? 'are damaged' : 'are missing'}.`, {
      remedy: `Put the file back (SHA-256 ${origin.sha256}), or start a new run from ${origin.sourceName}.`,
    });
  }
  const description = await describeModelFolder(folderOfRun(db, run));
  return { ...description, parameters: await readParameters(path, description.config, options?.type) };
}

/** Names the base's weights, whatever their folder is called: adapters fit no others. */
export async function baseDigest(db: Database, run: RunRow): Promise<string> {
  const origin = originOf(db, run.number);
  if (origin) return origin.sha256;
  const folder = modelFolder(run.recipe.model);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort();
  const digests = await Promise.all(files.map((name) => fileDigest(db, join(folder, name))));
  return sha256(digests.join());
}
