/**
 * Forgets a run: rows, checkpoints, directory. In slices with pauses between them, because a large run has a million rows and
 * the process that asks also shows a window. Interrupted, it leaves a failed run without checkpoints, which can be
 * removed again, or resumed from its very beginning: never one that goes on with half of its rows.
 */
import { rm } from 'node:fs/promises';
import { setImmediate as pause } from 'node:timers/promises';
import { startOf } from '../../preload/contract/runs.js';
import type { Database } from './database.js';
import { RunLock } from './run-lock.js';
import { readRun, runDirectory } from './runs.js';

/** About 20 ms of work. */
const SLICE = 5000;

export async function removeRun(db: Database, run: { readonly number: number; readonly id: string }): Promise<void> {
  const directory = runDirectory(db, run.id);
  const lock = RunLock.take(db, run.number, run.id);
  try {
    db.transaction(() => {
      db.run('DELETE FROM checkpoints WHERE run = ?', run.number);
      db.run(
        "UPDATE runs SET state = 'failed', error = ?, seq = 0, cursor = ?, updated_at = ? WHERE number = ?",
        'Its removal was interrupted. Remove it again.',
        JSON.stringify(startOf(readRun(db, run.number).recipe)),
        Date.now(),
        run.number,
      );
    });
    for (const { table, key } of tablesOfRuns(db)) {
      const slice = `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE run = ? LIMIT ${SLICE})`;
      while (db.run(slice, run.number) > 0) await pause();
    }
    db.run('DELETE FROM runs WHERE number = ?', run.number);
  } finally {
    lock.release();
  }
  await rm(directory, { recursive: true, force: true });
}

/**
 * Tables whose rows belong to runs, with their primary keys; questions come last, because others refer to them. What
 * people wrote is little and goes with the run's own row: their journal refuses to lose an entry before.
 */
function tablesOfRuns(db: Database): { table: string; key: string }[] {
  return db.all<{ table: string; key: string }>(
    `SELECT t.name AS "table", group_concat(c.name, ', ') AS key
       FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
      WHERE t.schema = 'main' AND t.type = 'table' AND c.pk > 0 AND t.name <> 'run_locks'
        AND t.name NOT LIKE 'review%'
        AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'run')
      GROUP BY t.name ORDER BY t.name = 'questions'`,
  );
}
