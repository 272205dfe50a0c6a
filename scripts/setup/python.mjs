/**
 * The Python environment for agreement tests and benchmarks: made once in the user's cache, named after its
 * requirements, so that another list means another folder. RZERO_PYTHON names a ready one instead.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './files.mjs';
import { withLock } from './lock.mjs';
import { cacheDir, ROOT } from './paths.mjs';
import { lastWords, run } from './process.mjs';
import { say, SetupError } from './report.mjs';
import { findPython } from './wheels.mjs';

const REQUIREMENTS = join(ROOT, 'scripts', 'interop', 'requirements.txt');
const ALONE = join(ROOT, 'scripts', 'interop', 'alone.txt');

/** @returns {Promise<string>} the interpreter */
export async function pythonEnvironment() {
  const chosen = process.env['RZERO_PYTHON'];
  if (chosen) return chosen;
  const listed = Buffer.concat([REQUIREMENTS, ALONE].map((file) => readFileSync(file)));
  const folder = join(cacheDir(), 'python', sha256(listed).slice(0, 12));
  const interpreter = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  // An environment holds absolute paths, so it is made in its place; this file says that it is whole.
  const whole = join(folder, 'whole');
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(whole)) return;
      const python = findPython();
      if (python === null) throw new SetupError('Python 3.10 or newer with pip and venv is needed.');
      say(`Making a Python environment in ${folder} (once; PyTorch brings about 3 GB) …`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await must(python, ['-m', 'venv', folder]);
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await must(interpreter, [...install, '-r', REQUIREMENTS]);
      await must(interpreter, [...install, '--no-deps', '-r', ALONE]);
      writeFileSync(whole, '');
    },
    { onWait: ({ pid }) => say(`Waiting for process ${pid}, which is making the Python environment …`) },
  );
  return interpreter;
}

/** @param {string} command @param {string[]} args */
async function must(command, args) {
  const result = await run(command, args);
  if (!result.ok) throw new SetupError(`The Python environment could not be made: ${lastWords(result.output)}`);
}
