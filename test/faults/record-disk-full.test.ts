import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFiles } from '../../main/store/checkpoint-files.js';
import { Database } from '../../main/store/database.js';
import { createRun, readRun } from '../../main/store/runs.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { temporaryDirectory, testRecipe } from '../support/store-fixtures.js';

let script: ChildScript;
let dir: ReturnType<typeof temporaryDirectory>;

beforeAll(async () => {
  script = await childScript('test/support/store-child.ts');
});
afterAll(() => script.remove());
beforeEach(() => {
  dir = temporaryDirectory();
});
afterEach(() => dir.remove());

/** Works until there is no room; what was committed before must be whole and must be resumable with more room. */
async function fillUp(folder: string, limit: { shell?: string }, makeRoom: () => void): Promise<string> {
  const db = Database.open(folder);
  const run = createRun(db, { recipe: testRecipe() });
  const full = await script.finish(['work', folder, run.id, '4000'], limit);
  expect(full.code).toBe(1);
  const said = Number(full.stdout.trimEnd().split('\n').at(-1)?.split(' ')[1]);
  db.check();
  const { seq } = readRun(db, run.number);
  expect(seq).toBe(said);
  expect((await new CheckpointFiles(db, run).latestValid())?.seq).toBe(seq - (seq % 2));
  makeRoom();
  const next = await script.finish(['work', folder, run.id, String(seq + 4)]);
  expect(next).toMatchObject({ code: 0, stderr: '' });
  db.check();
  db.close();
  return full.stderr;
}

const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && canMount();

function canMount(): boolean {
  const probe = temporaryDirectory();
  const ok = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe.path]).status === 0;
  if (ok) spawnSync('umount', [probe.path]);
  probe.remove();
  return ok;
}

describe('a full disk', () => {
  // Would catch: a half-written checkpoint that counts, an error that does not say what to do, lost earlier work.
  it.runIf(mayMount)(
    '(a small file system; needs the right to mount one) loses nothing that was committed',
    async () => {
      const folder = `${dir.path}/small`;
      mkdirSync(folder);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status).toBe(0);
      try {
        const message = await fillUp(folder, {}, () => spawnSync('mount', ['-o', 'remount,size=8m', folder]));
        expect(message).toMatch(/^disk: (The disk is full|There is no room)/);
        expect(message).toMatch(/Free some space/);
      } finally {
        spawnSync('umount', ['-l', folder]);
      }
    },
  );

  // The limit on a file's size: the database or its log meets it.
  it.skipIf(process.platform === 'win32')('(a limit on file size) is said when the database cannot grow', async () => {
    const message = await fillUp(dir.path, { shell: 'ulimit -f 2048;' }, () => undefined);
    expect(message).toMatch(/^disk: /);
  });

  // The limit is below the size of a weight file.
  it.skipIf(process.platform === 'win32')(
    '(a limit on file size) is said when a checkpoint cannot be written',
    async () => {
      const db = Database.open(dir.path);
      const run = createRun(db, { recipe: testRecipe() });
      db.all('PRAGMA wal_checkpoint(TRUNCATE)');
      const full = await script.finish(['work', dir.path, run.id, '4', '400000'], { shell: 'ulimit -f 600;' });
      expect(full.code).toBe(1);
      expect(full.stderr).toMatch(/^disk: There is no room to write .*solver\.safetensors/);
      expect(full.stderr).toContain('earlier checkpoints are kept');
      expect(readRun(db, run.number).seq).toBe(1);
      db.close();
    },
  );
});
