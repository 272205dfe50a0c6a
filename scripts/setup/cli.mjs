/** Runs the built command line as a child that owns the terminal, and ends as it ends. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readJson } from './files.mjs';
import { isClone, ROOT, stampDir } from './paths.mjs';

/** @param {readonly string[]} args */
export function runCli(args) {
  const child = spawn(process.execPath, [join(ROOT, 'out', 'main', 'cli.js'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...bindingOfPackage() },
  });
  // Ctrl-C reaches the child through the terminal; what it does about it (pause, then end) decides when we end.
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`The command line could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** In a clone the product finds the binding itself; an installed package is told, since its folder may not be ours. */
function bindingOfPackage() {
  if (isClone() || process.env['RZERO_TENSORFLOW_BINDING']) return {};
  const binding = readJson(join(stampDir(), 'tensorflow.json'))?.binding;
  return binding ? { RZERO_TENSORFLOW_BINDING: String(binding) } : {};
}
