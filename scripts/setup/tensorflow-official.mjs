/**
 * tfjs-node's own installer, for machines on which the wheel cannot be used: an older TensorFlow with a binding that
 * somebody else compiled, so without our functions. It downloads from its own host, which firewalls often close, and
 * may then wait for ever: hence the watch on its progress.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageFolder } from './binding.mjs';
import { filesUnder } from './files.mjs';
import { lastWords, run } from './process.mjs';
import { say, SetupError } from './report.mjs';
import { tryBinding } from './tensorflow-install.mjs';

const SILENCE_MS = 20_000;
const LIMIT_MS = 900_000;

/** @param {string} root @returns {Promise<import('./tensorflow-install.mjs').Installed>} */
export async function installOfficial(root) {
  const folder = packageFolder(root, '@tensorflow/tfjs-node-gpu');
  if (folder === null) throw new SetupError('@tensorflow/tfjs-node-gpu is not installed');
  let binding = findBinding(folder);
  if (binding === null) {
    say("Trying tfjs-node's own installer …");
    await runInstaller(root, folder);
    binding = findBinding(folder);
  }
  if (binding === null) throw new SetupError('it left no binding');
  try {
    const { version, functions } = await tryBinding(binding, 'cpu');
    return { binding, version, device: 'cpu', source: 'official', addFunction: functions };
  } catch (error) {
    rmSync(join(folder, 'lib'), { recursive: true, force: true });
    throw error;
  }
}

/** @param {string} root @param {string} folder */
async function runInstaller(root, folder) {
  const controller = new AbortController();
  let lastChange = Date.now();
  let lastBytes = -1;
  const watch = setInterval(() => {
    const bytes = sizeOf(join(folder, 'deps')) + sizeOf(join(folder, 'lib'));
    if (bytes !== lastBytes) [lastBytes, lastChange] = [bytes, Date.now()];
    if (Date.now() - lastChange > SILENCE_MS) controller.abort();
  }, 1_000);
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const result = await run(process.execPath, ['scripts/install.js', 'cpu', 'download'], {
    cwd: folder,
    timeoutMs: LIMIT_MS,
    signal: controller.signal,
    env: { ...process.env, PATH: path },
  });
  clearInterval(watch);
  if (controller.signal.aborted) throw new SetupError('its download host does not answer');
  if (!result.ok) throw new SetupError(lastWords(result.output));
}

/** @param {string} folder @returns {string | null} */
function findBinding(folder) {
  const lib = join(folder, 'lib');
  if (!existsSync(lib)) return null;
  const found = readdirSync(lib)
    .map((name) => join(lib, name, 'tfjs_binding.node'))
    .filter((path) => existsSync(path));
  return found[0] ?? null;
}

/** @param {string} folder */
function sizeOf(folder) {
  return filesUnder(folder).reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0);
}
