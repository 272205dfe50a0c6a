/** CSV and TSV through csv-parse: every field is text as it stands, so that "025", "1e-5" and "N/A" stay what they are. */
import { CsvError, parse } from 'csv-parse/sync';
import { fault, type Table } from './table.js';

export function readCsv(text: string, file: string, delimiter: ',' | '\t'): Table {
  let records: string[][];
  try {
    records = parse(text, { delimiter, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? `, line ${error['lines']}` : '';
    throw fault(
      `${file}${line}: not CSV: ${error instanceof Error ? error.message : String(error)}.`,
      'Fields with commas, quotes or line breaks stand in double quotes; a quote within is doubled.',
      error,
    );
  }
  const [head = [], ...body] = records;
  const columns = head.map((name) => name.trim());
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    throw fault(`${file} has two columns called "${twice}".`, 'The first line names the columns, each once.');
  }
  const rows = body.map((fields, i) => {
    const where = `${file}, row ${i + 1}`;
    if (fields.length !== columns.length) {
      throw fault(
        `${where}: ${fields.length} fields where the first line names ${columns.length} columns.`,
        'Fields with commas, quotes or line breaks stand in double quotes.',
      );
    }
    const cells = columns.map((name, c): [string, string | null] => [
      name,
      fields[c] === '' ? null : (fields[c] ?? null),
    ]);
    return { where, cells: Object.fromEntries(cells) };
  });
  return { file, columns, rows };
}
