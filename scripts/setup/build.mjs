/**
 * The built programs in out/, again only when a source changed. The build goes to a folder beside it and is put in
 * place whole; the stamp is written last.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { filesUnder, hashTree, readJson, sha256, swapFolder, writeJson } from './files.mjs';
import { stampDir } from './paths.mjs';
import { run } from './process.mjs';
import { say, SetupError } from './report.mjs';

const SOURCES = [
  'main',
  'preload',
  'renderer',
  'electron.vite.config.ts',
  'tsconfig.json',
  'tsconfig.node.json',
  'tsconfig.web.json',
  'package-lock.json',
];
const PROGRAMS = ['out/main/cli.js', 'out/main/engine.js'];

/** @param {string} root */
const stampPath = (root) => join(stampDir(root), 'build.json');
/** @param {string} root */
const sourcesOf = (root) => hashTree(root, SOURCES, (name) => !name.endsWith('.test.ts'));
/** Names only: a file that went missing shows, one that was edited by hand is its editor's business. @param {string} root */
const outputsOf = (root) => sha256(filesUnder(join(root, 'out')).sort().join('\n'));

/** @param {string} root */
export function buildReady(root) {
  const stamp = readJson(stampPath(root));
  return (
    stamp !== null &&
    PROGRAMS.every((program) => existsSync(join(root, program))) &&
    stamp.outputs === outputsOf(root) &&
    stamp.sources === sourcesOf(root)
  );
}

/** @param {string} root */
export async function build(root) {
  if (buildReady(root)) return;
  say('Building …');
  const sources = sourcesOf(root);
  rmSync(stampPath(root), { force: true });
  // Ours from an earlier start that was killed: the lock says that nobody is at work in them.
  for (const name of readdirSync(root)) {
    if (name === 'out.next' || name.startsWith('out.old-')) rmSync(join(root, name), { recursive: true, force: true });
  }
  const result = await run(
    process.execPath,
    [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'],
    {
      cwd: root,
      env: { ...process.env, RZERO_OUT_DIR: 'out.next', NO_COLOR: '1' },
    },
  );
  if (!result.ok)
    throw new SetupError(
      `The build failed:\n${stripVTControlCharacters(result.output).trim().split('\n').slice(-25).join('\n')}`,
    );
  swapFolder(join(root, 'out.next'), join(root, 'out'));
  writeJson(stampPath(root), { sources, outputs: outputsOf(root) });
}
