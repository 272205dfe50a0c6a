/** Rows from JSON Lines (an object a line, blank lines skipped) and from JSON (a list of objects). */
import { LabError } from '../lib/errors.js';
import type { TableRow } from './table.js';

const REMEDY = 'Each line is one object, such as {"prompt": …, "completion": …}.';

export function jsonLines(text: string, file: string): TableRow[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const place = `line ${i + 1}`;
    return [{ place, values: asRow(parsed(line, `${file}, ${place}`, REMEDY), `${file}, ${place}`, REMEDY) }];
  });
}

export function jsonList(text: string, file: string): TableRow[] {
  const remedy = 'A .json file holds one list of objects; with an object a line it is called .jsonl.';
  const list = parsed(text, file, remedy);
  if (!Array.isArray(list)) throw new LabError('usage', `${file}: not a list of objects.`, { remedy });
  return list.map((value: unknown, i) => {
    const place = `entry ${i + 1}`;
    return { place, values: asRow(value, `${file}, ${place}`, remedy) };
  });
}

function parsed(text: string, where: string, remedy: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const [why = ''] = (cause as Error).message.split('\n');
    throw new LabError('usage', `${where}: not valid JSON (${why}).`, { cause, remedy });
  }
}

function asRow(value: unknown, where: string, remedy: string): TableRow['values'] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as TableRow['values'];
  throw new LabError('usage', `${where}: not an object.`, { remedy });
}
