/**
 * Where set-up reads and writes. Runs before anything is installed, so it cannot share main/lib/paths.ts; a test holds
 * the two to the same answers.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone, or the folder of the installed package. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A clone carries its lockfile; a package installed by npm does not, and then its files are used as they are. */
export const isClone = (root = ROOT) => existsSync(join(root, 'package-lock.json'));

/**
 * What set-up remembers. In a clone it lies in node_modules, and `npm ci` deletes it, which is right: it is all about
 * node_modules. An installed package may belong to root, so there it lies in the user's cache.
 */
export const stampDir = (root = ROOT) =>
  isClone(root)
    ? join(root, 'node_modules', '.rzero')
    : join(cacheDir(), 'installed', createHash('sha256').update(root).digest('hex').slice(0, 12));

/**
 * @param {{ env: Record<string, string | undefined>, platform: NodeJS.Platform, home: string }} [machine]
 * @returns {string} the folder for things that can be made again, shared by every clone of this user
 */
export function cacheDir(machine = { env: process.env, platform: process.platform, home: homedir() }) {
  const { env, platform, home } = machine;
  if (env['RZERO_CACHE_DIR']) return resolve(env['RZERO_CACHE_DIR']);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'rzero-lab');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'rzero-lab', 'Cache');
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'rzero-lab');
}
