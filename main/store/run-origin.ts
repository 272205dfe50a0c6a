/**
 * The weights a run begins with where its recipe names another run (RUN@last, RUN@best): taken when the run is made, as a second
 * name (hard link) of the checkpoint's file in the run's own directory, with their digest in the record. What happens to
 * the other run afterwards, further training, pruning, removal, cannot change or take them away.
 */
import { constants, copyFileSync, linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runModelName } from '../../preload/contract/run-model.js';
import type { Cursor } from '../../preload/contract/runs.js';
import { LabError } from '../lib/errors.js';
import { CheckpointFiles } from './checkpoint-files.js';
import { isZeroData } from './corrections.js';
import type { Database } from './database.js';
import { mapper } from './mapper.js';
import { createRun, findRun, newestRun, runDirectory, type NewRun, type RunRow } from './runs.js';

export interface RunOrigin {
  /** Id of the run the weights are of, which may be gone by now, and how it was called. */
  readonly source: string;
  readonly sourceName: string;
  readonly role: 'solver';
  readonly cursor: Cursor;
  /** The model that run began with, in the end: a shipped one or a folder. */
  readonly base: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Path within the directory of the run that begins with them. */
  readonly file: string;
  readonly zeroData: boolean;
}

const origin = mapper<RunOrigin>({
  source: 'source',
  sourceName: 'source_name',
  role: 'role',
  cursor: ['cursor', 'json'],
  base: 'base',
  sha256: 'sha256',
  bytes: 'bytes',
  file: 'file',
  zeroData: ['zero_data', 'boolean'],
});

/** As wherever a run is named; no run can be called so. */
const NEWEST = 'last';

const FILE = 'origin/solver.safetensors';

export function originOf(db: Database, run: number): RunOrigin | null {
  const row = db.get(`SELECT ${origin.select} FROM run_origins WHERE run = ?`, run);
  return row && origin.read(row);
}

/** The shipped model or folder that a run began with in the end: config and tokenizer are its. */
export function baseOfRun(db: Database, run: Pick<RunRow, 'number' | 'recipe'>): string {
  return originOf(db, run.number)?.base ?? run.recipe.model;
}

/** The same behind whatever a recipe names. */
export function baseModel(db: Database, model: string): string {
  const named = runModelName(model);
  if (!named) return model;
  return baseOfRun(db, sourceOf(db, named.run, model));
}

/** What a new run of this model would begin with, and the name it is recorded by; null where it is of no run. */
export function findOrigin(
  db: Database,
  model: string,
): { readonly model: string; readonly origin: RunOrigin; readonly path: string } | null {
  const named = runModelName(model);
  if (!named) return null;
  const source = sourceOf(db, named.run, model);
  if (source.recipe.lora) throw onlyAdapters(source);
  const weights = new CheckpointFiles(db, source).recorded('solver', { best: named.checkpoint === 'best' });
  if (!weights) throw noWeights(source, named.checkpoint);
  const { path, cursor, sha256, bytes } = weights;
  return {
    // By its id: names may change and be given again.
    model: `${source.id}@${named.checkpoint}`,
    path,
    origin: {
      ...{ source: source.id, sourceName: source.name, role: 'solver', cursor, sha256, bytes, file: FILE },
      base: baseOfRun(db, source),
      zeroData: isZeroData(db, source.number),
    },
  };
}

/**
 * A model named by `last`, which is another run tomorrow, by the id of that run; every other as it is. What is kept for
 * later is kept by this name.
 */
export function lastingModel(db: Database, model: string): string {
  const named = runModelName(model);
  return named?.run === NEWEST ? `${sourceOf(db, named.run, model).id}@${named.checkpoint}` : model;
}

function sourceOf(db: Database, run: string, model: string): RunRow {
  try {
    return (run === NEWEST ? newestRun(db) : null) ?? findRun(db, run);
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'not-found') throw error;
    throw new LabError('not-found', `The model ${model} is of a run that is not there: "${run}".`, {
      cause: error,
      remedy:
        '"rzero runs" lists them. Runs that were made from it before go on: fork one of those, or name a model folder.',
    });
  }
}

function onlyAdapters({ name }: RunRow): LabError {
  return new LabError('usage', `Run ${name} trained adapters: its checkpoints hold no whole model to begin with.`, {
    remedy: `Write it merged, "rzero export-model ${name} --out FOLDER", and name that folder.`,
  });
}

function noWeights({ name }: RunRow, checkpoint: 'last' | 'best'): LabError {
  return new LabError('not-found', `Run ${name} has no ${checkpoint} checkpoint of its Solver.`, {
    remedy:
      checkpoint === 'best'
        ? `A best one needs evaluation.guard_benchmark and a measured iteration; ${name}@last takes the newest.`
        : 'A run at work will have one soon; where they were pruned, run it again.',
  });
}

/** Makes a run; where its recipe names another run, with the weights of that, taken now, so that nothing later can change them. */
export function makeRun(db: Database, wish: NewRun): RunRow {
  const found = findOrigin(db, wish.recipe.model);
  if (!found) return createRun(db, wish);
  return db.transaction(() => {
    const run = createRun(db, { ...wish, recipe: { ...wish.recipe, model: found.model } });
    keepOrigin(db, run, found);
    return run;
  });
}

function keepOrigin(db: Database, run: RunRow, found: { readonly origin: RunOrigin; readonly path: string }): void {
  secondName(found.path, join(runDirectory(db, run.id), FILE));
  db.insertMany('run_origins', ['run', ...origin.columns], [[run.number, ...origin.values(found.origin)]]);
}

/** Gives a fork what the run it comes from began with. */
export function shareOrigin(db: Database, from: RunRow, to: RunRow): void {
  const known = originOf(db, from.number);
  if (known) keepOrigin(db, to, { origin: known, path: join(runDirectory(db, from.id), known.file) });
}

function secondName(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true });
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new LabError('busy', `${from} was deleted while it was taken.`, {
        cause: error,
        remedy: 'A run at work keeps its last checkpoints only: try again.',
      });
    }
    // A file system without hard links, or with too few of them.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
