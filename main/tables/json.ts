/**
 * JSON Lines, and JSON that holds a list of objects: bare, or under one of the keys that public sets use. Lines end at
 * "\n" alone: U+2028 may stand inside a text.
 */
import { fault, type Row, type Table, tableOf } from './table.js';

/** Keys under which a JSON file may hold its rows: BBEH's, pandas', the hub's viewer. */
const LISTS = ['examples', 'data', 'rows'];

/** @param wanted what a line is, for the remedy */
export function readJsonLines(text: string, file: string, wanted = 'one JSON object'): Table {
  const rows = text.split('\n').flatMap((line, i): Row[] => {
    if (line.trim() === '') return [];
    const where = `${file}, line ${i + 1}`;
    let json: unknown;
    try {
      json = parsed(line);
    } catch (cause) {
      const why =
        cause instanceof RangeError
          ? `: ${cause.message}`
          : line.startsWith('\uFEFF')
            ? ': a byte-order mark inside the file, as when two files are joined'
            : '';
      throw fault(`${where}: not a line of JSON${why}.`, `Each line is ${wanted}.`, cause);
    }
    if (!isObject(json)) throw fault(`${where}: not an object.`, `Each line is ${wanted}.`);
    return [{ where, cells: json }];
  });
  return tableOf(file, rows);
}

export function readJson(text: string, file: string): Table {
  let json: unknown;
  try {
    json = parsed(text);
  } catch (cause) {
    // Many files called .json hold JSON Lines.
    if (isLines(text)) return readJsonLines(text, file);
    throw fault(`${file} is not JSON: ${(cause as Error).message}.`, 'Mend it, or download it again.', cause);
  }
  return tableOf(
    file,
    listIn(json, file).map((item, i) => {
      const where = `${file}, row ${i + 1}`;
      if (!isObject(item)) throw fault(`${where}: not an object.`, 'Each row is an object with the columns as keys.');
      // The hub's viewer wraps each row.
      return { where, cells: isObject(item['row']) ? item['row'] : item };
    }),
  );
}

function isLines(text: string): boolean {
  try {
    return isObject(parsed(text.trimStart().split('\n', 1)[0] ?? ''));
  } catch {
    return false;
  }
}

function listIn(json: unknown, file: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  const lists = isObject(json) ? LISTS.map((key) => json[key]).filter(Array.isArray) : [];
  if (lists.length === 1) return lists[0] as unknown[];
  // One object on one line is one row of JSON Lines.
  if (isObject(json) && lists.length === 0) return [json];
  throw fault(
    `${file} holds ${lists.length} lists of rows.`,
    `Give a list of objects, or an object with one of ${LISTS.join(', ')}.`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As JSON.parse. A whole number that a double cannot hold would come back as another one: it is refused. */
function parsed(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new RangeError(`the number ${value} is too large to be exact; write it as text`);
    return value;
  }) as unknown;
}
