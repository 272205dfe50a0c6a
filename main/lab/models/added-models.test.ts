import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AddedModels } from './added-models.js';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'rzero-folders-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

// Would catch: a list that is lost with the process, holds a folder twice, or touches the folder it forgets.
it('remembers folders, once each, and says which are gone', () => {
  const folder = join(dataDir, 'My model');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), '{}');
  const added = new AddedModels(dataDir).addFolder(folder);
  new AddedModels(dataDir).addFolder(folder);
  const folders = new AddedModels(dataDir);
  expect(folders.list()).toEqual([
    { kind: 'folder', id: added.id, name: 'My model', folder, reference: folder, there: true, about: null },
  ]);
  rmSync(folder, { recursive: true });
  expect(folders.find(added.id).there).toBe(false);
  expect(() => folders.remove(added.id, true)).toThrow(/folder of yours/);
  expect(folders.remove(added.id, false)).toBe(0);
  expect(folders.list()).toEqual([]);
  expect(() => folders.find(added.id)).toThrow(expect.objectContaining({ code: 'not-found' }));
});

// Would catch: a path that means another folder wherever the lab happens to run, and a damaged list that is overwritten.
it('takes whole paths only, and leaves alone a list it cannot read', () => {
  expect(() => AddedModels.place('models/qwen')).toThrow(/whole path/);
  expect(AddedModels.place(`${dataDir}/a/../b/`)).toBe(join(dataDir, 'b'));
  writeFileSync(join(dataDir, 'models.json'), '[{"folder":');
  expect(() => new AddedModels(dataDir).addFolder('/x')).toThrow(expect.objectContaining({ code: 'disk' }));
});
