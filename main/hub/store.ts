/**
 * The cache of Hugging Face's programs, written as they write it: contents in `blobs` by their hashes, a commit's files as
 * links in `snapshots`, what a revision was in `refs`. What is there is found by `hf` and transformers, and not fetched
 * again. Beside it `.rzero` holds partial downloads and notes which contents came through this program.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { appendFile, copyFile, link, mkdir, open, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { LabError } from '../lib/errors.js';
import { repositoryFolder } from './cache.js';
import type { HubFile, Repository } from './repository.js';

const OWN = '.rzero';
const FETCHED = 'fetched';

/** Where partial downloads of a repository lie. */
export const partialFolder = (repository: string): string => join(repository, OWN);

export function snapshotFolder(cache: string, place: Pick<Repository, 'kind' | 'id' | 'commit'>): string {
  return join(repositoryFolder(cache, place), 'snapshots', place.commit);
}

/** The place of a file that is there with the size it must have; null where it is not. */
export function fileHere(cache: string, repository: Repository, file: HubFile): string | null {
  const folder = repositoryFolder(cache, repository);
  const places = [join(snapshotFolder(cache, repository), ...file.path.split('/'))];
  // Where links could not be made, the hash of what lies there is not known.
  if (file.hash !== '') places.push(join(folder, 'blobs', file.hash));
  return places.find((place) => sizeOf(place) === file.bytes) ?? null;
}

/** Moves what was downloaded to its blob, and notes that this program brought it. @returns the path of the blob */
export async function keepBlob(
  cache: string,
  repository: Repository,
  from: { place: string; hash: string },
): Promise<string> {
  const folder = repositoryFolder(cache, repository);
  const blob = join(folder, 'blobs', from.hash);
  await mkdir(dirname(blob), { recursive: true });
  await rename(from.place, blob);
  await appendFile(join(folder, OWN, FETCHED), `${from.hash}\n`, { flush: true });
  return blob;
}

/** The file of a snapshot as a link to its blob; a second name or a copy where links cannot be made. */
export async function placeFile(cache: string, repository: Repository, file: HubFile): Promise<void> {
  const blob = join(repositoryFolder(cache, repository), 'blobs', file.hash);
  const place = join(snapshotFolder(cache, repository), ...file.path.split('/'));
  if (sizeOf(place) === file.bytes) return;
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { force: true });
  try {
    await symlink(relative(dirname(place), blob), place);
  } catch {
    await link(blob, place).catch(() => copyFile(blob, place));
  }
}

/** Notes which commit a branch or tag was. */
export async function noteRevision(cache: string, { kind, id, revision, commit }: Repository): Promise<void> {
  if (revision === commit) return;
  const ref = join(repositoryFolder(cache, { kind, id }), 'refs', ...revision.split('/'));
  await mkdir(dirname(ref), { recursive: true });
  await writeFile(ref, commit, { flush: true });
}

/** Keeps other processes of this program from the same repository. @returns how to let go */
export async function holdRepository(folder: string, id: string): Promise<() => Promise<void>> {
  const path = join(folder, OWN, 'lock');
  await mkdir(dirname(path), { recursive: true });
  for (let again = 0; ; again++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readFile(path, 'utf8').catch(() => ''));
      if (alive(owner) || again > 2) {
        throw new LabError('busy', `${id} is being fetched already, by process ${owner}.`, {
          remedy: `Wait until it is there. If no such process fetches it, delete ${path}.`,
        });
      }
      await rm(path, { force: true });
    }
  }
}

function alive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What removing a snapshot frees; null where another program brought or uses a part of it. */
export function freeable(
  cache: string,
  place: Pick<Repository, 'kind' | 'id' | 'commit'>,
): { bytes: number; blobs: string[] } | null {
  const folder = repositoryFolder(cache, place);
  const ours = new Set(textOf(join(folder, OWN, FETCHED)).split('\n'));
  const own = blobsOf(join(folder, 'snapshots', place.commit));
  if (own.length === 0 || own.some((blob) => !ours.has(basename(blob)))) return null;
  const elsewhere = new Set(
    namesIn(join(folder, 'snapshots'))
      .filter((commit) => commit !== place.commit)
      .flatMap((commit) => blobsOf(join(folder, 'snapshots', commit))),
  );
  const blobs = [...new Set(own)].filter((blob) => !elsewhere.has(blob));
  return { bytes: blobs.reduce((sum, blob) => sum + (sizeOf(blob) ?? 0), 0), blobs };
}

/** Deletes a snapshot that this program fetched, with what no other snapshot holds. @returns bytes freed */
export function removeSnapshot(cache: string, place: Pick<Repository, 'kind' | 'id' | 'commit'>): number {
  const found = freeable(cache, place);
  if (found === null) {
    throw new LabError(
      'usage',
      `The files of ${place.id} in ${cache} were fetched by another program, or it added to them.`,
      {
        remedy: 'Delete them with its own command: hf cache.',
      },
    );
  }
  const folder = repositoryFolder(cache, place);
  rmSync(join(folder, 'snapshots', place.commit), { recursive: true, force: true });
  for (const blob of found.blobs) rmSync(blob, { force: true });
  for (const ref of filesIn(join(folder, 'refs')))
    if (textOf(ref).trim() === place.commit) rmSync(ref, { force: true });
  if (namesIn(join(folder, 'snapshots')).length === 0) rmSync(folder, { recursive: true, force: true });
  return found.bytes;
}

function blobsOf(snapshot: string): string[] {
  return filesIn(snapshot).flatMap((place) => {
    try {
      return [realpathSync(place)];
    } catch {
      return [];
    }
  });
}

/** What a failure to write there means; every other error as it is. */
export function cacheError(error: unknown, cache: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LabError('disk', `The disk of ${cache} is full.`, {
      cause: error,
      remedy: 'Make room and add the model again: what came is kept, and fetching goes on from there.',
    });
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR') {
    return new LabError('disk', `Nothing can be written in ${cache} (${code}).`, {
      cause: error,
      remedy: 'Make it writable, or set HF_HUB_CACHE to another folder.',
    });
  }
  return error;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}
