/** What SQLite's error codes mean to a person. Errors that are already the lab's own pass through. */
import { LabError } from '../lib/errors.js';

const NO_PLACE = new Set(['SQLITE_CANTOPEN', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOENT']);
const DAMAGED = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

export function translateDatabaseError(error: unknown, path: string): unknown {
  if (error instanceof LabError) return error;
  const { code, message } = facts(error);
  if (code === 'SQLITE_FULL')
    return new LabError('disk', `The disk is full: ${path} cannot grow.`, {
      cause: error,
      remedy: 'Free some space, then resume the run; everything committed before is kept.',
    });
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
    return new LabError('database', `The database ${path} is locked: another process has been writing for too long.`, {
      cause: error,
      remedy: 'Wait for it or close it (an open database browser is a common cause), then try again.',
    });
  if (DAMAGED.has(code))
    return new LabError('database', `The database ${path} is damaged or is no database (${message}).`, {
      cause: error,
      remedy: `Move it aside with its -wal file, or recover it with: sqlite3 "${path}" .recover | sqlite3 recovered.sqlite`,
    });
  if (code === 'SQLITE_READONLY')
    return new LabError('disk', `The database ${path} is not writable.`, {
      cause: error,
      remedy: 'Check its permissions.',
    });
  if (code === 'SQLITE_IOERR')
    return new LabError('disk', `Reading or writing ${path} failed (${message}).`, {
      cause: error,
      remedy: 'Check that the disk is healthy and has space left.',
    });
  if (NO_PLACE.has(code) || message.includes('Unable to open'))
    return new LabError('database', `The database ${path} cannot be opened (${message}).`, {
      cause: error,
      remedy: 'Check that the directory exists and that you may write there, or name another with --data-dir.',
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new LabError('disk', `${path} is not writable (${code}).`, {
      cause: error,
      remedy: 'Name another directory with --data-dir.',
    });
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LabError('disk', `The disk is full: ${path} cannot be made.`, {
      cause: error,
      remedy: 'Free some space.',
    });
  return error;
}

/** Extended codes (SQLITE_IOERR_WRITE) are cut to their family. */
function facts(error: unknown): { code: string; message: string } {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    message?: unknown;
  };
  const full = typeof code === 'string' ? code : '';
  return {
    code: full.startsWith('SQLITE_') ? full.split('_').slice(0, 2).join('_') : full,
    message: String(message ?? error),
  };
}
