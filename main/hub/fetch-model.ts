/**
 * A planned model, whole in the cache: what is missing is fetched file by file and checked, what lies there already is
 * checked too. Stopped or broken off, it keeps what came and goes on from there.
 */
import { existsSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../lib/errors.js';
import { hashOf } from './download.js';
import { bring, hold, type ModelPlan } from './plan-model.js';
import type { HubFile } from './repository.js';
import type { Retrying } from './retry.js';
import type { HubSettings } from './settings.js';
import { cacheError, fileHere, noteRevision } from './store.js';

export interface FetchProgress {
  /** Bytes of all files that are here, of how many. */
  readonly done: number;
  readonly total: number;
  /** Bytes that came over the network by now. */
  readonly fetched: number;
  /** The file that comes. */
  readonly file: string;
}

export interface FetchModelHow extends Retrying {
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** Left free, for whatever else is written meanwhile. */
const MARGIN = 64 * 2 ** 20;

/** @returns the folder of the model. @throws LabError('network' | 'disk' | 'busy') */
export async function fetchModel(settings: HubSettings, plan: ModelPlan, how: FetchModelHow): Promise<string> {
  const { repository, files, folder } = plan;
  const total = sum(files);
  await requireSpace(settings, plan);
  const release = await hold(settings, repository);
  try {
    let [done, fetched] = [0, 0];
    for (const file of files) {
      const tell = (bytes: number): void => how.onProgress?.({ done: done + bytes, total, fetched, file: file.path });
      tell(0);
      if (file.here) await discardDamaged(settings, plan, file);
      how.signal?.throwIfAborted();
      // What an earlier try left is there at the first word.
      let last: number | null = null;
      const onBytes = (bytes: number): void => {
        fetched += Math.max(0, bytes - (last ?? bytes));
        last = bytes;
        tell(bytes);
      };
      await bring(settings, { repository, file, how, onBytes });
      done += file.bytes;
    }
    await noteRevision(settings.cache, repository);
    return folder;
  } catch (error) {
    throw cacheError(error, settings.cache);
  } finally {
    await release();
  }
}

/** Bytes that are not here yet. */
export function missingBytes(files: ModelPlan['files']): number {
  return sum(files.filter(({ here }) => !here));
}

/** Null where the system does not say. */
export async function freeSpace(folder: string): Promise<number | null> {
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    const { bavail, bsize } = await statfs(place);
    return bavail * bsize;
  } catch {
    return null;
  }
}

async function requireSpace({ cache }: HubSettings, { repository, files }: ModelPlan): Promise<void> {
  const missing = missingBytes(files);
  const free = await freeSpace(cache);
  if (missing === 0 || free === null || missing + MARGIN <= free) return;
  throw new LabError('disk', `${repository.id} needs ${size(missing)} more in ${cache}, where ${size(free)} is free.`, {
    remedy: 'Make room, or set HF_HUB_CACHE to a folder on another disk.',
  });
}

/** What another program left broken is fetched again. Whose name is no hash cannot be checked. */
async function discardDamaged(settings: HubSettings, { repository }: ModelPlan, file: HubFile): Promise<void> {
  const place = fileHere(settings.cache, repository, file);
  if (place === null || file.hash === '' || (await hashOf(place, file)) === file.hash) return;
  if (settings.offline) {
    throw new LabError('model', `${place} is damaged: its content is not what its name says.`, {
      remedy: 'Unset HF_HUB_OFFLINE and add the model again: the file is then fetched anew.',
    });
  }
  for (let found: string | null = place; found !== null; found = fileHere(settings.cache, repository, file)) {
    await rm(found, { force: true });
  }
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function sum(files: readonly HubFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
