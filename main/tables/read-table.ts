/**
 * Reads a table from a file, by its name's ending or, where that says nothing, by how it begins: JSON Lines, JSON, CSV, TSV
 * or Parquet. The file is read whole: tables of questions and examples are small.
 */
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { readCsv } from './csv.js';
import { readJson, readJsonLines } from './json.js';
import { readParquetTable } from './parquet.js';
import { fault, type Table } from './table.js';
import { decodeText } from './text.js';

/** Beyond it a text would not fit into one string. */
const LARGEST = 400 * 2 ** 20;
const FORMATS = 'Give JSON Lines (.jsonl), JSON, CSV, TSV or Parquet.';

/**
 * @param name what messages call the file, and whose ending says what it holds, where it lies under another
 * @throws LabError('usage') naming file, row and remedy; an empty table is one too
 */
export async function readTable(file: string, name: string = file): Promise<Table> {
  const table = await tableIn(await bytesOf(file), name);
  if (table.rows.length === 0) throw fault(`${name} has no rows.`, 'A table has a row for each question or example.');
  return table;
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const about = await stat(file);
    if (about.isDirectory()) throw new TypeError('it is a folder');
    const { size } = about;
    if (size > LARGEST) throw new RangeError(`it has ${size} bytes, at most ${LARGEST} are read`);
    return await readFile(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw fault(`${file} cannot be read: ${why}.`, `Name a file you may read. ${FORMATS}`, cause);
  }
}

async function tableIn(bytes: Uint8Array, file: string): Promise<Table> {
  if (bytes.length === 0) throw fault(`${file} is empty.`, FORMATS);
  const ending = extname(file).toLowerCase();
  const begins = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (begins.startsWith('\x1f\x8b') || begins === '\x28\xb5\x2f\xfd' || begins.startsWith('PK\x03')) {
    throw fault(`${file} is compressed.`, 'Unpack it first.');
  }
  if (begins === 'PAR1') return readParquetTable(bytes, file);
  const text = decodeText(bytes, file);
  if (ending === '.parquet') {
    throw fault(
      `${file} does not begin as a Parquet file does.`,
      'Download it again; what came may be a page of text.',
    );
  }
  switch (ending) {
    case '.csv':
      return readCsv(text, file, ',');
    case '.tsv':
      return readCsv(text, file, '\t');
    case '.json':
      return readJson(text, file);
    case '.jsonl':
    case '.ndjson':
      return readJsonLines(text, file);
    default:
      if (text.trimStart().startsWith('[')) return readJson(text, file);
      if (text.trimStart().startsWith('{')) return readJsonLines(text, file);
      throw fault(`${file}: what it holds is known neither by its ending nor by its beginning.`, FORMATS);
  }
}
