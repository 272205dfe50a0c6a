import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ScriptedExecutor } from '../../test/support/scripted-executor.js';
import { contextOf } from './make-context.js';
import { loadRecipe } from './recipe.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'rzero-recipe-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const load = (...set: string[]): ReturnType<typeof loadRecipe> => loadRecipe('nano', { set });

// Would catch: a run that cannot be resumed from another folder, or finds another file there.
it('makes paths of a recipe absolute once, and leaves names alone', () => {
  writeFileSync(join(root, 'mine.jsonl'), '{"question": "1+1", "answer": "2"}\n');
  mkdirSync(join(root, 'model'));
  const typed = (name: string): string => relative(process.cwd(), join(root, name));
  const recipe = load(`model=${typed('model')}`, `evaluation.guard_benchmark=${typed('mine.jsonl')}`);
  expect(recipe.model).toBe(join(root, 'model'));
  expect(recipe.evaluation.guard_benchmark).toBe(join(root, 'mine.jsonl'));
  expect(recipe.evaluation.benchmark).toBe('chains-test');
  expect(load('evaluation.benchmark=no/such.jsonl').evaluation.benchmark).toBe('no/such.jsonl');
  expect(load().model).toBe('builtin:nano');
  expect(load('evaluation.guard_benchmark=null').evaluation.guard_benchmark).toBeNull();
});

// Would catch: two files whose results are stored, and compared, as one benchmark's.
it('refuses two benchmarks of one name', async () => {
  for (const folder of ['a', 'b']) {
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'mine.jsonl'), '{"question": "1+1", "answer": "2"}\n');
  }
  const hooks = { emit: () => undefined, signal: new AbortController().signal, iterationSeconds: () => 0 };
  const context = (one: string, two: string): Promise<unknown> =>
    contextOf(
      load(`evaluation.benchmark=${join(root, one)}`, `evaluation.guard_benchmark=${join(root, two)}`),
      new ScriptedExecutor(),
      hooks,
    );
  await expect(context('a/mine.jsonl', 'b/mine.jsonl')).rejects.toThrow(/two benchmarks of one name, "mine"/);
  await expect(context('a/mine.jsonl', 'a/../a/mine.jsonl')).resolves.toBeDefined();
});

// Would catch: a further benchmark that guards look at, or whose rows would be written twice.
it('refuses to measure a benchmark twice', async () => {
  const hooks = { emit: () => undefined, signal: new AbortController().signal, iterationSeconds: () => 0 };
  const context = async (others: string): ReturnType<typeof contextOf> =>
    contextOf(load(`evaluation.others=${others}`), new ScriptedExecutor(), hooks);
  await expect(context('[{benchmark: chains-tune}]')).rejects.toThrow(/"chains-tune" is measured already/);
  await expect(context('[{benchmark: chains-oneway}, {benchmark: chains-oneway}]')).rejects.toThrow(/measured already/);
  await expect(context('[{benchmark: chains-oneway, sample: 3}]')).rejects.toThrow(/sample/);
  expect((await context('[{benchmark: chains-oneway, samples: 3}]')).others).toMatchObject([
    { benchmark: { name: 'chains-oneway' }, samples: 3 },
  ]);
  expect((await context('[{benchmark: chains-oneway}]')).others).toMatchObject([{ samples: 8 }]);
});
