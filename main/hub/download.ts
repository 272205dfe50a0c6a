/**
 * One file of the hub, whole and checked: it grows in a partial file named by its hash, a broken download goes on where it
 * stopped, in this process or a later one, and what has come must have the size and the hash that the repository states.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { pagePath, type HubFile, type Repository } from './repository.js';
import { hostOf, reasonOf, request, type Answer } from './request.js';
import { Passing, retrying, type Retrying } from './retry.js';
import type { HubSettings } from './settings.js';

export interface Download extends Retrying {
  readonly repository: Pick<Repository, 'kind' | 'id' | 'commit'>;
  readonly file: HubFile;
  /** Where partial files lie, kept between tries. */
  readonly folder: string;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** @returns the path of the whole file, to be moved to its place */
export async function download(settings: HubSettings, how: Download): Promise<string> {
  const { file, folder } = how;
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `${file.hash}.incomplete`);
  // A whole file with a wrong hash is thrown away once: a mirror's cache may have been stale.
  for (let fresh = 0; ; fresh++) {
    if ((await sizeOf(partial)) > file.bytes) await rm(partial, { force: true });
    if ((await sizeOf(partial)) < file.bytes || file.bytes === 0)
      await retrying(() => fetchRest(settings, how, partial), how);
    if ((await hashOf(partial, file)) === file.hash) return partial;
    await rm(partial, { force: true });
    if (fresh === 1) throw differs(settings, how);
  }
}

/** Git names a content by the SHA-1 of its size and itself; large files by their SHA-256 alone. */
export async function hashOf(path: string, { hash, bytes }: Pick<HubFile, 'hash' | 'bytes'>): Promise<string> {
  const digest = hash.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  return digest.digest('hex');
}

async function fetchRest(settings: HubSettings, how: Download, partial: string): Promise<void> {
  const { repository, file, patience, signal } = how;
  const have = await sizeOf(partial);
  const page = pagePath(repository);
  const path = `${page}/resolve/${repository.commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const what = `${repository.id}: ${file.path}`;
  const answer = await request(settings, { path, headers, what, page, silenceMs: patience.silenceMs, signal });
  const handle = await open(partial, 'a');
  let came = 0;
  try {
    const from = await startOf(answer.response, { have, file });
    if (from < have) await handle.truncate(from);
    how.onBytes?.(from);
    came = await append(answer, handle, (bytes) => how.onBytes?.(from + bytes));
    await handle.sync();
    if (from + came > file.bytes) await handle.truncate(0);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LabError || error instanceof Passing || isDisk(error)) throw error;
    throw new Passing(`${hostOf(settings.endpoint)} ${reasonOf(error)}`, null, (await sizeOf(partial)) > have);
  } finally {
    answer.done();
    await handle.close();
  }
  const size = await sizeOf(partial);
  if (size < file.bytes) {
    throw new Passing(`${hostOf(settings.endpoint)} sent ${size} of ${file.bytes} bytes`, null, size > have);
  }
}

/** Where what comes belongs: behind what is there only if the server says so, byte for byte. */
async function startOf(
  response: Response,
  { have, file }: { readonly have: number; readonly file: HubFile },
): Promise<number> {
  if (response.status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    const fits = range !== null && Number(range[1]) === have && (range[3] === '*' || Number(range[3]) === file.bytes);
    if (fits) return have;
  } else if (response.status === 200) return 0;
  // 416, or a range that was not asked for: what is there does not fit what the server has.
  await response.body?.cancel().catch(() => undefined);
  if (have > 0) return 0;
  throw new Passing(`the hub answers ${response.status} with a range that does not fit`);
}

async function append(
  { response, alive }: Answer,
  handle: FileHandle,
  onBytes: (bytes: number) => void,
): Promise<number> {
  let came = 0;
  if (response.status === 416 || response.body === null || response.bodyUsed) return came;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    alive();
    await handle.write(chunk);
    came += chunk.length;
    onBytes(came);
  }
  return came;
}

function isDisk(error: unknown): boolean {
  return /^(?:ENOSPC|EDQUOT|EACCES|EROFS|EIO|EFBIG)$/.test((error as NodeJS.ErrnoException | null)?.code ?? '');
}

function differs({ endpoint }: HubSettings, { repository, file }: Download): LabError {
  return new LabError(
    'network',
    `${repository.id}: ${file.path} came twice with another content than ${hostOf(endpoint)} states.`,
    {
      remedy: 'Something in between changes it: check HF_ENDPOINT and proxies, or fetch the file elsewhere.',
    },
  );
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
