/**
 * node_modules from the lockfile, again only when the lockfile changed. The stamp is written last, so a killed install
 * is seen and repaired. What a plain `npm ci` left behind counts when npm's own record agrees with the lockfile.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, sha256, writeJson } from './files.mjs';
import { stampDir } from './paths.mjs';
import { lastWords, run, which } from './process.mjs';
import { say, SetupError } from './report.mjs';

/** @param {string} root */
const stampPath = (root) => join(stampDir(root), 'dependencies.json');
/** Native packages differ by platform, so a folder that travelled to another machine is not trusted. @param {string} root */
const wanted = (root) => ({
  lockfile: sha256(readFileSync(join(root, 'package-lock.json'))),
  platform: `${process.platform}-${process.arch}`,
});

/** @param {string} root */
export function dependenciesReady(root) {
  const stamp = readJson(stampPath(root));
  const want = wanted(root);
  return (
    stamp?.lockfile === want.lockfile && stamp.platform === want.platform && existsSync(join(root, 'node_modules'))
  );
}

/** @param {string} root */
export async function installDependencies(root) {
  if (!dependenciesReady(root)) {
    if (!npmInstalledThis(root)) {
      say('Installing the dependencies from the lockfile (once) …');
      await npmCi(root);
    }
    writeJson(stampPath(root), wanted(root));
  }
  hideTestNode(root);
}

/**
 * The Node that tests bring along links itself as `node`, and npm puts that folder first on PATH: every npm script would
 * run under it instead of the user's Node. Tests call it by its path.
 * @param {string} root
 */
function hideTestNode(root) {
  for (const name of ['node', 'node.cmd', 'node.ps1'])
    rmSync(join(root, 'node_modules', '.bin', name), { force: true });
}

/**
 * npm writes node_modules/.package-lock.json at the end of an install: the same packages, without those that this
 * platform leaves out.
 * @param {string} root
 */
function npmInstalledThis(root) {
  const record = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  const lock = readJson(join(root, 'package-lock.json'))?.packages;
  // A stamp from another platform means the folder travelled, whatever npm recorded there.
  const stamp = readJson(stampPath(root));
  if (!record || !lock || (stamp && stamp.platform !== wanted(root).platform)) return false;
  const names = Object.keys(lock).filter((name) => name !== '');
  const same = names.every((name) => {
    const installed = record[name];
    if (installed === undefined) return lock[name].optional === true || lock[name].devOptional === true;
    return (
      installed.version === lock[name].version &&
      installed.integrity === lock[name].integrity &&
      existsSync(join(root, name, 'package.json'))
    );
  });
  return same && Object.keys(record).every((name) => lock[name] !== undefined);
}

/** @param {string} root */
async function npmCi(root) {
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npmCli = process.env['npm_execpath'];
  // Under `npm start` the very npm that runs us; else the one on PATH, which on Windows is a batch file.
  const fromNpm = npmCli !== undefined && /npm-cli\.[cm]?js$/.test(npmCli);
  const npm = fromNpm ? process.execPath : which(['npm']);
  if (npm === null) throw new SetupError('npm was not found. It comes with Node: install Node again with npm.');
  const result = await run(npm, fromNpm ? [npmCli, ...args] : args, {
    cwd: root,
    shell: !fromNpm && process.platform === 'win32',
  });
  if (result.ok) return;
  throw new SetupError(
    `The dependencies could not be installed: ${npmReason(result.output)}\n` +
      'Check the network and the disk, then start again; what is missing is fetched then. `npm ci` shows all of npm’s output.',
  );
}

/** npm says what went wrong first and much about itself after that. @param {string} output */
function npmReason(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  return (
    lines.find((line) => line !== '' && !/^(code|errno|syscall|network$|npm warn)/.test(line))?.slice(0, 300) ??
    lastWords(output)
  );
}
