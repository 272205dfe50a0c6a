/** SHA-256 of files, remembered with their size, inode and time of change: a model of many gigabytes is read once. */
import { stat } from 'node:fs/promises';
import type { Database } from './database.js';
import { sha256OfFile } from '../lib/sha256.js';

/** @param path absolute; must exist */
export async function fileDigest(db: Database, path: string): Promise<string> {
  const { size, ino, mtimeNs } = await stat(path, { bigint: true });
  const stamp = `${size} ${ino} ${mtimeNs}`;
  const known = db.get<{ sha256: string }>(
    'SELECT sha256 FROM file_digests WHERE path = ? AND stamp = ?',
    ...[path, stamp],
  );
  if (known) return known.sha256;
  const { sha256 } = await sha256OfFile(path);
  db.run('INSERT OR REPLACE INTO file_digests (path, stamp, sha256) VALUES (?, ?, ?)', path, stamp, sha256);
  return sha256;
}
