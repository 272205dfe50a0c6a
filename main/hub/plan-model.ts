/**
 * What adding a model of the hub means, before anything large is fetched: its commit, its files and their sizes, what of
 * them is here. Its config.json is read first, so that a model which this program cannot compute costs nobody gigabytes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { familyOf } from '../lib/model-families.js';
import { cachedRepository, repositoryFolder } from './cache.js';
import { download } from './download.js';
import { indexOf, smallFiles, weightFiles } from './model-files.js';
import type { ModelPlace } from './model-name.js';
import { openRepository, type HubFile, type Repository } from './repository.js';
import type { Retrying } from './retry.js';
import type { HubSettings } from './settings.js';
import { cacheError, fileHere, holdRepository, keepBlob, partialFolder, placeFile, snapshotFolder } from './store.js';

/** A card, a config or an index is smaller; what is larger is none. */
const LARGEST_TEXT = 32 * 2 ** 20;

export interface ModelPlan {
  readonly repository: Repository;
  /** Small ones first. */
  readonly files: readonly (HubFile & { readonly here: boolean })[];
  /** Where they lie together once they are here. config.json, card and index do already. */
  readonly folder: string;
}

/** @throws LabError('not-found' | 'network' | 'model') */
export async function planModel(settings: HubSettings, place: ModelPlace, how: Retrying): Promise<ModelPlan> {
  const repository = settings.offline ? fromCache(settings, place) : await openRepository(settings, place, how);
  const { id, files } = repository;
  const named = (path: string): HubFile | undefined => files.find((file) => file.path === path);
  const config = named('config.json');
  if (!config) throw lacks(id, 'config.json', 'It is no model that transformers would load: take another repository.');
  // What the repository is, says its list of files; nothing is asked of one that cannot be used.
  const index = indexOf(id, files);
  const folder = snapshotFolder(settings.cache, repository);
  const release = await hold(settings, repository);
  try {
    const text = await textOf(settings, { repository, file: config, how });
    familyOf(`${id}: config.json`, parsed(id, text));
    if (!named('tokenizer.json')) {
      throw lacks(
        id,
        'tokenizer.json',
        'Load its tokenizer with transformers, save it (save_pretrained makes tokenizer.json), and add the folder.',
      );
    }
    const card = named('README.md');
    if (card && card.bytes < LARGEST_TEXT) await textOf(settings, { repository, file: card, how });
    const weights = weightFiles(id, files, index && (await textOf(settings, { repository, file: index, how })));
    const chosen = [...smallFiles(files), ...(index ? [index] : []), ...weights];
    return {
      repository,
      folder,
      files: chosen.map((file) => ({ ...file, here: fileHere(settings.cache, repository, file) !== null })),
    };
  } catch (error) {
    throw cacheError(error, settings.cache);
  } finally {
    await release();
  }
}

/** Offline nothing is written, and nobody in the way. */
export async function hold(settings: HubSettings, repository: Repository): Promise<() => Promise<void>> {
  if (settings.offline) return () => Promise.resolve();
  try {
    return await holdRepository(repositoryFolder(settings.cache, repository), repository.id);
  } catch (error) {
    throw cacheError(error, settings.cache);
  }
}

export interface FileAsk {
  readonly repository: Repository;
  readonly file: HubFile;
  readonly how: Retrying;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Has a file in its place of the cache: fetched, or as it lies there. */
export async function bring(settings: HubSettings, { repository, file, how, onBytes }: FileAsk): Promise<void> {
  const { cache } = settings;
  if (fileHere(cache, repository, file) === null) {
    const folder = partialFolder(repositoryFolder(cache, repository));
    const place = await download(settings, { ...how, repository, file, folder, onBytes });
    await keepBlob(cache, repository, { place, hash: file.hash });
  }
  await placeFile(cache, repository, file);
}

async function textOf(settings: HubSettings, ask: FileAsk): Promise<string> {
  const { repository, file } = ask;
  if (file.bytes > LARGEST_TEXT) {
    throw new LabError(
      'model',
      `${repository.id}: ${file.path} has ${file.bytes} bytes, too many for what it should be.`,
      {
        remedy: 'Take another repository.',
      },
    );
  }
  await bring(settings, ask);
  return readFileSync(join(snapshotFolder(settings.cache, repository), file.path), 'utf8');
}

function parsed(id: string, text: string): Record<string, unknown> {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === 'object' && config !== null) return config as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new LabError('model', `${id}: config.json is not a JSON object.`, { remedy: 'Take another repository.' });
}

function fromCache(settings: HubSettings, place: ModelPlace): Repository {
  const cached = cachedRepository(settings, place);
  if (cached) return { ...place, ...cached };
  throw new LabError('network', `${place.id} is not in ${settings.cache}, and HF_HUB_OFFLINE forbids to fetch it.`, {
    remedy: 'Unset HF_HUB_OFFLINE, or copy the model here and add its folder.',
  });
}

function lacks(id: string, name: string, remedy: string): LabError {
  return new LabError('model', `${id} has no ${name}.`, { remedy });
}
