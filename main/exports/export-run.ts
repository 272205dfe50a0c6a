/**
 * Writes what a run recorded into a file other programs read. The file appears only when it is whole, and what it holds
 * is the record as of one moment, also while the run goes on.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HELD_OUT } from '../../preload/contract/questions.js';
import { LabError } from '../lib/errors.js';
import { isZeroData } from '../store/corrections.js';
import { Database, type SqlValue } from '../store/database.js';
import { isDiskFull, writeDurably } from '../store/durable.js';
import { findRun } from '../store/runs.js';
import { writeCsv, writeJsonl, type Cell, type RowWriter } from './formats.js';
import { writeParquet } from './parquet.js';
import { EXPORTS, type Column, type ExportKind, type ExportTable } from './tables.js';

const FORMATS = { jsonl: writeJsonl, csv: writeCsv, parquet: writeParquet } as const satisfies Record<
  string,
  RowWriter
>;
export type ExportFormat = keyof typeof FORMATS;

export const EXPORT_KINDS = Object.keys(EXPORTS) as ExportKind[];
export const EXPORT_FORMATS = Object.keys(FORMATS) as ExportFormat[];

export interface ExportRequest {
  readonly db: Database;
  /** Id, name or the beginning of an id. */
  readonly runId: string;
  /** One of EXPORT_KINDS; anything else is a usage error. */
  readonly what: string;
  /** One of EXPORT_FORMATS. */
  readonly format: string;
  readonly out: string;
  readonly overwrite?: boolean;
  /** Only questions that overlap so with a benchmark (HELD_OUT); for exports whose rows are questions. */
  readonly heldOut?: string;
}

export interface Exported {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Whether nothing a person said has changed what the run's Solver learnt from. */
  readonly zeroData: boolean;
}

export async function exportRun(request: ExportRequest): Promise<Exported> {
  const { db, runId, what, format, out, overwrite = false } = request;
  const table: ExportTable = pick(EXPORTS, what, 'export');
  const overlap = overlapOf(table, request);
  const write: RowWriter = pick(FORMATS, format, 'write the format');
  const run = findRun(db, runId);
  const path = resolve(out);
  checkTarget(path, overwrite);
  // Its own connection, so that a query that is read across awaits is in nobody's way.
  const reader = Database.open(db.dataDir, { mode: 'read' });
  try {
    let rows = 0;
    await writeDurably(path, async (partial) => {
      rows = await write(partial, table.columns, cells(reader, table, [run.number, ...overlap]));
    });
    return { path, rows, bytes: statSync(path).size, zeroData: isZeroData(reader, run.number) };
  } catch (error) {
    throw explain(error, path);
  } finally {
    reader.close();
  }
}

function pick<T extends object>(choices: T, name: string, verb: string): T[keyof T] {
  if (Object.hasOwn(choices, name)) return choices[name as keyof T];
  throw new LabError('usage', `Cannot ${verb} "${name}".`, {
    remedy: `Choose one of: ${Object.keys(choices).join(', ')}.`,
  });
}

function checkTarget(path: string, overwrite: boolean): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory())
    throw new LabError('usage', `${path} is a directory.`, { remedy: 'Name a file with --out.' });
  if (found && !overwrite)
    throw new LabError('usage', `${path} exists already.`, {
      remedy: 'Name another file with --out, or replace this one with --force.',
    });
  if (!existsSync(dirname(path)))
    throw new LabError('usage', `The directory ${dirname(path)} does not exist.`, {
      remedy: 'Make it first, or name another with --out.',
    });
}

/** The second parameter of a table that has one. */
function overlapOf({ byOverlap }: ExportTable, { what, heldOut }: ExportRequest): (string | null)[] {
  if (byOverlap) {
    if (heldOut !== undefined && !(HELD_OUT as readonly string[]).includes(heldOut))
      throw new LabError('usage', `Cannot choose questions by the overlap "${heldOut}".`, {
        remedy: `Choose one of: ${HELD_OUT.join(', ')}.`,
      });
    return [heldOut ?? null];
  }
  if (heldOut === undefined) return [];
  const kinds = EXPORT_KINDS.filter((kind) => EXPORTS[kind].byOverlap);
  throw new LabError('usage', `The export ${what} cannot be chosen by overlap with a benchmark.`, {
    remedy: `Leave --held-out away, or export one of: ${kinds.join(', ')}.`,
  });
}

function* cells(db: Database, table: ExportTable, values: readonly SqlValue[]): Generator<Cell[]> {
  for (const row of db.iterate<Record<string, string | number | null>>(table.sql, ...values))
    yield table.columns.map((column) => cellOf(column, row[column.name] ?? null));
}

function cellOf(column: Column, value: string | number | null): Cell {
  if (value === null || typeof value === 'string') return value;
  if (column.type === 'boolean') return value === 1;
  if (column.type === 'key') return BigInt(value);
  return Number.isFinite(value) ? value : null;
}

function explain(error: unknown, path: string): unknown {
  if (isDiskFull(error))
    return new LabError('disk', `There is no room to write ${path}.`, {
      cause: error,
      remedy: 'Free some space or name another place with --out.',
    });
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code))
    return new LabError('disk', `${path} cannot be written (${code}).`, {
      cause: error,
      remedy: 'Name another place with --out.',
    });
  return error;
}
