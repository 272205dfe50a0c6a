/** Wishes another process leaves for the one that holds a run. A request that is met is taken away. */
import type { Database } from './database.js';

export type RequestKind = 'pause';

export function requestPause(db: Database, run: number): void {
  db.run("INSERT OR REPLACE INTO requests (run, kind, created_at) VALUES (?, 'pause', ?)", run, Date.now());
}

export function hasRequest(db: Database, run: number, kind: RequestKind): boolean {
  return db.get('SELECT 1 AS found FROM requests WHERE run = ? AND kind = ?', run, kind) !== null;
}

export function clearRequests(db: Database, run: number): void {
  db.run('DELETE FROM requests WHERE run = ?', run);
}
