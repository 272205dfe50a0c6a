/** Cells of a set's rows by the names of their columns, in any case, with errors that name file, row and column. */
import { fault, type Row, type Table } from '../../tables/table.js';
import { listFrom } from './lists.js';

/** A row whose columns are in lower case. */
export interface SetRow extends Row {
  /** As it is called in the file, for messages. */
  readonly named: Readonly<Record<string, string>>;
}

export interface SetTable extends Table {
  readonly rows: readonly SetRow[];
}

/** Sets differ in the case of their columns (`Problem`, `problem`); two columns that differ in nothing else cannot be told apart. */
export function setTable(table: Table): SetTable {
  // Without a prototype: a column may be called like something that every object has.
  const named = Object.create(null) as Record<string, string>;
  for (const column of table.columns) {
    const lower = column.trim().toLowerCase();
    const other = named[lower];
    if (other !== undefined) {
      throw fault(
        `${table.file} has the columns "${other}" and "${column}", which are one name.`,
        'Rename or drop one.',
      );
    }
    named[lower] = column;
  }
  const rows = table.rows.map(({ where, cells }) => ({
    where,
    named,
    cells: Object.fromEntries(Object.entries(cells).map(([name, value]) => [name.trim().toLowerCase(), value])),
  }));
  return { file: table.file, columns: Object.keys(named), rows };
}

export function has(table: SetTable, ...columns: readonly string[]): boolean {
  return columns.every((column) => table.columns.includes(column));
}

/** Whether these are all columns there are. */
export function hasOnly(table: SetTable, ...columns: readonly string[]): boolean {
  return table.columns.length === columns.length && has(table, ...columns);
}

/** What is wrong with a cell. */
export function cellFault(row: SetRow, column: string, problem: string, remedy: string): Error {
  return fault(`${row.where}: "${row.named[column] ?? column}" ${problem}.`, remedy);
}

const MISSING = 'Every row needs a question and its true answer; add it, or take the row out of the file yourself.';

/** A text that says something. */
export function textOf(row: SetRow, column: string): string {
  const value = row.cells[column];
  if (value === null || value === undefined) throw cellFault(row, column, 'is missing', MISSING);
  if (typeof value !== 'string') throw cellFault(row, column, `is ${kindOf(value)}, not text`, 'Write it as text.');
  if (value.trim() === '') throw cellFault(row, column, 'is empty', MISSING);
  return value.trim();
}

/** An answer: text, or a number as it is usually written. 27.0 is 27. */
export function answerOf(row: SetRow, column: string): string {
  const value = row.cells[column];
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return String(value);
    throw cellFault(row, column, `is ${value}, which is no number`, 'Write the answer as text.');
  }
  return textOf(row, column);
}

/** Text where there is one, else null; a cell that is neither is an error. */
export function optionalText(row: SetRow, column: string): string | null {
  const value = row.cells[column];
  if (value === null || value === undefined || value === '') return null;
  return textOf(row, column);
}

/** A list of texts: a list, or in CSV its JSON or Python spelling. */
export function listOf(row: SetRow, column: string): string[] {
  const value = row.cells[column];
  if (value === null || value === undefined) throw cellFault(row, column, 'is missing', MISSING);
  const list = typeof value === 'string' ? listFrom(value) : value;
  if (!Array.isArray(list)) {
    const what = typeof value === 'string' ? 'is text that is no list' : `is ${kindOf(value)}, not a list`;
    throw cellFault(row, column, what, 'Write it as a JSON list: ["first", "second"].');
  }
  return list.map((item: unknown, i) => {
    if (typeof item === 'string') return item.trim();
    if (typeof item === 'number' || typeof item === 'bigint') return String(item);
    throw cellFault(row, column, `holds ${kindOf(item)} at place ${i + 1}, not text`, 'Its entries are texts.');
  });
}

/** A question with a picture cannot be put to a model of text. */
export function refusePictures(row: SetRow): void {
  const column = Object.keys(row.cells).find((name) => /^image/.test(name) && row.cells[name]);
  if (column === undefined) return;
  throw cellFault(row, column, 'is a picture', 'Take the configuration without pictures (text only).');
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`;
}
