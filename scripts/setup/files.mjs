/** Small durable files, hashes and folder swaps: what the stamps of set-up are made of. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** @param {string} path @returns {any} the parsed file, or null where it is missing or damaged */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Written whole or not at all. @param {string} path @param {unknown} value */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** @param {string | Uint8Array} content */
export const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/**
 * One hash over names and contents of the files under the given paths, in an order that no file system decides.
 * @param {string} root @param {readonly string[]} paths relative to root; missing ones count as missing
 * @param {(path: string) => boolean} [keep]
 */
export function hashTree(root, paths, keep = () => true) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((entry) => filesUnder(join(root, entry))).sort()) {
    const name = relative(root, path).split(sep).join('/');
    if (!keep(name)) continue;
    hash
      .update(`${name}\0`)
      .update(sha256(readFileSync(path)))
      .update('\n');
  }
  return hash.digest('hex');
}

/** @param {string} path a file or a folder @returns {string[]} */
export function filesUnder(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesUnder(join(path, entry.name)));
  } catch {
    return [path]; // ENOTDIR: a file
  }
}

/**
 * Puts a finished folder in place of an old one. Killed between the two renames, the old one is gone and the next start
 * makes it again: nothing half-written is ever seen under the final name.
 * @param {string} finished @param {string} place
 */
export function swapFolder(finished, place) {
  const old = `${place}.old-${process.pid}`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(place)) renameSync(place, old);
  mkdirSync(dirname(place), { recursive: true });
  renameSync(finished, place);
  rmSync(old, { recursive: true, force: true });
}

/** Makes a rename or a new file last through a power cut, where the platform lets a folder be synced. @param {string} path */
export function syncPath(path) {
  try {
    const file = openSync(path, 'r');
    fsyncSync(file);
    closeSync(file);
  } catch {
    // Windows refuses to open folders; its renames are journalled.
  }
}
