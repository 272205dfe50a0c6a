/** A run's rows for a command that needs no engine; `last` is the newest run. Nothing is created where there is none. */
import { defaultDataDir } from '../lib/paths.js';
import { Database } from '../store/database.js';
import { findRun, newestRun, type RunRow } from '../store/runs.js';

export async function withDatabase<T>(
  dataDir: string | undefined,
  query: string,
  work: (db: Database, run: RunRow) => Promise<T>,
): Promise<T> {
  const place = dataDir ?? defaultDataDir();
  const db = Database.open(place, { existing: true });
  try {
    const newest = query === 'last' ? newestRun(db) : null;
    return await work(db, newest ?? findRun(db, query));
  } finally {
    db.close();
  }
}
