/** The files of the model that a run began with. */
import type { Database } from './database.js';
import { storedJson } from './stored-json.js';

export interface RunModelFiles {
  /** As the recipe named it; one of the hub by its commit. */
  readonly model: string;
  /** SHA-256 by the name of the file. */
  readonly files: Readonly<Record<string, string>>;
}

/** Null where none were noted: the run has not begun, or was recorded by an older version. */
export function modelOfRun(db: Database, run: number): RunModelFiles | null {
  const row = db.get<{ model: string; files: string }>('SELECT model, files FROM run_models WHERE run = ?', run);
  return row ? { model: row.model, files: storedJson<Record<string, string>>(row.files) } : null;
}

/** What a run began with stays: a second note is not taken. */
export function noteModel(db: Database, run: number, { model, files }: RunModelFiles): void {
  const text = JSON.stringify(files);
  db.run('INSERT OR IGNORE INTO run_models (run, model, files) VALUES (?, ?, ?)', run, model, text);
}

/** A fork begins with what the run it comes from began with. */
export function shareModel(db: Database, from: number, to: number): void {
  const known = modelOfRun(db, from);
  if (known) noteModel(db, to, known);
}
