/** The copy of a domain's folder that a run keeps. */
import type { Database } from './database.js';
import { storedJson } from './stored-json.js';

export interface RunDomain {
  /** SHA-256 of the files. */
  readonly digest: string;
  /** Texts by the name of their file. */
  readonly files: Readonly<Record<string, string>>;
}

/** Null for runs of before there were copies. */
export function domainOfRun(db: Database, run: number): RunDomain | null {
  const row = db.get<{ digest: string; files: string }>('SELECT digest, files FROM run_domains WHERE run = ?', run);
  return row ? { digest: row.digest, files: storedJson<Record<string, string>>(row.files) } : null;
}

/** What a run began with stays: a second copy is not taken. */
export function keepDomain(db: Database, run: number, { digest, files }: RunDomain): void {
  const text = JSON.stringify(files);
  db.run('INSERT OR IGNORE INTO run_domains (run, digest, files) VALUES (?, ?, ?)', run, digest, text);
}
