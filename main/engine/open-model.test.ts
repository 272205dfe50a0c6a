import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cursorAt, fakeFile, temporaryDirectory, testRecipe } from '../../test/support/store-fixtures.js';
import type { Parameters } from '../model/parameters.js';
import { readParameters } from '../model/weights.js';
import { Database } from '../store/database.js';
import { RunRecorder } from '../store/record.js';
import { createRun } from '../store/runs.js';
import { openModel } from './open-model.js';

vi.mock('../model/weights.js', () => ({ readParameters: vi.fn(), writeParameters: vi.fn() }));
const read = vi.mocked(readParameters);

let dir: ReturnType<typeof temporaryDirectory>;
let db: Database;
let recorder: RunRecorder;
beforeEach(() => {
  dir = temporaryDirectory();
  db = Database.open(dir.path);
  recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }), { keepLast: 1 });
  read.mockReset();
});
afterEach(() => {
  db.close();
  dir.remove();
});

const save = (seq: number): Promise<unknown> =>
  recorder.save({ seq, cursor: cursorAt(seq), state: null, files: { solver: fakeFile(`${seq}`) } }, () => undefined);
const open = (): ReturnType<typeof openModel> =>
  openModel({ model: recorder.run.id, dataDir: dir.path, checkpoint: 'last', role: 'solver' });

// Would catch: "no such file" for a run at work that replaced its checkpoint between two looks.
it('reads the newer checkpoint where the one it found is gone', async () => {
  await save(1);
  const found = {} as Parameters;
  read.mockImplementationOnce(async () => {
    await save(2);
    throw new Error('ENOENT');
  });
  read.mockResolvedValueOnce(found);
  expect((await open()).model.parameters).toBe(found);
  expect(read.mock.calls.map(([path]) => /0000000\d/.exec(path)?.[0])).toEqual(['00000001', '00000002']);
});

it('does not try again where the weights are there and damaged', async () => {
  await save(1);
  read.mockRejectedValue(new Error('not safetensors'));
  await expect(open()).rejects.toThrow('not safetensors');
  expect(read).toHaveBeenCalledTimes(1);
});
