/**
 * The programs researchers use read what is exported, and the record itself while a run writes it. Needs a Python with
 * pandas, pyarrow, duckdb and datasets: RZERO_PYTHON names it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FORMATS, EXPORT_KINDS, exportRun } from '../../main/exports/export-run.js';
import { Database } from '../../main/store/database.js';
import { RunRecorder } from '../../main/store/record.js';
import { createRun } from '../../main/store/runs.js';
import { recordAwkwardRun } from '../support/awkward-run.js';
import { cursorAt, temporaryDirectory, testRecipe, writeUnit } from '../support/store-fixtures.js';

const python = process.env['RZERO_PYTHON'];
const reason = python ? '' : ' (skipped: RZERO_PYTHON names no Python)';
let dir: ReturnType<typeof temporaryDirectory>;
let db: Database;
let recorder: RunRecorder;

function readWith(...args: string[]): Record<string, unknown> {
  const child = spawnSync(python ?? '', [join(import.meta.dirname, 'exports.py'), ...args], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr.slice(-2000) || String(child.error));
  return JSON.parse(child.stdout) as Record<string, unknown>;
}

describe.skipIf(!python)(`other programs${reason}`, () => {
  beforeAll(() => {
    dir = temporaryDirectory();
    db = Database.open(join(dir.path, 'data'));
    recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));
    recorder.commit(1, cursorAt(1), (target) => writeUnit(target, 5200));
    recorder.commit(2, cursorAt(2), recordAwkwardRun);
  });
  afterAll(() => {
    db.close();
    dir.remove();
  });

  // Would catch: files that only the writer's own reader accepts, types pandas or Arrow guess wrong, row groups lost.
  it('read equal rows from every export in every format', async () => {
    const rows: Record<string, number> = {};
    for (const what of EXPORT_KINDS)
      for (const format of EXPORT_FORMATS) {
        const out = join(dir.path, `${what}.${format}`);
        rows[what] = (await exportRun({ db, runId: recorder.run.id, what, format, out })).rows;
      }
    expect(readWith(dir.path)).toEqual(rows);
    expect(rows['answers']).toBeGreaterThan(20_800);
  });

  // Would catch: a record that a notebook cannot open while a run goes on.
  it('read the record during a write transaction', () => {
    recorder.commit(3, cursorAt(3), (target) => {
      writeUnit({ ...target, seq: 2 }, 50);
      const found = readWith('--database', db.path) as Record<string, Record<string, number>>;
      expect(found['sqlite3']?.['question_fates']).toBe(5213);
      expect(found['duckdb']).toEqual(found['sqlite3']);
    });
  });
});
