/**
 * `npm run test:interop`: agreement with the Python world (transformers, trl, datasets, pandas, duckdb), on both sides'
 * real code. A skipped test is a failure here: somebody asked for all of them.
 */
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { ensure } = await import('./setup/ensure.mjs');
const { pythonEnvironment } = await import('./setup/python.mjs');
const { ROOT } = await import('./setup/paths.mjs');
const { finish, runStages, vitestStage } = await import('./setup/stages.mjs');
const { SetupError } = await import('./setup/report.mjs');

await ensure();
const python = await pythonEnvironment().catch((/** @type {unknown} */ error) => {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
});
const args = ['--config', 'vitest.interop.config.ts', ...process.argv.slice(2)];
const count = await runStages([
  vitestStage({ name: 'agreement with Python', root: ROOT, args, env: { RZERO_PYTHON: python } }),
]);
console.log(`${count.skipped} skipped`);
finish({ ...count, failed: count.failed + count.skipped });
