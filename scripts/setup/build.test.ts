import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { build, buildReady } from './build.mjs';

/** Stands for electron-vite: copies a source into both programs, or breaks. */
const FAKE_BUILDER = `
const { appendFileSync, copyFileSync, mkdirSync, readFileSync } = require('node:fs');
appendFileSync('calls', 'x');
const out = process.env.RZERO_OUT_DIR + '/main/';
mkdirSync(out, { recursive: true });
copyFileSync('main/a.ts', out + 'cli.js');
const source = readFileSync('main/a.ts', 'utf8');
if (source === 'die') process.kill(process.pid, 'SIGKILL');
if (source === 'wrong') { console.error('a.ts: what is this?'); process.exit(1); }
copyFileSync('main/a.ts', out + 'engine.js');
`;

describe('build', () => {
  let root: string;
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const calls = (): number => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls')).length : 0);
  const program = (): string => readFileSync(join(root, 'out/main/cli.js'), 'utf8');
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rzero-build-'));
    write('node_modules/electron-vite/bin/electron-vite.js', FAKE_BUILDER);
    write('main/a.ts', 'one');
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  // Would catch a build at every start, and an old program after a source changed.
  it('happens when a source changed, and not for a test', async () => {
    await build(root);
    write('main/a.test.ts', 'a test');
    await build(root);
    expect([calls(), program()]).toEqual([1, 'one']);
    write('main/a.ts', 'two');
    await build(root);
    expect([calls(), program()]).toEqual([2, 'two']);
  });

  // Would catch half a build under the final name.
  it.each(['die', 'wrong'])('leaves the old program in place when the builder fails (%s), and repairs', async (way) => {
    await build(root);
    write('main/a.ts', way);
    await expect(build(root)).rejects.toThrow('The build failed');
    expect([program(), buildReady(root)]).toEqual(['one', false]);
    write('main/a.ts', 'three');
    await build(root);
    expect([program(), existsSync(join(root, 'out.next'))]).toEqual(['three', false]);
  });

  it('is repeated when a program went missing', async () => {
    await build(root);
    rmSync(join(root, 'out/main/engine.js'));
    await build(root);
    expect(calls()).toBe(2);
  });
});
