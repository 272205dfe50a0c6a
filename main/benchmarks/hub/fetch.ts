/** The files of a set, on this machine: from Hugging Face's cache, or downloaded from the hub. */
import { LabError } from '../../lib/errors.js';
import type { HubSource } from '../sets/set.js';
import { cachedRepository } from '../../hub/cache.js';
import { allShards, chooseFiles, convertedFiles, filesOf } from './choose.js';
import { download, hashOf } from '../../hub/download.js';
import { CONVERTED, type HubFile, openRepository, type Repository } from '../../hub/repository.js';
import type { Patience } from '../../hub/retry.js';
import type { HubSettings } from '../../hub/settings.js';

/** More than any set; what is larger was not meant. */
const LARGEST = 400 * 2 ** 20;

export interface FetchHow {
  readonly settings: HubSettings;
  readonly patience: Patience;
  /** Where partial downloads are kept. */
  readonly folder: string;
  readonly revision?: string | undefined;
  readonly config?: string | undefined;
  readonly split?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Before the first byte: what will be fetched. */
  readonly onFound?: (files: readonly HubFile[], repository: Repository) => void;
  readonly onBytes?: (done: number, total: number) => void;
  readonly onWait?: (why: string, milliseconds: number) => void;
}

export interface Fetched {
  readonly from: 'cache' | 'hub';
  readonly id: string;
  readonly revision: string;
  readonly commit: string;
  /** `place` is where a file lies now, `path` its path in the repository. */
  readonly files: readonly { readonly place: string; readonly path: string }[];
}

type Source = HubSource | { readonly id: string };

/** Null where the cache lacks it, or holds something else than its names say. */
export async function fromCache(source: Source, how: FetchHow): Promise<Fetched | null> {
  const { id } = source;
  const revision = how.revision ?? 'main';
  const repository = cachedRepository(how.settings, { kind: 'dataset', id, revision });
  if (repository === null) return null;
  const files = chosen(source, repository.files, how);
  if (files === null || files.length === 0 || !allShards(files)) return null;
  for (const file of files) {
    if (file.hash !== '' && (await hashOf(file.place, file)) !== file.hash) return null;
  }
  return { from: 'cache', id, revision, commit: repository.commit, files };
}

export async function fromHub(source: Source, how: FetchHow): Promise<Fetched> {
  const { id } = source;
  const { settings, revision = 'main' } = how;
  let repository = await openRepository(settings, { kind: 'dataset', id, revision }, how);
  let files = chosen(source, repository.files, how);
  if (files === null || files.length === 0) {
    repository = await openRepository(settings, { kind: 'dataset', id, revision: CONVERTED }, how);
    files =
      'files' in source
        ? convertedFiles(configOf(source, how), repository.files)
        : chooseFiles(repository.files, how, id);
  }
  if (files.length === 0) throw nothingFits(source, repository);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > LARGEST) {
    throw new LabError('usage', `The files of ${id} have ${total} bytes, more than the ${LARGEST} of any benchmark.`, {
      remedy: 'Say which part is meant with --config and --split.',
    });
  }
  how.onFound?.(files, repository);
  const places: { place: string; path: string }[] = [];
  let before = 0;
  for (const file of files) {
    const onBytes = (bytes: number): void => how.onBytes?.(before + bytes, total);
    places.push({ path: file.path, place: await download(settings, { ...how, repository, file, onBytes }) });
    before += file.bytes;
  }
  return { from: 'hub', id, revision: repository.revision, commit: repository.commit, files: places };
}

/** Null: nothing in it looks like data at all. */
function chosen<T extends { readonly path: string }>(source: Source, files: readonly T[], how: FetchHow): T[] | null {
  const own = how.config === undefined && how.split === undefined;
  if ('files' in source && own) return filesOf(source, files);
  if (!files.some(({ path }) => /\.(?:parquet|jsonl|ndjson|json|csv|tsv)$/i.test(path))) return null;
  return chooseFiles(files, how, source.id);
}

function configOf({ config, split }: HubSource, how: FetchHow): { config: string; split: string } {
  return { config: how.config ?? config, split: how.split ?? split };
}

function nothingFits({ id }: Source, { files }: Repository): LabError {
  const shown = files
    .slice(0, 20)
    .map(({ path }) => path)
    .join(', ');
  return new LabError('not-found', `${id} does not hold the files that were expected: ${shown || 'it is empty'}.`, {
    remedy: 'Name the part with --config and --split, or fetch a file yourself and name it.',
  });
}
