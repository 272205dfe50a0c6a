import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../lib/errors.js';
import { replaceFile, replaceFolder } from './atomic-file.js';

const root = mkdtempSync(join(tmpdir(), 'rzero-atomic-'));
const file = join(root, 'file');
const folder = join(root, 'folder');
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'old');
  writeFileSync(join(folder, 'a'), 'old');
});

const full = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};

describe('replaceFile', () => {
  it('replaces the file and makes missing folders', async () => {
    await replaceFile(file, async (handle) => void (await handle.write('new')));
    await replaceFile(join(root, 'x/y/z'), async (handle) => void (await handle.write('deep')));
    expect([readFileSync(file, 'utf8'), readFileSync(join(root, 'x/y/z'), 'utf8')]).toEqual(['new', 'deep']);
  });

  // Catches a checkpoint destroyed by the failure of the next one, and litter that fills the disk further.
  it('keeps the old file and leaves nothing behind when the disk is full', async () => {
    const error = await replaceFile(file, async (handle) => {
      await handle.write('half');
      full();
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      code: 'disk',
      message: expect.stringMatching(/file: the disk is full \([\d.]+ MiB free\)/) as string,
    });
    expect((error as LabError).remedy).toMatch(/Free some space/);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(root).sort()).toEqual(['file', 'folder']);
  });

  it.runIf(existsSync('/dev/full'))('knows the error of a really full device', async () => {
    const write = replaceFile(file, async () => {
      const device = await open('/dev/full', 'w');
      await device.writeFile('x').finally(() => device.close());
    });
    await expect(write).rejects.toMatchObject({ code: 'disk' });
  });

  it('says so where the path runs through a file', async () => {
    await expect(replaceFile(join(file, 'x'), () => Promise.resolve())).rejects.toMatchObject({ code: 'disk' });
  });

  it('passes other errors on unchanged', async () => {
    await expect(replaceFile(file, () => Promise.reject(new RangeError('mine')))).rejects.toThrow(RangeError);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});

describe('replaceFolder', () => {
  it('replaces the whole folder', async () => {
    await replaceFolder(folder, (path) => writeFile(join(path, 'b'), 'new'));
    expect(readdirSync(folder)).toEqual(['b']);
    expect(readdirSync(root).sort()).toEqual(['file', 'folder']);
  });

  it('keeps the old folder when filling the new one fails', async () => {
    await expect(
      replaceFolder(folder, async (path) => {
        await writeFile(join(path, 'a'), 'new');
        await replaceFile(join(path, 'b'), full);
      }),
    ).rejects.toMatchObject({
      code: 'disk',
      message: expect.stringContaining(`Cannot write ${folder}: the disk is full`) as string,
    });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(root).sort()).toEqual(['file', 'folder']);
  });
});
