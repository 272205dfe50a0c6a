/**
 * One TensorFlow installation in the user's cache, shared by all clones: fetched, compiled and tried in a folder beside
 * its place, then renamed into it. Killed anywhere, it leaves a folder that the next start throws away.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileUnits, findCompiler, linkBinding, sourcesHash } from './binding.mjs';
import { filesUnder, readJson, sha256, swapFolder, syncPath, writeJson } from './files.mjs';
import { withLock } from './lock.mjs';
import { cacheDir } from './paths.mjs';
import { lastWords, run } from './process.mjs';
import { say, SetupError, timed } from './report.mjs';
import { HEADER_FILES, LIBRARY_FILES, TENSORFLOW_VERSION } from './tensorflow-recipes.mjs';
import { downloadWheel, extractWheel, findPython, pipProblem } from './wheels.mjs';

const TRIAL = join(dirname(fileURLToPath(import.meta.url)), 'tensorflow-trial.mjs');

/** @typedef {import('./tensorflow-recipes.mjs').Recipe} Recipe */
/** @typedef {{ binding: string, version: string, device: 'cpu' | 'cuda', source: 'wheel' | 'official', addFunction: boolean }} Installed */

/** @param {string} root @param {Recipe} recipe */
function installFolder(root, recipe) {
  const hash = sha256(JSON.stringify([recipe, LIBRARY_FILES, HEADER_FILES, sourcesHash(root)])).slice(0, 12);
  const name = `${TENSORFLOW_VERSION}-${recipe.device}-${process.platform}-${process.arch}-${hash}`;
  return join(cacheDir(), 'tensorflow', name);
}

/** @param {string} root @param {Recipe} recipe @returns {Promise<Installed>} */
export async function installTensorFlow(root, recipe) {
  const folder = installFolder(root, recipe);
  return withLock(
    `${folder}.lock`,
    async () => {
      if (isWhole(folder)) {
        try {
          return await tryInstalled(folder, recipe);
        } catch (error) {
          say(`The TensorFlow in ${folder} does not work any more (${reasonOf(error)}); making it again.`);
        }
      }
      await make(root, recipe, folder);
      return tryInstalled(folder, recipe);
    },
    { onWait: ({ pid }) => say(`Waiting for process ${pid}, which is setting up TensorFlow …`) },
  );
}

/** Every library is there with the size it had when it was tried. @param {string} folder */
export function isWhole(folder) {
  const record = readJson(join(folder, 'install.json'));
  if (!record?.files) return false;
  return Object.entries(record.files).every(([name, size]) => {
    const path = join(folder, name);
    return existsSync(path) && statSync(path).size === size;
  });
}

/** @param {string} root @param {Recipe} recipe @param {string} folder */
async function make(root, recipe, folder) {
  const python = findPython();
  if (python === null) throw new SetupError('Python with pip was not found');
  const compiler = findCompiler();
  if (compiler === null) throw new SetupError('no C++ compiler was found');
  const problem = await pipProblem(python);
  if (problem !== null) throw new SetupError(problem);
  checkDisk(dirname(folder), recipe);
  const megabytes = recipe.wheels.reduce((sum, wheel) => sum + wheel.megabytes, 0);
  say(
    `Setting up TensorFlow ${TENSORFLOW_VERSION} for ${recipe.device === 'cuda' ? 'CUDA' : 'the CPU'} (once for all clones, ${megabytes} MB) …`,
  );

  removeLeftovers(folder);
  const work = `${folder}.making-${process.pid}`;
  const install = join(work, 'install');
  try {
    mkdirSync(install, { recursive: true });
    /** @type {Promise<string[]> | undefined} */
    let objects;
    const compileNow = () => {
      objects ??= compileUnits({
        root,
        compiler,
        folder: join(work, 'sources'),
        tensorflowHeaders: join(install, 'tensorflow', 'include'),
      });
      objects.catch(() => undefined); // Reported where it is awaited.
    };
    for (const [index, wheel] of recipe.wheels.entries()) {
      const label = `${wheel.name} ${wheel.version} (${index + 1}/${recipe.wheels.length})`;
      const file = await timed(`fetch ${wheel.name}`, () =>
        downloadWheel(wheel, { python, folder: join(work, 'wheel'), label }),
      );
      await timed(`unpack ${wheel.name}`, () =>
        extractWheel({
          python,
          wheel: file,
          sha256: wheel.sha256,
          destination: install,
          patterns: [HEADER_FILES.join('|'), LIBRARY_FILES.join('|')],
          // TensorFlow comes first in every recipe, so the first headers are the ones to compile with.
          onPattern: (pattern) => pattern === 0 && compileNow(),
        }),
      );
      rmSync(join(work, 'wheel'), { recursive: true, force: true });
    }
    await timed('compile', async () => {
      if (objects === undefined) throw new SetupError('the wheel has no headers');
      await linkBinding({
        compiler,
        objects: await objects,
        libraries: librariesOf(install),
        output: join(install, 'tfjs_binding.node'),
      });
    });
    rmSync(join(install, 'tensorflow', 'include'), { recursive: true, force: true });
    const binding = join(install, 'tfjs_binding.node');
    const trial = await timed('trial', () => tryBinding(binding, recipe.device));
    const files = Object.fromEntries(
      filesUnder(install).map((path) => [path.slice(install.length + 1), statSync(path).size]),
    );
    writeJson(join(install, 'install.json'), { ...trial, device: recipe.device, files });
    syncPath(binding);
    syncPath(install);
    swapFolder(install, folder);
    syncPath(dirname(folder));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {Recipe} recipe @returns {Promise<Installed>} */
async function tryInstalled(folder, recipe) {
  const binding = join(folder, 'tfjs_binding.node');
  const { version, functions } = await tryBinding(binding, recipe.device);
  return { binding, version, device: recipe.device, source: 'wheel', addFunction: functions };
}

/**
 * @param {string} binding @param {'cpu' | 'cuda'} device
 * @returns {Promise<{ version: string, gpu: boolean, functions: boolean }>}
 */
export async function tryBinding(binding, device) {
  const result = await run(process.execPath, [TRIAL, binding, device], {
    // A GPU newer than the wheel compiles its kernels on first use, which takes minutes.
    timeoutMs: device === 'cuda' ? 600_000 : 120_000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: device === 'cuda' ? '1' : '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
  });
  const answer = result.ok ? result.output.split('\n').findLast((line) => line.startsWith('{')) : undefined;
  if (answer !== undefined) return JSON.parse(answer);
  const ended = result.timedOut
    ? 'it did not answer in time'
    : result.signal
      ? `it ended by ${result.signal}`
      : (driverWords(result.output) ?? lastWords(result.output));
  throw new SetupError(`its trial failed: ${ended}`);
}

/** @param {string} install */
function librariesOf(install) {
  const folder = join(install, 'tensorflow');
  return readdirSync(folder)
    .filter((name) => name.startsWith('libtensorflow'))
    .map((name) => join(folder, name));
}

/** What killed processes left; we hold the lock, so nobody is at work in them. @param {string} folder */
function removeLeftovers(folder) {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (path.startsWith(`${folder}.making-`) || path.startsWith(`${folder}.old-`))
      rmSync(path, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {Recipe} recipe */
function checkDisk(folder, recipe) {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= recipe.diskGigabytes) return;
  throw new SetupError(`${folder} has ${free.toFixed(1)} GB free, and ${recipe.diskGigabytes} GB are needed`);
}

/** @param {unknown} error */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/** What TensorFlow itself logged about a GPU it could not use. @param {string} output */
function driverWords(output) {
  const line = output.split('\n').find((text) => /Cannot dlopen|CUDA_ERROR|cuInit|driver version/i.test(text));
  return line
    ?.replace(/^.*?\] /, '')
    .trim()
    .slice(0, 200);
}
