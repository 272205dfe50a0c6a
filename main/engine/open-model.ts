/** The model a task asks for: one that ships, a Hugging Face folder, or what a role of a run has become. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hubModelName } from '../hub/model-name.js';
import { LabError } from '../lib/errors.js';
import { describeModelFolder, loadModelFolder } from '../model/folder.js';
import { readAdapter } from '../model/adapter-file.js';
import { describeAdapterFolder, loadAdapterFolder } from '../model/adapter-folder.js';
import type { LanguageModel } from '../model/language-model.js';
import { withAdapters } from '../model/lora.js';
import { asOne, type Parameters } from '../model/parameters.js';
import { readParameters } from '../model/weights.js';
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import type { LoraRecipe } from '../../preload/contract/recipe-lora.js';
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import { CheckpointFiles, type LoadedCheckpoint } from '../store/checkpoint-files.js';
import { isZeroData } from '../store/corrections.js';
import { Database } from '../store/database.js';
import { findRun, type RunRow } from '../store/runs.js';
import { isHubModelHere, modelFolder } from './model-source.js';
import { domainToRead } from './run-domain.js';
import { folderOfRun, loadModelOfRun } from './run-model.js';

export interface ModelRequest {
  readonly model: string;
  readonly dataDir: string;
  readonly checkpoint: 'last' | 'best';
  readonly role: 'solver' | 'challenger';
}

export interface OpenedModel {
  readonly model: LanguageModel;
  /** The folder of its config and tokenizer, and of the weights under an adapter. */
  readonly base: string;
  /** The recipe of the run, where the model is a run's. */
  readonly recipe: Recipe | null;
  /** As the run keeps it, where the model is a run's. */
  readonly domain: DomainDescription | null;
  /** Of the run; null where the model is none of a run. */
  readonly zeroData: boolean | null;
  /** Which checkpoint of which run; null where the model is none of a run. */
  readonly place: string | null;
}

export async function openModel(request: ModelRequest): Promise<OpenedModel> {
  if (request.model.startsWith('builtin:') || existsSync(request.model) || isHubModelHere(request.model)) {
    const folder = modelFolder(request.model);
    const { model, base } = (await openAdapterFolder(folder)) ?? { model: await loadModelFolder(folder), base: folder };
    return { model, base, recipe: null, domain: null, zeroData: null, place: null };
  }
  return openRunModel(request);
}

/** A folder that PEFT, or this program, wrote: an adapter, and its base where the folder says; null for other folders. */
async function openAdapterFolder(folder: string): Promise<{ model: LanguageModel; base: string } | null> {
  const described = await describeAdapterFolder(folder);
  if (described === null || existsSync(join(folder, 'config.json'))) return null;
  const base = [described.base, resolve(folder, described.base)].find((path) => existsSync(join(path, 'config.json')));
  if (base === undefined) {
    throw new LabError('model', `The base of the adapter in ${folder} is "${described.base}", and no folder here.`, {
      remedy: 'Set base_model_name_or_path in its adapter_config.json to the folder of that model.',
    });
  }
  const { config, adapter } = await loadAdapterFolder(folder, (await describeModelFolder(base)).config);
  const model = await loadModelFolder(base);
  return { model: { ...model, config, parameters: asOne(model.parameters, adapter) }, base };
}

async function openRunModel({ model: query, dataDir, checkpoint, role }: ModelRequest): Promise<OpenedModel> {
  const db = Database.open(dataDir, { mode: 'read' });
  try {
    const run = findRun(db, query);
    const files = new CheckpointFiles(db, run);
    let place = '';
    const newest = async (): Promise<string> => {
      const found = await (checkpoint === 'best' ? files.bestValid() : files.latestValid());
      // Where one model plays both roles it is kept as the Solver.
      const weights = found?.files[run.recipe.roles === 'one' ? 'solver' : role];
      if (found && weights !== undefined) {
        place = placeOf(run, role, found);
        return weights;
      }
      throw new LabError(
        'not-found',
        `Run ${run.name} has no ${checkpoint === 'best' ? 'best ' : ''}checkpoint of its ${role}.`,
        { remedy: 'A run at work will have one soon; where they were pruned, run it again, or name a model folder.' },
      );
    };
    // First, so that little time lies between finding the weights and reading them.
    // A run of an older version has fewer keys.
    const recipe = recipeSchema.parse(run.recipe);
    const model = recipe.lora
      ? await withAdapter(db, run, { lora: recipe.lora, newest })
      : await whole(db, run, newest);
    return {
      model,
      base: folderOfRun(db, run),
      place,
      recipe,
      domain: domainToRead(db, run),
      zeroData: isZeroData(db, run.number),
    };
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'not-found') throw error;
    throw new LabError(
      'not-found',
      `"${query}" is neither builtin:nano nor a model folder, nor a model of the hub on this machine, nor a run. ${error.message}`,
      {
        cause: error,
        ...remedyOf(query, error),
      },
    );
  } finally {
    db.close();
  }
}

/** What looks like a name of the hub may have been meant as one. */
function remedyOf(query: string, { remedy }: LabError): { remedy?: string } {
  const name = hubModelName(query);
  if (name) return { remedy: `Where it is a model of the hub: rzero model add ${name.id}` };
  return remedy === undefined ? {} : { remedy };
}

/** "Solver of nano-1 (nano-2026…) at iteration 3, evaluation, step 8 (checkpoint 236)". */
function placeOf(
  { name, id }: { readonly name: string; readonly id: string },
  role: ModelRequest['role'],
  { seq, cursor }: LoadedCheckpoint,
): string {
  const of = name === id ? id : `${name} (${id})`;
  const { iteration, phase, step } = cursor;
  const who = role === 'solver' ? 'Solver' : 'Challenger';
  return `${who} of ${of} at iteration ${iteration}, ${phase}, step ${step} (checkpoint ${seq})`;
}

async function whole(db: Database, run: RunRow, newest: () => Promise<string>): Promise<LanguageModel> {
  const description = await describeModelFolder(folderOfRun(db, run));
  return { ...description, parameters: await readLiving(newest, (path) => readParameters(path, description.config)) };
}

/** The base as the run keeps it, with a role's adapter. */
async function withAdapter(
  db: Database,
  run: RunRow,
  { lora, newest }: { readonly lora: LoraRecipe; readonly newest: () => Promise<string> },
): Promise<LanguageModel> {
  const config = withAdapters((await describeModelFolder(folderOfRun(db, run))).config, lora);
  const adapter = await readLiving(newest, (path) => readAdapter(path, config));
  const base = await loadModelOfRun(db, run, { type: lora.base_dtype });
  return { ...base, config, parameters: asOne(base.parameters, adapter) };
}

/** Reads weights that a run at work may replace at any time: where they vanish meanwhile, there are newer ones. */
async function readLiving(
  newest: () => Promise<string>,
  read: (path: string) => Promise<Parameters>,
): Promise<Parameters> {
  let path: string | null = null;
  try {
    path = await newest();
    return await read(path);
  } catch (error) {
    const vanished = path === null ? error instanceof LabError && error.code === 'disk' : !existsSync(path);
    if (!vanished) throw error;
    return read(await newest());
  }
}
