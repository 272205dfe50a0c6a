/**
 * What runs are the outcome of. Two runs of one identity have equal results, so a study takes a run that is there already
 * instead of making another. A fork has none: its history was made by other rules.
 */
import type { RunState } from '../../preload/contract/runs.js';
import { UNREVIEWED_SQL } from './corrections.js';
import type { Database } from './database.js';
import { storedJson } from './stored-json.js';

export interface RunIdentity {
  readonly identity: string;
  /** What was hashed, for people. */
  readonly parts: unknown;
}

/** Written once: what a run began as stays what it is. `madeFor` names the study that made it. */
export function recordIdentity(
  db: Database,
  run: number,
  { identity, parts }: RunIdentity,
  madeFor: string | null = null,
): void {
  db.run(
    'INSERT OR IGNORE INTO run_identities (run, identity, parts, made_for) VALUES (?, ?, ?, ?)',
    ...[run, identity, JSON.stringify(parts), madeFor],
  );
}

export function hasIdentity(db: Database, run: number): boolean {
  return db.get('SELECT 1 FROM run_identities WHERE run = ?', run) !== null;
}

/** Null where none was recorded: of a fork, or of a run made before there were identities. */
export function identityOfRun(db: Database, run: number): RunIdentity | null {
  const row = db.get('SELECT identity, parts FROM run_identities WHERE run = ?', run);
  return row && { identity: String(row.identity), parts: storedJson<unknown>(row.parts) };
}

/**
 * The run of this identity that is furthest; null where there is none, or only one that failed before it did anything. One
 * whose labels people corrected although its recipe does not say so is the outcome of more than its recipe, and not taken.
 * Data to fine-tune on is part of the identity, and so are the weights of another run.
 */
export function runOfIdentity(db: Database, identity: string): { number: number; state: RunState } | null {
  return db.get<{ number: number; state: RunState }>(
    `SELECT r.number, r.state FROM run_identities i JOIN runs r ON r.number = i.run
     WHERE i.identity = ? AND r.forked_from IS NULL AND NOT (r.state = 'failed' AND r.seq = 0)
       AND (${UNREVIEWED_SQL('r.number')} OR json_extract(r.recipe, '$.reviews.use') = 1)
     ORDER BY r.state = 'finished' DESC, r.state = 'failed', r.seq DESC, r.number LIMIT 1`,
    identity,
  );
}

/** Whether a study made the run, and not a person. */
export function madeByStudy(db: Database, run: number): boolean {
  return db.get('SELECT 1 FROM run_identities WHERE run = ? AND made_for IS NOT NULL', run) !== null;
}
