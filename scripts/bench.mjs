/**
 * `npm run bench -- [NAME] [arguments]`: measurements in test/bench/, beside their Python peers on the same machine.
 * Without a name all of them, one after the other. RZERO_PYTHON= (empty) measures only our side.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { ensure } = await import('./setup/ensure.mjs');
const { pythonEnvironment } = await import('./setup/python.mjs');
const { ROOT } = await import('./setup/paths.mjs');
const { spawnSync } = await import('node:child_process');

const folder = join(ROOT, 'test', 'bench');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -3));
const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && names.includes(first);
if (first !== undefined && !named && !first.startsWith('-')) {
  console.error(`There is no benchmark ${first}; there are ${names.join(', ')}.`);
  process.exit(2);
}
await ensure();
const env = { ...process.env };
if (env['RZERO_PYTHON'] === '') delete env['RZERO_PYTHON'];
else env['RZERO_PYTHON'] = await pythonEnvironment();

let failed = 0;
for (const name of named ? [first] : names) {
  console.log(`== ${name}`);
  const args = [
    join(ROOT, 'scripts', 'run-ts.mjs'),
    join(folder, `${name}.ts`),
    ...(named ? rest : process.argv.slice(2)),
  ];
  if (spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
