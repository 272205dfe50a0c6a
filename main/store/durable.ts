/** Files that are either wholly there or not at all, also after a power cut: write aside, fsync, rename, fsync. */
import { statfsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../lib/errors.js';

const PARTIAL = '.partial';

/** `write` fills the path it is given; `path` appears only when all of it is on the disk. */
export async function writeDurably(path: string, write: (path: string) => Promise<unknown>): Promise<void> {
  const partial = path + PARTIAL;
  try {
    await write(partial);
    await syncFile(partial);
    await rename(partial, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // a directory cannot be opened there; NTFS journals renames
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Codes of "no room": the disk, the quota, the process's limit on a file's size. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export function isDiskFull(error: unknown): boolean {
  return FULL.has(String((error as NodeJS.ErrnoException | null)?.code));
}

export function diskFullError(path: string, needed: number | null, cause?: unknown): LabError {
  const free = freeBytes(dirname(path));
  const facts = [
    needed === null ? null : `${megabytes(needed)} are needed`,
    free === null ? null : `${megabytes(free)} are free`,
  ];
  const note = facts.filter((f) => f !== null).join(', ');
  return new LabError('disk', `There is no room to write ${path}${note ? ` (${note})` : ''}.`, {
    cause,
    remedy: 'Free some space (rzero prune removes old checkpoints) and resume the run; earlier checkpoints are kept.',
  });
}

export function freeBytes(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
