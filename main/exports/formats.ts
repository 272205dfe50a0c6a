/**
 * File formats for rows that come one by one. Each writes to a path in constant memory and returns how many rows there
 * were. Text is UTF-8. A number that is not finite is null in all of them, because JSON has no other word for it.
 */
import { open } from 'node:fs/promises';
import { csvLine, type CsvCell } from '../lib/csv.js';
import type { Column } from './tables.js';

export type Cell = CsvCell;
export type RowWriter = (path: string, columns: readonly Column[], rows: Iterable<readonly Cell[]>) => Promise<number>;

const BUFFER_CHARACTERS = 1 << 20;

/** One JSON object a line. */
export const writeJsonl: RowWriter = (path, columns, rows) =>
  writeLines(
    path,
    rows,
    (row) => `${JSON.stringify(Object.fromEntries(columns.map((c, i) => [c.name, plain(row[i])])))}\n`,
  );

export const writeCsv: RowWriter = (path, columns, rows) =>
  writeLines(path, rows, csvLine, csvLine(columns.map((c) => c.name)));

/** A key is below 2^53, so a number holds it. */
function plain(cell: Cell | undefined): string | number | boolean | null {
  return typeof cell === 'bigint' ? Number(cell) : (cell ?? null);
}

async function writeLines(
  path: string,
  rows: Iterable<readonly Cell[]>,
  format: (row: readonly Cell[]) => string,
  head = '',
): Promise<number> {
  const file = await open(path, 'w');
  try {
    let count = 0;
    let buffer = head;
    for (const row of rows) {
      buffer += format(row);
      count++;
      if (buffer.length >= BUFFER_CHARACTERS) {
        await file.writeFile(buffer);
        buffer = '';
      }
    }
    await file.writeFile(buffer);
    return count;
  } finally {
    await file.close();
  }
}
