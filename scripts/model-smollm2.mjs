/** `npm run --silent model:smollm2` prints the folder of SmolLM2-135M-Instruct, which it makes the first time. */
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { pythonEnvironment } = await import('./setup/python.mjs');
const { smollm2Folder } = await import('./models/smollm2.mjs');
const { SetupError } = await import('./setup/report.mjs');

try {
  console.log(await smollm2Folder(await pythonEnvironment()));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
