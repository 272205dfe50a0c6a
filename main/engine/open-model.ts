/** The model a task asks for: one that ships, a Hugging Face folder, or what a role of a run has become. */
import { existsSync } from 'node:fs';
import { LabError } from '../lib/errors.js';
import { describeModelFolder, loadModelFolder } from '../model/folder.js';
import type { ModelConfig } from '../model/config.js';
import type { LanguageModel } from '../model/language-model.js';
import type { Parameters } from '../model/parameters.js';
import { readParameters } from '../model/weights.js';
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import { CheckpointFiles } from '../store/checkpoint-files.js';
import { isZeroData } from '../store/corrections.js';
import { Database } from '../store/database.js';
import { findRun } from '../store/runs.js';
import { modelFolder } from './model-source.js';
import { domainToRead } from './run-domain.js';

export interface ModelRequest {
  readonly model: string;
  readonly dataDir: string;
  readonly checkpoint: 'last' | 'best';
  readonly role: 'solver' | 'challenger';
}

export interface OpenedModel {
  readonly model: LanguageModel;
  /** The recipe of the run, where the model is a run's. */
  readonly recipe: Recipe | null;
  /** As the run keeps it, where the model is a run's. */
  readonly domain: DomainDescription | null;
  /** Of the run; null where the model is none of a run. */
  readonly zeroData: boolean | null;
}

export async function openModel(request: ModelRequest): Promise<OpenedModel> {
  if (request.model.startsWith('builtin:') || existsSync(request.model)) {
    return { model: await loadModelFolder(modelFolder(request.model)), recipe: null, domain: null, zeroData: null };
  }
  return openRunModel(request);
}

async function openRunModel({ model: query, dataDir, checkpoint, role }: ModelRequest): Promise<OpenedModel> {
  const db = Database.open(dataDir, { mode: 'read' });
  try {
    const run = findRun(db, query);
    const files = new CheckpointFiles(db, run);
    const newest = async (): Promise<string> => {
      const found = await (checkpoint === 'best' ? files.bestValid() : files.latestValid());
      // Where one model plays both roles it is kept as the Solver.
      const weights = found?.files[run.recipe.roles === 'one' ? 'solver' : role];
      if (weights !== undefined) return weights;
      throw new LabError(
        'not-found',
        `Run ${run.name} has no ${checkpoint === 'best' ? 'best ' : ''}checkpoint of its ${role}.`,
        { remedy: 'A run at work will have one soon; where they were pruned, run it again, or name a model folder.' },
      );
    };
    // First, so that little time lies between finding the weights and reading them.
    const description = await describeModelFolder(modelFolder(run.recipe.model));
    return {
      model: { ...description, parameters: await readLiving(newest, description.config) },
      // A run of an older version has fewer keys.
      recipe: recipeSchema.parse(run.recipe),
      domain: domainToRead(db, run),
      zeroData: isZeroData(db, run.number),
    };
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'not-found') throw error;
    throw new LabError(
      'not-found',
      `"${query}" is neither builtin:nano nor a model folder nor a run. ${error.message}`,
      {
        cause: error,
        ...(error.remedy !== undefined && { remedy: error.remedy }),
      },
    );
  } finally {
    db.close();
  }
}

/** Reads weights that a run at work may replace at any time: where they vanish meanwhile, there are newer ones. */
async function readLiving(newest: () => Promise<string>, config: ModelConfig): Promise<Parameters> {
  let path: string | null = null;
  try {
    path = await newest();
    return await readParameters(path, config);
  } catch (error) {
    const vanished = path === null ? error instanceof LabError && error.code === 'disk' : !existsSync(path);
    if (!vanished) throw error;
    return readParameters(await newest(), config);
  }
}
