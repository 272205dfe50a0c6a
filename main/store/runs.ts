/** The runs of a data directory: making, finding and describing them. What happens inside a run is record.ts. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from '../../preload/contract/recipe.js';
import { startOf, type Cursor, type RunInfo, type RunState } from '../../preload/contract/runs.js';
import type { ForkedFrom } from '../../preload/contract/steering.js';
import { LabError } from '../lib/errors.js';
import { translateDatabaseError } from './database-error.js';
import type { Database } from './database.js';
import { isZeroData } from './corrections.js';
import { readSummaries } from './metrics.js';
import { requestedPause } from './requests.js';
import { reviewsOf, usesReviews } from './review-use.js';
import { keepDomain, type RunDomain } from './run-domains.js';
import { liveOwner } from './run-lock.js';
import { storedJson } from './stored-json.js';
import { sha256 } from '../lib/sha256.js';

export interface RunRow {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly recipe: Recipe;
  readonly recipeHash: string;
  readonly seed: number;
  readonly iterations: number;
  /** As last written; `runInfo` knows whether a running one still runs. */
  readonly state: RunState;
  readonly backend: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly seq: number;
  readonly cursor: Cursor;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly activeSeconds: number;
  readonly error: string | null;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly archived: boolean;
  readonly forkedFrom: ForkedFrom | null;
}

export interface NewRun {
  /** Defaults filled in; the run's seed is the recipe's. */
  readonly recipe: Recipe;
  readonly name?: string;
  readonly versions?: Readonly<Record<string, string>>;
  /** The domain's folder, of which the run keeps a copy. */
  readonly domain?: RunDomain | null;
  /** For tests. */
  readonly now?: number;
}

/** Makes the run's row and its directory. The name defaults to the id. */
export function createRun(
  db: Database,
  { recipe, name, versions = {}, domain = null, now = Date.now() }: NewRun,
): RunRow {
  const text = JSON.stringify(recipe);
  const id = newRunId(recipe.name, now);
  const number = db.transaction(() => {
    db.insertMany(
      'runs',
      [
        'id',
        'name',
        'recipe_name',
        'recipe',
        'recipe_hash',
        'seed',
        'iterations',
        'state',
        'versions',
        'cursor',
        'created_at',
        'updated_at',
      ],
      [
        [
          id,
          name ?? id,
          recipe.name,
          text,
          sha256(text),
          recipe.seed,
          recipe.iterations,
          'created',
          JSON.stringify(versions),
        ].concat([JSON.stringify(startOf(recipe)), now, now]),
      ],
    );
    const made = Number(db.get<{ number: number }>('SELECT number FROM runs WHERE id = ?', id)?.number);
    if (domain) keepDomain(db, made, domain);
    return made;
  });
  try {
    mkdirSync(runDirectory(db, id), { recursive: true });
  } catch (error) {
    throw translateDatabaseError(error, runDirectory(db, id));
  }
  return readRun(db, number);
}

/** nano-20260102-153000-a1b2: what, when (UTC) and four random digits; sorts by time within a recipe. */
function newRunId(recipe: string, now: number): string {
  const what =
    recipe
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'run';
  const when = new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '-');
  return `${what}-${when}-${randomBytes(2).toString('hex')}`;
}

export function runDirectory(db: Database, id: string): string {
  return join(db.dataDir, 'runs', id);
}

export function readRun(db: Database, number: number): RunRow {
  const row = db.get('SELECT * FROM runs WHERE number = ?', number);
  if (!row) throw new LabError('not-found', `There is no run number ${number} in ${db.dataDir}.`);
  return {
    number,
    id: String(row.id),
    name: String(row.name),
    recipe: storedJson<Recipe>(row.recipe),
    recipeHash: String(row.recipe_hash),
    seed: Number(row.seed),
    iterations: Number(row.iterations),
    state: row.state as RunState,
    backend: row.backend as string | null,
    versions: storedJson<Record<string, string>>(row.versions),
    seq: Number(row.seq),
    cursor: storedJson<Cursor>(row.cursor),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    activeSeconds: Number(row.active_seconds),
    error: row.error as string | null,
    notes: String(row.notes),
    tags: storedJson<string[]>(row.tags),
    archived: row.archived === 1,
    forkedFrom: typeof row.forked_from === 'string' ? storedJson<ForkedFrom>(row.forked_from) : null,
  };
}

/** By id, by name, or by a prefix of the id that fits one run only; in this order. */
export function findRun(db: Database, reference: string): RunRow {
  const by = (where: string): { number: number; id: string }[] =>
    db.all<{ number: number; id: string }>(
      `SELECT number, id FROM runs WHERE ${where} ORDER BY created_at DESC, number DESC`,
      reference,
    );
  for (const found of [by('id = ?'), by('name = ?'), by('substr(id, 1, length(?1)) = ?1')]) {
    if (found.length > 1) {
      const ids = found.slice(0, 5).map((r) => r.id);
      throw new LabError(
        'usage',
        `"${reference}" fits ${found.length} runs: ${ids.join(', ')}${found.length > 5 ? ', …' : ''}.`,
        {
          remedy: 'Name one by its id.',
        },
      );
    }
    if (found[0] && reference !== '') return readRun(db, found[0].number);
  }
  throw new LabError('not-found', `There is no run "${reference}" in ${db.dataDir}.`, {
    remedy: '"rzero runs" lists them.',
  });
}

/** What people call `last`; null where there is no run. */
export function newestRun(db: Database): RunRow | null {
  const newest = db.get<{ number: number }>('SELECT number FROM runs ORDER BY created_at DESC, number DESC LIMIT 1');
  return newest ? readRun(db, newest.number) : null;
}

export function runInfo(db: Database, run: RunRow): RunInfo {
  // A process that was killed left `running` behind; its run can be resumed like a paused one.
  const state = run.state === 'running' && !liveOwner(db, run.number) ? 'paused' : run.state;
  return {
    id: run.id,
    name: run.name,
    recipe: run.recipe.name,
    seed: run.seed,
    state,
    backend: run.backend,
    cursor: run.cursor,
    iterations: run.iterations,
    createdAt: run.createdAt,
    updatedAt: run.updatedAt,
    activeSeconds: run.activeSeconds,
    directory: runDirectory(db, run.id),
    error: run.error,
    summaries: readSummaries(db, run.number),
    notes: run.notes,
    tags: [...run.tags],
    archived: run.archived,
    pausing: state === 'running' ? requestedPause(db, run.number) : null,
    reviews: {
      use: usesReviews(db, run),
      pauseAfterCurriculum: reviewsOf(run.recipe).pause_after_curriculum,
    },
    zeroData: isZeroData(db, run.number),
    forkedFrom: run.forkedFrom,
  };
}

/** Newest first. */
export function listRuns(db: Database): RunInfo[] {
  return db
    .all<{ number: number }>('SELECT number FROM runs ORDER BY created_at DESC, number DESC')
    .map(({ number }) => runInfo(db, readRun(db, number)));
}

export function setRunState(db: Database, run: number, state: RunState, error: string | null = null): void {
  db.run('UPDATE runs SET state = ?, error = ?, updated_at = ? WHERE number = ?', state, error, Date.now(), run);
}

export function setRunBackend(
  db: Database,
  run: number,
  backend: string,
  versions: Readonly<Record<string, string>>,
): void {
  db.run('UPDATE runs SET backend = ?, versions = ? WHERE number = ?', backend, JSON.stringify(versions), run);
}
