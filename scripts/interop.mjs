/**
 * `npm run test:interop`: agreement with the Python world (transformers, trl, datasets, pandas, duckdb), on both sides'
 * real code, and with a vLLM server. A skipped test is a failure here: somebody asked for all of them; only what this machine
 * cannot run at all is left out, by name.
 */
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { ensure } = await import('./setup/ensure.mjs');
const { smollm2Folder } = await import('./models/smollm2.mjs');
const { pythonEnvironment } = await import('./setup/python.mjs');
const { impossible } = await import('./setup/python-environments.mjs');
const { ROOT } = await import('./setup/paths.mjs');
const { finish, runStages, vitestStage } = await import('./setup/stages.mjs');
const { SetupError } = await import('./setup/report.mjs');

await ensure();
/** @param {unknown} error @returns {never} */
const refuse = (error) => {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
};
/** @type {Record<string, string>} */
const env = { RZERO_PYTHON: await pythonEnvironment().catch(refuse) };
env['RZERO_SMOLLM2'] = await smollm2Folder(env['RZERO_PYTHON'] ?? '').catch(refuse);
const args = ['--config', 'vitest.interop.config.ts', ...process.argv.slice(2)];
const noServer = impossible('vllm');
if (noServer === null) env['RZERO_VLLM_PYTHON'] = await pythonEnvironment('vllm').catch(refuse);
else args.push('--exclude', 'test/interop/rollout-server.test.ts');
const count = await runStages([vitestStage({ name: 'agreement with Python', root: ROOT, args, env })]);
if (noServer !== null)
  console.log(`left out: test/interop/rollout-server.test.ts, for vLLM cannot run here: ${noServer}`);
console.log(`${count.skipped} skipped`);
finish({ ...count, failed: count.failed + count.skipped });
