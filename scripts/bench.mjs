/**
 * `npm run bench -- [NAME] [arguments]`: measurements in test/bench/, beside their Python peers on the same machine.
 * Without a name all of them, one after the other. RZERO_PYTHON= and RZERO_VLLM_PYTHON= (empty) leave their peers out. Those of
 * SmolLM2 take its folder from the Python environment (npm run model:smollm2), or from RZERO_SMOLLM2. With --record what is
 * printed is kept in docs/benchmarks/, from which `npm run docs:benchmarks` makes docs/benchmarks.md.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { bundled } = await import('./bench/bundle.mjs');
const { record } = await import('./bench/record.mjs');
const { smollm2Folder } = await import('./models/smollm2.mjs');
const { ensure } = await import('./setup/ensure.mjs');
const { pythonEnvironment } = await import('./setup/python.mjs');
const { impossible, VARIABLES } = await import('./setup/python-environments.mjs');
const { ROOT } = await import('./setup/paths.mjs');
const { SetupError } = await import('./setup/report.mjs');
const { spawnSync } = await import('node:child_process');

const folder = join(ROOT, 'test', 'bench');
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -3));
const given = process.argv.slice(2).filter((arg) => arg !== '--record');
const recorded = process.argv.includes('--record');
const [first, ...rest] = given;
const named = first !== undefined && all.includes(first);
if (given.includes('--help') || given.includes('-h')) {
  console.log(`usage: npm run bench -- [NAME] [--record] [arguments of that benchmark]
NAME is one of ${all.join(', ')}; without it all are run, one after the other.
What a benchmark measures and takes is said at the head of its file in test/bench/.`);
  process.exit(0);
}
if (first !== undefined && !named && !first.startsWith('-')) {
  console.error(`There is no benchmark ${first}; there are ${all.join(', ')}.`);
  process.exit(2);
}
const names = named ? [first] : all;
await ensure();

/** @type {Record<string, string | undefined>} */
const env = { ...process.env };
try {
  await addPeer('peers');
  const real = names.some((name) => name.startsWith('smollm2') || name === 'device');
  if (real && impossible('vllm') === null) await addPeer('vllm');
  if (real) env['RZERO_SMOLLM2'] = await smollm2Folder(env['RZERO_PYTHON'] ?? (await pythonEnvironment()));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

let failed = 0;
for (const name of names) {
  console.log(`== ${name}`);
  const own = named ? rest : given;
  const { program, folder: made } = await bundled(join(folder, `${name}.ts`));
  const stdio = /** @type {import('node:child_process').StdioOptions} */ ([
    'inherit',
    recorded ? 'pipe' : 1,
    'inherit',
  ]);
  const { status, stdout } = spawnSync(process.execPath, [program, ...own], {
    cwd: ROOT,
    stdio,
    env,
    encoding: 'utf8',
  });
  rmSync(made, { recursive: true });
  if (status !== 0) failed += 1;
  if (!recorded) continue;
  process.stdout.write(stdout);
  if (status === 0) console.log(`kept in ${record(name, own, stdout, env) ?? 'no file: it printed no JSON'}`);
}
process.exit(failed === 0 ? 0 : 1);

/** @param {import('./setup/python-environments.mjs').EnvironmentName} name */
async function addPeer(name) {
  const variable = VARIABLES[name];
  if (env[variable] === '') delete env[variable];
  else env[variable] = await pythonEnvironment(name);
}
