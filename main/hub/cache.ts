/**
 * The cache that Hugging Face's own programs share (`models--OWNER--NAME/snapshots/COMMIT/…`): what `hf download` or a
 * Python script fetched need not be fetched again. Only read here; models are put there by `store.ts`.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HubFile, HubPlace } from './repository.js';
import type { HubSettings } from './settings.js';

export interface CachedFile extends HubFile {
  /** Where it lies on this machine. */
  readonly place: string;
}

export interface CachedRepository {
  readonly commit: string;
  readonly files: readonly CachedFile[];
}

/** A repository as the cache knows it at a revision; null where it was never fetched. Not all its files need be there. */
export function cachedRepository({ cache }: Pick<HubSettings, 'cache'>, place: HubPlace): CachedRepository | null {
  const folder = repositoryFolder(cache, place);
  const commit = cachedCommit(folder, place.revision);
  if (commit === null) return null;
  const snapshot = join(folder, 'snapshots', commit);
  const files = pathsIn(snapshot).flatMap((path) => cachedFile(snapshot, path) ?? []);
  return files.length === 0 ? null : { commit, files };
}

export function repositoryFolder(cache: string, { kind, id }: Pick<HubPlace, 'kind' | 'id'>): string {
  return join(cache, `${kind}s--${id.replace('/', '--')}`);
}

/** The commit that a revision was when it was last fetched; a full commit is itself. */
export function cachedCommit(folder: string, revision: string): string | null {
  return /^[0-9a-f]{40}$/.test(revision) ? revision : readRef(join(folder, 'refs', ...revision.split('/')));
}

function readRef(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^[0-9a-f]{40}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}

function pathsIn(folder: string, prefix = ''): string[] {
  let entries;
  try {
    entries = readdirSync(join(folder, prefix), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? pathsIn(folder, path) : [path];
  });
}

/** A link into `blobs`, whose names are hashes; where links cannot be made, a copy, whose hash is not known. */
function cachedFile(snapshot: string, path: string): CachedFile | null {
  try {
    const place = realpathSync(join(snapshot, path));
    const name = basename(place);
    const hash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name) ? name : '';
    return { path, place, bytes: statSync(place).size, hash };
  } catch {
    // A link to what is gone.
    return null;
  }
}
