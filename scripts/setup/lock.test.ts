import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

const CHILD = join(import.meta.dirname, 'testing', 'hold-lock.mjs');

describe('lock', () => {
  let folder: string;
  let lock: string;
  let counter: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rzero-lock-'));
    lock = join(folder, 'lock');
    counter = join(folder, 'counter');
    writeFileSync(counter, '0');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (times: string): ChildProcess =>
    spawn(process.execPath, [CHILD, lock, counter, times], { stdio: ['ignore', 'pipe', 'inherit'] });

  /** A process that held the lock and was killed: the lock file stays behind. */
  async function leaveDeadLock(): Promise<void> {
    const child = start('hold');
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  // Would catch two starts that both install into the same node_modules, also when a dead lock is fought over.
  it.each(['free', 'dead'])('lets one process in at a time, the lock being %s at first', async (state) => {
    if (state === 'dead') await leaveDeadLock();
    const children = Array.from({ length: 5 }, () => start('12'));
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(readFileSync(counter, 'utf8')).toBe('60');
    expect(readdirSync(folder)).toEqual(['counter']);
  });

  // Would catch a start that waits for ever after a kill -9.
  it('takes over from a killed process at once', async () => {
    await leaveDeadLock();
    const begin = performance.now();
    expect(await withLock(lock, async () => 'mine')).toBe('mine');
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  // Would catch waiting for a stranger who got the dead owner's pid.
  it.runIf(process.platform === 'linux')('knows a reused pid by its start time', async () => {
    const owner = { pid: process.pid, host: hostname(), started: '1', token: 'old' };
    writeFileSync(lock, JSON.stringify(owner));
    expect(await withLock(lock, async () => 'mine')).toBe('mine');
  });

  it('is released when the work fails', async () => {
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(lock, async () => 'again')).toBe('again');
  });
});
