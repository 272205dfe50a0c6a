/**
 * Rows from CSV (RFC 4180): fields in quotes may hold separators, line breaks and doubled quotes. The first record names the
 * columns; the separator, comma, semicolon or tab, is the one its names are parted by. Every value is text.
 */
import { LabError } from '../lib/errors.js';
import type { TableRow } from './table.js';

interface CsvRecord {
  /** Of its first character. */
  readonly line: number;
  readonly fields: readonly string[];
}

export function csvRows(text: string, file: string): TableRow[] {
  const [head, ...records] = recordsOf(text, file, separatorOf(text));
  if (!head) return [];
  const names = head.fields.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new LabError('usage', `${file}, line ${head.line}: two columns are called "${twice}".`, {
      remedy: 'Give each column a name of its own.',
    });
  }
  return records.map(({ line, fields }) => {
    if (fields.length !== names.length) {
      throw new LabError('usage', `${file}, line ${line}: ${fields.length} fields, but ${names.length} columns.`, {
        remedy: 'A text with separators or line breaks in it stands in double quotes.',
      });
    }
    return { place: `line ${line}`, values: Object.fromEntries(names.map((name, i) => [name, fields[i]])) };
  });
}

function separatorOf(text: string): string {
  const [first = ''] = text.split('\n', 1);
  const count = (mark: string): number => first.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** One after another, without those of empty lines. */
function recordsOf(text: string, file: string, separator: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const begun = line;
    const fields: string[] = [];
    for (let ended = false; !ended; ) {
      const field = text[at] === '"' ? quoted(text, at, `${file}, line ${line}`) : plain(text, at, separator);
      fields.push(field.value);
      line += field.lines;
      at = field.end;
      ended = text[at] !== separator;
      if (!ended) at++;
    }
    if (text[at] === '\r') at++;
    if (at < text.length && text[at] !== '\n') {
      throw new LabError('usage', `${file}, line ${line}: text behind a closing quote.`, {
        remedy: 'Within quotes, a quote is written twice: "".',
      });
    }
    at++;
    line++;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begun, fields });
  }
  return records;
}

interface Field {
  readonly value: string;
  /** Behind it. */
  readonly end: number;
  readonly lines: number;
}

function plain(text: string, start: number, separator: string): Field {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end++;
  const value = text.slice(start, end);
  const cut = value.endsWith('\r') ? 1 : 0;
  return { value: value.slice(0, value.length - cut), end: end - cut, lines: 0 };
}

function quoted(text: string, start: number, where: string): Field {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) {
      throw new LabError('usage', `${where}: a quote is opened and never closed.`, {
        remedy: 'Close it; within quotes, a quote is written twice: "".',
      });
    }
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const value = text.slice(start + 1, end).replaceAll('""', '"');
  return { value, end: end + 1, lines: value.split('\n').length - 1 };
}
