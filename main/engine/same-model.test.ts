import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryDirectory, testRecipe } from '../../test/support/store-fixtures.js';
import { Database } from '../store/database.js';
import { modelOfRun, shareModel } from '../store/run-models.js';
import { createRun, type RunRow } from '../store/runs.js';
import { requireSameModel } from './same-model.js';

const GOLDEN = join(import.meta.dirname, '../../test/golden/models/qwen2-tied');
let dir: ReturnType<typeof temporaryDirectory>;
let db: Database;
let folder: string;
beforeEach(() => {
  dir = temporaryDirectory();
  db = Database.open(dir.path);
  folder = join(dir.path, 'model');
  mkdirSync(folder);
  cpSync(GOLDEN, folder, { recursive: true });
});
afterEach(() => {
  db.close();
  dir.remove();
});

const newRun = (): RunRow => createRun(db, { recipe: testRecipe({ model: folder }) });

// Would catch: a resumed run that silently takes other weights, and one that is stopped although nothing changed.
it('lets a run go on with the model it began with, and with no other', async () => {
  const run = newRun();
  await requireSameModel(db, run);
  expect(Object.keys(modelOfRun(db, run.number)?.files ?? {})).toContain('model.safetensors');
  const later = new Date(Date.now() + 5000);
  utimesSync(join(folder, 'model.safetensors'), later, later);
  await requireSameModel(db, run);
  writeFileSync(join(folder, 'README.md'), '# another card');
  await requireSameModel(db, run);

  const weights = readFileSync(join(folder, 'model.safetensors'));
  const other = Buffer.from(weights);
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
  writeFileSync(join(folder, 'model.safetensors'), other);
  await expect(requireSameModel(db, run)).rejects.toMatchObject({
    code: 'model',
    message: expect.stringMatching(/model\.safetensors is another than it was since the run .* began/) as string,
    remedy: expect.stringMatching(/SHA-256 of model\.safetensors: [0-9a-f]{64}/) as string,
  });
  writeFileSync(join(folder, 'model.safetensors'), weights);
  await requireSameModel(db, run);
  rmSync(join(folder, 'tokenizer_config.json'));
  await expect(requireSameModel(db, run)).rejects.toThrow(/tokenizer_config\.json is gone/);
  // A new run begins with what is there.
  await requireSameModel(db, newRun());
});

it('is noted of a fork as of the run it comes from', async () => {
  const [parent, fork] = [newRun(), newRun()];
  await requireSameModel(db, parent);
  shareModel(db, parent.number, fork.number);
  writeFileSync(join(folder, 'generation_config.json'), '{"eos_token_id": 5}');
  await expect(requireSameModel(db, fork)).rejects.toThrow(/generation_config\.json is another/);
});
