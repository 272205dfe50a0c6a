/** Data that ships with the program, named by its file: resources/data/NAME.jsonl. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { resourcesDir } from '../lib/paths.js';
import { nearest } from '../lib/text.js';

const EXTENSION = '.jsonl';
const folder = (): string => join(resourcesDir(), 'data');

export function shippedData(): string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => basename(file, EXTENSION))
    .sort();
}

/** The file that a name or path means. */
export function dataFile(nameOrPath: string): string {
  const shipped = shippedData();
  if (shipped.includes(nameOrPath)) return join(folder(), nameOrPath + EXTENSION);
  if (existsSync(nameOrPath)) return nameOrPath;
  const guess = nearest(nameOrPath, shipped);
  throw new LabError('usage', `There is no data set or file called "${nameOrPath}".`, {
    remedy: `${guess ? `Did you mean ${guess}? ` : ''}Name a JSONL, JSON, CSV or Parquet file, or what ships: ${shipped.join(', ')}.`,
  });
}
