import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dependenciesReady, installDependencies } from './dependencies.mjs';

/** Stands for npm: counts its calls, and does what the file `mode` says. */
const FAKE_NPM = `
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
appendFileSync('calls', process.argv[2] + '\\n');
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/a', { recursive: true });
writeFileSync('node_modules/a/package.json', '{}');
const mode = readFileSync('mode', 'utf8');
if (mode === 'die') process.kill(process.pid, 'SIGKILL');
if (mode === 'fail') { console.error('npm error code ENOTFOUND\\nnpm error network request to the registry failed'); process.exit(1); }
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

describe('dependencies', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rzero-deps-'));
    writeFileSync(join(root, 'npm-cli.mjs'), FAKE_NPM);
    vi.stubEnv('npm_execpath', join(root, 'npm-cli.mjs'));
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    lockfile('1.0.0');
    mode('work');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  const mode = (name: string): void => writeFileSync(join(root, 'mode'), name);
  const calls = (): number =>
    existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').length : 0;
  function lockfile(version: string): void {
    const optional = { version: '2.0.0', integrity: 'x', optional: true };
    const packages = { '': {}, 'node_modules/a': { version, integrity: version }, 'node_modules/elsewhere': optional };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  }

  // Would catch an install at every start, and none after the lockfile changed.
  // Would catch: npm scripts that silently run under the Node that tests bring along.
  it('takes the Node of the tests off the PATH of npm scripts, also after a plain npm ci', async () => {
    await installDependencies(root);
    const shadow = join(root, 'node_modules', '.bin', 'node');
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(shadow, '');
    await installDependencies(root);
    expect(existsSync(shadow)).toBe(false);
    expect(calls()).toBe(1);
  });

  it('installs once for each lockfile', async () => {
    await installDependencies(root);
    await installDependencies(root);
    expect(calls()).toBe(1);
    lockfile('1.0.1');
    expect(dependenciesReady(root)).toBe(false);
    await installDependencies(root);
    expect(calls()).toBe(2);
  });

  // Would catch a half-written node_modules that is taken for a whole one.
  it('repairs an install that was killed', async () => {
    mode('die');
    await expect(installDependencies(root)).rejects.toThrow('could not be installed');
    expect(dependenciesReady(root)).toBe(false);
    mode('work');
    await installDependencies(root);
    expect([calls(), dependenciesReady(root)]).toEqual([2, true]);
  });

  it('takes what a plain npm ci left, and only if it is the same', async () => {
    mkdirSync(join(root, 'node_modules', 'a'), { recursive: true });
    writeFileSync(join(root, 'node_modules', 'a', 'package.json'), '{}');
    const record = { packages: { 'node_modules/a': { version: '1.0.0', integrity: '1.0.0' } } };
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify(record));
    await installDependencies(root);
    expect(calls()).toBe(0);
    lockfile('1.0.1');
    await installDependencies(root);
    expect(calls()).toBe(1);
  });

  it('says why npm failed, in its words, and what to do', async () => {
    mode('fail');
    await expect(installDependencies(root)).rejects.toThrow(
      /network request to the registry failed\nCheck the network/,
    );
  });
});
