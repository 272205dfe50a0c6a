/** Studies in the record: what was asked for, which arms that makes, which run each arm is. */
import type { Recipe } from '../../preload/contract/recipe.js';
import type { BackendChoice } from '../../preload/contract/runs.js';
import { LabError } from '../lib/errors.js';
import type { Database, Row } from './database.js';
import type { RunIdentity } from './run-identities.js';
import { storedJson } from './stored-json.js';

export interface StudyRow {
  readonly id: string;
  readonly family: string;
  /** The base, complete. */
  readonly recipe: Recipe;
  readonly seeds: readonly number[];
  readonly backend: BackendChoice;
  readonly keepCheckpoints: boolean;
  readonly going: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ArmRow extends RunIdentity {
  readonly arm: string;
  readonly seed: number;
  readonly recipe: Recipe;
  /** The run's number in the record. */
  readonly run: number | null;
  readonly error: string | null;
}

export type NewStudy = Omit<StudyRow, 'going' | 'createdAt' | 'updatedAt'>;
export type NewArm = Omit<ArmRow, 'run' | 'error'>;

/** Makes a study, or brings one up to what is asked now. Arms that are as they were keep their runs. */
export function putStudy(db: Database, study: NewStudy, arms: readonly NewArm[]): void {
  const { id, family, recipe, seeds, backend, keepCheckpoints } = study;
  db.transaction(() => {
    const now = Date.now();
    db.run(
      `INSERT INTO studies (id, family, recipe, seeds, backend, keep_checkpoints, going, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)
       ON CONFLICT (id) DO UPDATE SET seeds = excluded.seeds, backend = excluded.backend,
         keep_checkpoints = excluded.keep_checkpoints, updated_at = excluded.updated_at`,
      ...[id, family, JSON.stringify(recipe), JSON.stringify(seeds), backend, keepCheckpoints, now, now],
    );
    const before = new Map(readArms(db, id).map((arm) => [`${arm.arm} ${arm.seed} ${arm.identity}`, arm]));
    db.run('DELETE FROM study_arms WHERE study = ?', id);
    db.insertMany(
      'study_arms',
      ['study', 'arm', 'seed', 'position', 'identity', 'recipe', 'parts', 'run', 'error'],
      arms.map((arm, position) => {
        const old = before.get(`${arm.arm} ${arm.seed} ${arm.identity}`);
        const texts = [arm.identity, JSON.stringify(arm.recipe), JSON.stringify(arm.parts)];
        return [id, arm.arm, arm.seed, position, ...texts, old?.run ?? null, old?.error ?? null];
      }),
    );
  });
}

/** Newest first. */
export function listStudies(db: Database): StudyRow[] {
  return db.all('SELECT * FROM studies ORDER BY created_at DESC, id').map(studyOf);
}

/** @throws LabError('not-found') */
export function readStudy(db: Database, id: string): StudyRow {
  const found = findStudy(db, id);
  if (found) return found;
  const ids = listStudies(db).map((study) => study.id);
  throw new LabError('not-found', `There is no study "${id}" in ${db.dataDir}.`, {
    remedy: ids.length === 0 ? 'Begin one with: rzero study main-table' : `There are: ${ids.join(', ')}.`,
  });
}

export function findStudy(db: Database, id: string): StudyRow | null {
  const row = db.get('SELECT * FROM studies WHERE id = ?', id);
  return row && studyOf(row);
}

function studyOf(row: Row): StudyRow {
  return {
    id: String(row.id),
    family: String(row.family),
    recipe: storedJson<Recipe>(row.recipe),
    seeds: storedJson<number[]>(row.seeds),
    backend: row.backend as BackendChoice,
    keepCheckpoints: row.keep_checkpoints === 1,
    going: row.going === 1,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

/** In the order in which they are run. */
export function readArms(db: Database, study: string): ArmRow[] {
  return db.all('SELECT * FROM study_arms WHERE study = ? ORDER BY position', study).map((row) => ({
    arm: String(row.arm),
    seed: Number(row.seed),
    identity: String(row.identity),
    recipe: storedJson<Recipe>(row.recipe),
    parts: storedJson<unknown>(row.parts),
    run: row.run as number | null,
    error: row.error as string | null,
  }));
}

export function setGoing(db: Database, study: string, going: boolean): void {
  db.run('UPDATE studies SET going = ?, updated_at = ? WHERE id = ?', going, Date.now(), study);
}

/** Which run an arm is from now on (null: none), and why there is none where there should be. */
export function setArmRun(
  db: Database,
  study: string,
  { arm, seed }: Pick<ArmRow, 'arm' | 'seed'>,
  { run, error = null }: { readonly run: number | null; readonly error?: string | null },
): void {
  db.run(
    'UPDATE study_arms SET run = ?, error = ? WHERE study = ? AND arm = ? AND seed = ?',
    ...[run, error, study, arm, seed],
  );
}

/** What an arm is the outcome of, once that is known: the weights it begins with were another arm's to make. */
export function setArmIdentity(db: Database, study: string, arm: NewArm): void {
  db.run(
    'UPDATE study_arms SET identity = ?, recipe = ?, parts = ? WHERE study = ? AND arm = ? AND seed = ?',
    ...[arm.identity, JSON.stringify(arm.recipe), JSON.stringify(arm.parts), study, arm.arm, arm.seed],
  );
}

export function removeStudy(db: Database, study: string): void {
  db.run('DELETE FROM studies WHERE id = ?', study);
}
