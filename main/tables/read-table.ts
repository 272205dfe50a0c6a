/**
 * Reads a file of rows, by its ending: JSON Lines, JSON, CSV or Parquet. Whoever needs certain columns says which are
 * missing; here a file is only refused for what it is.
 */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { LabError } from '../lib/errors.js';
import { csvRows } from './csv-rows.js';
import { jsonLines, jsonList } from './json-rows.js';
import { parquetRows } from './parquet-rows.js';
import { tableOf, type Table, type TableRow } from './table.js';
import { decodeText } from './text-file.js';

type Reader = (bytes: Uint8Array, file: string) => TableRow[] | Promise<TableRow[]>;

const ofText =
  (read: (text: string, file: string) => TableRow[]): Reader =>
  (bytes, file) =>
    read(decodeText(bytes, file), file);

const READERS: Readonly<Record<string, Reader>> = {
  '.jsonl': ofText(jsonLines),
  '.ndjson': ofText(jsonLines),
  '.json': ofText(jsonList),
  '.csv': ofText(csvRows),
  '.tsv': ofText(csvRows),
  '.parquet': parquetRows,
};

/** @throws LabError('usage') that names file, place and remedy. */
export async function readTable(file: string): Promise<Table> {
  const reader = READERS[extname(file).toLowerCase()];
  if (!reader) {
    throw new LabError('usage', `${file} is none of the formats that are read.`, {
      remedy: `Its name must end in ${Object.keys(READERS).join(', ')}.`,
    });
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new LabError('usage', `${file} cannot be read: ${why}.`, { cause, remedy: 'Name a file you may read.' });
  }
  const rows = await reader(bytes, file);
  if (rows.length === 0) {
    throw new LabError('usage', `${file} has no rows.`, { remedy: 'Put at least two of them into it.' });
  }
  return tableOf(file, rows);
}
