/**
 * Files and folders that are either the old ones or the whole new ones, whatever happens: written beside their target,
 * flushed to the disk, renamed. Leaves out locking: two writers of one path must be kept apart by their callers.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from './errors.js';

/** A name that says that what carries it is no whole file or folder and may be deleted once its process is gone. */
function beside(path: string): string {
  return join(dirname(path), `.${basename(path)}.unfinished-${process.pid}-${randomBytes(4).toString('hex')}`);
}

/** Writes `path` anew through `write`; until that has succeeded and reached the disk, the old file stays. */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const target = resolve(path);
  const temporary = beside(target);
  try {
    await mkdir(dirname(target), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await discard(temporary);
    throw await diskError(target, error);
  }
}

/**
 * Makes the folder `path` anew through `fill`, whose files must be flushed by `fill`. An old folder is moved aside until
 * the new one stands: no call swaps two folders at once, so a process killed just then leaves it under its other name.
 */
export async function replaceFolder(path: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const target = resolve(path);
  const temporary = beside(target);
  const old = `${temporary}-old`;
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    await syncFolder(temporary);
    await moveAway(target, old);
    try {
      await rename(temporary, target);
    } catch (error) {
      await moveAway(old, target);
      throw error;
    }
    await syncFolder(dirname(target));
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    await discard(temporary);
    // The failure of a file within names the folder people know, not the temporary one.
    throw await diskError(target, error instanceof LabError && error.code === 'disk' ? error.cause : error);
  }
}

/** Tidying up after a failure, which must not hide the failure. */
async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

async function moveAway(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** Makes a rename survive a power cut. Windows cannot open folders and journals renames itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

const DISK_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file is larger than this disk or your limit allows',
  EROFS: 'the disk is read-only',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EIO: 'the disk reports a hardware error',
  ENOTDIR: 'a part of that path is a file, not a folder',
  EEXIST: 'a part of that path is a file, not a folder',
};

/** Turns the failure of a write into an error people can act on; leaves every other error as it is. */
async function diskError(path: string, error: unknown): Promise<unknown> {
  const reason = DISK_REASONS[codeOf(error) ?? ''];
  if (reason === undefined || error instanceof LabError) return error;
  const full = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
  const free = full ? await freeSpace(dirname(path)) : null;
  return new LabError('disk', `Cannot write ${path}: ${reason}${free === null ? '' : ` (${free} free)`}.`, {
    cause: error,
    remedy: full
      ? 'Free some space (old checkpoints can be pruned) or choose another data directory; what was recorded before is intact.'
      : 'Choose a folder that you can write to.',
  });
}

async function freeSpace(folder: string): Promise<string | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return `${((bavail * bsize) / 2 ** 20).toFixed(1)} MiB`;
  } catch {
    return null;
  }
}
