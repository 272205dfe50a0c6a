import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory, testRecipe } from '../../test/support/store-fixtures.js';
import { LabError } from '../lib/errors.js';
import { Database, DATABASE_FILE } from './database.js';
import { questionKey } from './keys.js';
import { MIGRATIONS, SCHEMA_VERSION } from './migrate.js';
import { countQuestions } from './queries/questions-page.js';
import { createRun, listRuns } from './runs.js';

let dir: ReturnType<typeof temporaryDirectory>;
const file = (): string => join(dir.path, DATABASE_FILE);

beforeEach(() => {
  dir = temporaryDirectory();
});
afterEach(() => dir.remove());

function errorOf(work: () => unknown): LabError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return error as LabError;
  }
  throw new Error('nothing was thrown');
}

/** A database as the program of schema `version` left it, with one run in it. */
function databaseOf(version: number): void {
  const db = Database.open(dir.path, { schema: version });
  if (version > 0) createRun(db, { recipe: testRecipe(), name: 'old' });
  db.close();
}

/** Every object of the schema, as SQL. */
function schemaOf(db: Database): unknown[] {
  return db.all("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name");
}

describe('migrations', () => {
  // Would catch: two migrations of one number, of which the second is never done, and one that stands before an earlier one.
  it('are numbered upwards', () => {
    const versions = MIGRATIONS.map((m) => m.version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions.at(-1)).toBe(SCHEMA_VERSION);
  });

  // Would catch: a migration that only works on an empty database, loses rows, or leads to another schema than a new file.
  it.each([0, ...MIGRATIONS.map((m) => m.version).slice(0, -1)])(
    'from version %i keep the rows and reach the present schema',
    (version) => {
      databaseOf(version);
      const db = Database.open(dir.path);
      expect(db.get('PRAGMA user_version')).toMatchObject({ user_version: SCHEMA_VERSION });
      expect(listRuns(db).map((r) => r.name)).toEqual(version > 0 ? ['old'] : []);
      expect(db.all('SELECT * FROM question_fates')).toEqual([]);
      const other = temporaryDirectory();
      const fresh = Database.open(other.path);
      expect(schemaOf(db)).toEqual(schemaOf(fresh));
      fresh.close();
      other.remove();
      db.check();
      db.close();
    },
  );

  // Would catch: questions of an old run that no search finds, and steps of it without a time of day.
  it('make an old run searchable, and date its units by their events', () => {
    const old = Database.open(dir.path, { schema: 2 });
    const run = createRun(old, { recipe: testRecipe() }).number;
    for (const [item, text] of ['8-4+2', null].entries())
      old.run(
        `INSERT INTO questions (run, question, iteration, phase, step, item, seq, raw, tokens, finish, valid, invalid_reason, text)
         VALUES (?1, ?2, 1, 'curriculum', 0, ?3, 1, '', 1, 'stop', ?4 IS NOT NULL, iif(?4 IS NULL, 'cut off', NULL), ?4)`,
        ...[run, questionKey({ iteration: 1, phase: 'curriculum', step: 0, item }), item, text],
      );
    for (const [seq, name] of [
      [1, 'unit'],
      [1, 'phase'],
      [2, 'unit'],
    ] as const)
      old.run("INSERT INTO timings VALUES (?, 1, 'solver', ?, ?, ?, 1.5)", run, seq, name, seq);
    for (const [sequence, time] of [
      [0, 700],
      [1, 900],
    ] as const)
      old.run("INSERT INTO events VALUES (?, ?, 1, ?, '{}')", run, sequence, time);
    old.close();
    const db = Database.open(dir.path);
    expect(countQuestions(db, run, { search: '4+2' })).toBe(1);
    expect(countQuestions(db, run, { topic: 'sums' })).toBe(0);
    expect(db.all('SELECT name, ended_at FROM timings ORDER BY seq, name')).toEqual([
      { name: 'phase', ended_at: null },
      { name: 'unit', ended_at: 700 },
      { name: 'unit', ended_at: null },
    ]);
    db.check();
    db.close();
  });

  // Would catch: commands that will not make a database, and then refuse one that an earlier version made.
  it('are done where the database must exist already, and nothing is made where it does not', () => {
    const missing = errorOf(() => Database.open(dir.path, { existing: true }));
    expect(missing.code).toBe('not-found');
    expect(existsSync(join(dir.path, DATABASE_FILE))).toBe(false);
    databaseOf(1);
    const db = Database.open(dir.path, { existing: true });
    expect(db.get('PRAGMA user_version')).toEqual({ user_version: SCHEMA_VERSION });
    db.close();
  });

  // Would catch: a reader that changes a database it was only asked to read.
  it('are not done by a reader, who says what would', () => {
    databaseOf(1);
    const error = errorOf(() => Database.open(dir.path, { mode: 'read' }));
    expect(error.code).toBe('database');
    expect(error.message).toMatch(/has schema version 1; this program reads version \d/);
  });

  it('refuse a newer database, naming both versions', () => {
    const db = Database.open(dir.path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    for (const mode of ['read', 'write'] as const) {
      const error = errorOf(() => Database.open(dir.path, { mode }));
      expect(error.code).toBe('database');
      expect(error.message).toContain(`schema version 99; this program knows versions up to ${SCHEMA_VERSION}.`);
      expect(error.remedy).toContain('Update R-Zero Lab');
    }
  });
});

describe('a database that cannot be used', () => {
  it('because it is no database is named and left alone', () => {
    writeFileSync(file(), 'not a database, but long enough to have a header to be looked at by SQLite. '.repeat(20));
    const before = readFileSync(file());
    const error = errorOf(() => Database.open(dir.path));
    expect(error).toMatchObject({ code: 'database', message: expect.stringContaining(file()) as string });
    expect(error.message).toContain('damaged or is no database');
    expect(readFileSync(file())).toEqual(before);
  });

  it('because pages are damaged is named when it is checked', () => {
    const db = Database.open(dir.path);
    for (let i = 0; i < 50; i++) createRun(db, { recipe: testRecipe() });
    db.all('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(file());
    bytes.fill(0x5a, 8192, bytes.length - 4096);
    writeFileSync(file(), bytes);
    const error = errorOf(() => {
      const damaged = Database.open(dir.path);
      try {
        damaged.check();
      } finally {
        damaged.close();
      }
    });
    expect(error.code).toBe('database');
    expect(error.remedy).toContain('.recover');
  });

  it('because there is none is said to a reader, and nothing is made', () => {
    const error = errorOf(() => Database.open(dir.path, { mode: 'read' }));
    expect(error).toMatchObject({ code: 'not-found', remedy: expect.stringContaining('--data-dir') as string });
    expect(existsSync(file())).toBe(false);
  });

  it('because a file is in the way of its directory', () => {
    writeFileSync(join(dir.path, 'file'), '');
    expect(errorOf(() => Database.open(join(dir.path, 'file'))).message).toContain(join(dir.path, 'file'));
    mkdirSync(file());
    expect(errorOf(() => Database.open(dir.path)).code).toBe('database');
  });

  it('because it may not grow further is a full disk', () => {
    const db = Database.open(dir.path);
    db.all('PRAGMA wal_checkpoint(TRUNCATE)');
    const pages = Number(db.get<{ page_count: number }>('PRAGMA page_count')?.page_count);
    db.all(`PRAGMA max_page_count = ${pages + 1}`);
    const error = errorOf(() =>
      db.transaction(() => Array.from({ length: 50 }, () => createRun(db, { recipe: testRecipe() }))),
    );
    expect(error.code).toBe('disk');
    expect(db.inTransaction).toBe(false);
    expect(listRuns(db)).toEqual([]);
    db.close();
  });
});

describe('rows', () => {
  // Would catch: the driver's abort on booleans and its open cursor after an early end, which would hold back the log.
  it('take booleans, and reading may end early', () => {
    const db = Database.open(dir.path);
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
    db.transaction(() =>
      db.insertMany(
        't',
        ['a', 'b'],
        Array.from({ length: 1234 }, (_, i) => [i, i % 2 === 0]),
      ),
    );
    expect(db.get('SELECT count(*) AS n FROM t')).toEqual({ n: 1234 });
    for (const row of db.iterate<{ a: number }>('SELECT a FROM t ORDER BY a')) if (row.a === 3) break;
    db.run("INSERT INTO t VALUES (9999, 'x')");
    expect(db.get('PRAGMA wal_checkpoint(TRUNCATE)')).toMatchObject({ busy: 0 });
    expect([...db.iterate('SELECT a FROM t')]).toHaveLength(1235);
    db.close();
  });
});
