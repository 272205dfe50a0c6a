/**
 * The benchmarks of a person on this machine: a folder each, with its files as they came and a manifest. One place for all
 * labs, in the user's data and not in a cache, for runs that were measured with them must go on being measured with the same.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { replaceFolder } from '../../lib/atomic-file.js';
import { LabError } from '../../lib/errors.js';
import { defaultDataDir } from '../../lib/paths.js';
import { readTable } from '../../tables/read-table.js';
import { type Table, tableOf } from '../../tables/table.js';
import { type Manifest, manifestSchema } from './manifest.js';
import { sha256OfFile } from '../../lib/sha256.js';

const MANIFEST = 'benchmark.json';
const FILES = 'files';
/** Partial downloads. No benchmark's name begins with a dot. */
export const PARTIAL = '.partial';
const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** RZERO_BENCHMARKS_DIR, else `benchmarks` in the user's data folder. */
export function shelfFolder(): string {
  const own = process.env['RZERO_BENCHMARKS_DIR'];
  return own ? resolve(own) : join(defaultDataDir(), 'benchmarks');
}

export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new LabError('usage', `"${name}" cannot be the name of a benchmark.`, {
    remedy: 'Letters, digits, dots, hyphens and underscores, a letter or digit first; at most 100. Give --name.',
  });
}

/** In alphabetical order. A folder without a manifest that can be read is none. */
export function shelved(folder: string = shelfFolder()): Manifest[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .flatMap((name) => readManifest(join(folder, name)) ?? []);
}

/** By its name, or by the id of the hub it came from. */
export function findShelved(nameOrId: string, folder: string = shelfFolder()): Manifest | null {
  if (NAME.test(nameOrId)) return readManifest(join(folder, nameOrId));
  if (!nameOrId.includes('/')) return null;
  return shelved(folder).find(({ from }) => from.kind === 'hub' && from.id === nameOrId) ?? null;
}

function readManifest(place: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(place, MANIFEST), 'utf8')));
  } catch {
    return null;
  }
}

/** Its rows, once its files are what they were when it came. */
export async function shelvedTable(manifest: Manifest, folder: string = shelfFolder()): Promise<Table> {
  const tables: Table[] = [];
  for (const { path, sha256 } of manifest.files) {
    const place = join(folder, manifest.name, FILES, path);
    if (!existsSync(place) || (await sha256OfFile(place)).sha256 !== sha256) {
      const again = manifest.from.kind === 'hub' ? `rzero benchmark get ${manifest.from.id} --fresh` : 'add it again';
      throw new LabError('disk', `${place} is missing or not what it was when ${manifest.name} came.`, {
        remedy: `Fetch it again: ${again}.`,
      });
    }
    tables.push(await readTable(place));
  }
  return joined(tables);
}

/** Tables one behind the other; each row keeps the name of its file. */
export function joined(tables: readonly Table[]): Table {
  const [only] = tables;
  return tables.length === 1 && only
    ? only
    : tableOf(
        tables[0]?.file ?? '',
        tables.flatMap(({ rows }) => rows),
      );
}

/** A file to be put on the shelf: from where, and under which path. */
export interface NewFile {
  readonly place: string;
  readonly path: string;
}

/** Puts copies of files there, whole or not at all; what was there under the name is replaced. */
export async function putOnShelf(
  files: readonly NewFile[],
  about: Omit<Manifest, 'files' | 'format' | 'added'>,
  folder: string = shelfFolder(),
): Promise<Manifest> {
  const noted: Manifest['files'] = [];
  for (const { place, path } of files) {
    noted.push({ path, ...(await sha256OfFile(place)) });
  }
  const manifest: Manifest = { format: 1, ...about, files: noted, added: new Date().toISOString() };
  await replaceFolder(join(folder, about.name), async (temporary) => {
    for (const { place, path } of files) await copyFlushed(place, join(temporary, FILES, path));
    await writeFile(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  });
  return manifest;
}

async function copyFlushed(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  await handle.sync();
  await handle.close();
}

export async function takeOffShelf(name: string, folder: string = shelfFolder()): Promise<void> {
  await rm(join(folder, checkName(name)), { recursive: true, force: true });
}
