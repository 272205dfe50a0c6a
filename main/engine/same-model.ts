/**
 * A run goes on with the model it began with, or not at all: the files of its folder are noted when it begins, by their hashes, and
 * held against the folder whenever it goes on. Weights that it took from another run are checked where they are read.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../lib/errors.js';
import type { Database } from '../store/database.js';
import { fileDigest } from '../store/file-digests.js';
import { modelOfRun, noteModel } from '../store/run-models.js';
import { baseOfRun, originOf } from '../store/run-origin.js';
import type { RunRow } from '../store/runs.js';
import { OF_A_MODEL } from '../studies/inputs.js';
import { modelFolder } from './model-source.js';

/** @throws LabError('model') that names the first file that is another than it was */
export async function requireSameModel(db: Database, run: Pick<RunRow, 'number' | 'name' | 'recipe'>): Promise<void> {
  const model = baseOfRun(db, run);
  const folder = modelFolder(model);
  const weights = originOf(db, run.number) === null;
  const now = await filesOf(db, folder, weights);
  const began = modelOfRun(db, run.number);
  if (!began) {
    noteModel(db, run.number, { model, files: now });
    return;
  }
  const names = [...new Set([...Object.keys(began.files), ...Object.keys(now)])].sort();
  const other = names.find((name) => began.files[name] !== now[name]);
  if (other === undefined) return;
  const what = now[other] === undefined ? 'gone' : began.files[other] === undefined ? 'new' : 'another than it was';
  const was = began.files[other];
  throw new LabError('model', `${join(folder, other)} is ${what} since the run ${run.name} began with this model.`, {
    remedy: `Put the folder back as it was${was === undefined ? '' : ` (SHA-256 of ${other}: ${was})`}, or start a new run.`,
  });
}

async function filesOf(db: Database, folder: string, weights: boolean): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter(
    (name) => OF_A_MODEL.test(name) && (weights || !/\.safetensors(?:\.index\.json)?$/.test(name)),
  );
  const files: Record<string, string> = {};
  for (const name of names.sort()) files[name] = await fileDigest(db, join(folder, name));
  return files;
}
