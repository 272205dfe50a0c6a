/** `npm start`: all set-up, then the sample run in the terminal. `npm start -- --seed 3` passes arguments on. */
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { ensure } = await import('./setup/ensure.mjs');
const { runCli } = await import('./setup/cli.mjs');

const args = process.argv.slice(2);
await ensure({ repeatNote: true });
runCli(args[0] === undefined || args[0].startsWith('-') ? ['run', 'nano', ...args] : ['run', ...args]);
