/**
 * A Python environment for agreement tests and benchmarks: made once in the user's cache, named after its requirements, so
 * that another list means another folder. RZERO_PYTHON (or the variable of another environment) names a ready one instead.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './files.mjs';
import { withLock } from './lock.mjs';
import { cacheDir } from './paths.mjs';
import { lastWords, run } from './process.mjs';
import { environmentNamed, VARIABLES } from './python-environments.mjs';
import { say, SetupError } from './report.mjs';
import { findPython } from './wheels.mjs';

/**
 * @param {import('./python-environments.mjs').EnvironmentName} [name]
 * @returns {Promise<string>} the interpreter
 */
export async function pythonEnvironment(name = 'peers') {
  const chosen = process.env[VARIABLES[name]];
  if (chosen) return chosen;
  const wanted = environmentNamed(name);
  const listed = Buffer.from(wanted.requirements + wanted.alone);
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
      say(`Making a Python environment in ${folder} (once; ${wanted.purpose}) …`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await must(python, ['-m', 'venv', folder]);
      const requirements = join(folder, 'requirements.txt');
      const alone = join(folder, 'alone.txt');
      writeFileSync(requirements, wanted.requirements);
      writeFileSync(alone, wanted.alone);
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await must(interpreter, [...install, '-r', requirements]);
      await must(interpreter, [...install, '--no-deps', '-r', alone]);
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
