/**
 * Where things lie: what ships with the package, what a user's runs write, what can be fetched again. Works from source
 * and from `out/`; the environment may move the two writable places (RZERO_DATA_DIR, RZERO_CACHE_DIR).
 */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { packageRoot } from './package-root.js';

type Environment = Readonly<Record<string, string | undefined>>;
interface Machine {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

const thisMachine = (): Machine => ({ env: process.env, platform: process.platform, home: homedir() });

/** The models, recipes and benchmarks that ship. */
export function resourcesDir(): string {
  return join(packageRoot(), 'resources');
}

/** Runs and their checkpoints: never deleted by the product on its own. */
export function defaultDataDir(machine: Machine = thisMachine()): string {
  const { env, platform, home } = machine;
  if (env['RZERO_DATA_DIR']) return resolve(env['RZERO_DATA_DIR']);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'rzero-lab');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'rzero-lab');
  return join(xdg(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'rzero-lab');
}

/** Compiled and downloaded things that can be made again; scripts/setup/paths.mjs must give the same answer. */
export function cacheDir(machine: Machine = thisMachine()): string {
  const { env, platform, home } = machine;
  if (env['RZERO_CACHE_DIR']) return resolve(env['RZERO_CACHE_DIR']);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'rzero-lab');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'rzero-lab', 'Cache');
  return join(xdg(env['XDG_CACHE_HOME']) ?? join(home, '.cache'), 'rzero-lab');
}

/** The XDG specification says that a relative path is to be ignored. */
function xdg(value: string | undefined): string | null {
  return value && isAbsolute(value) ? value : null;
}
