import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import { SCRIPTED_RUN } from '../../test/support/small-runs.js';
import { workOn } from '../../test/support/scripted-run.js';
import { loadRecipe } from '../coevolution/recipe.js';
import { openRecords } from '../lab/store-records.js';
import type { RunRecords } from '../lab/records.js';
import { baseModel, lastingModel, originOf } from './run-origin.js';
import { pruneRun } from './prune.js';
import { findRun } from './runs.js';

let dir: ReturnType<typeof temporaryDirectory>;
let records: RunRecords;
let source: string;
beforeEach(async () => {
  dir = temporaryDirectory();
  records = openRecords(dir.path);
  source = make('nano-source', 'iterations=1');
  await workOn(dir.path, source);
});
afterEach(() => {
  records.close();
  dir.remove();
});

function make(name: string, ...set: string[]): string {
  return records.createRun(loadRecipe('nano', { set: [...SCRIPTED_RUN, ...set] }), { name, seed: 0 }).id;
}
const from = (model: string): string => make(`from ${model}`, `model=${model}`);
const weightsOf = (run: string): string => {
  const { file } = records.use((db) => originOf(db, findRun(db, run).number)) ?? { file: '' };
  return readFileSync(join(dir.path, 'runs', run, file), 'utf8');
};

describe('a run that begins with the weights of another', () => {
  // Catches weights that go when the other run is pruned or removed, or change when it goes on.
  it('has them as its own', async () => {
    const run = from('nano-source@last');
    const origin = records.use((db) => originOf(db, findRun(db, run).number));
    expect(origin).toMatchObject({
      ...{ source, sourceName: 'nano-source', role: 'solver', base: 'builtin:nano', zeroData: true },
      cursor: { iteration: 1, phase: 'evaluation' },
    });
    expect(origin?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(records.recipeOf(run).model).toBe(`${source}@last`);
    const before = weightsOf(run);
    await records.use((db) => pruneRun(db, findRun(db, source), { last: 0, best: false, iterations: false }));
    expect(() => from('nano-source@last')).toThrow(/Run nano-source has no last checkpoint of its Solver/);
    await records.remove(source);
    expect(existsSync(join(dir.path, 'runs', source))).toBe(false);
    expect(weightsOf(run)).toBe(before);
    expect(() => from('nano-source@best')).toThrow(/of a run that is not there: "nano-source"/);
    await workOn(dir.path, run);
    // The next one in the chain still knows the folder they all rest on.
    const next = from(`${run}@best`);
    expect(records.use((db) => baseModel(db, `${next}@last`))).toBe('builtin:nano');
  });

  // Would catch: `last` refused or, worse, kept as a name that means another run tomorrow.
  it('knows the newest run by the name last, and keeps its id', () => {
    const run = from('last@last');
    expect(records.recipeOf(run).model).toBe(`${source}@last`);
    expect(records.use((db) => originOf(db, findRun(db, run).number))).toMatchObject({ source });
    expect(records.use((db) => lastingModel(db, 'last@best'))).toBe(`${run}@best`);
    expect(records.use((db) => lastingModel(db, 'nano-source@best'))).toBe('nano-source@best');
    expect(() => from('last@last')).toThrow(`Run from last@last has no last checkpoint`);
  });

  it('says that there is no last run where there is none', async () => {
    await records.remove(source);
    expect(() => from('last@last')).toThrow('The model last@last is of a run that is not there: "last".');
  });

  it('hands them on to a fork, and tells when data from outside had come in before', async () => {
    const data = join(dir.path, 'data.jsonl');
    const row = (n: number): string => JSON.stringify({ question: `${n}+1`, answer: `${n}+1=${n + 1}#${n + 1}` });
    writeFileSync(data, [3, 4, 5, 6].map(row).join('\n'));
    const tuned = make('tuned', 'iterations=0', `sft.data=${data}`, 'sft.held_out=0.25');
    await workOn(dir.path, tuned);
    const run = from('tuned@last');
    expect(records.findRun(run)).toMatchObject({ zeroData: false });
    expect(records.findRun(from('nano-source@last'))).toMatchObject({ zeroData: true });
    await workOn(dir.path, run);
    const { seq } = records.use((db) => findRun(db, run));
    const fork = await records.fork(run, { checkpoint: seq, set: ['iterations=3'] });
    await records.remove(run);
    rmSync(data);
    expect(weightsOf(fork.id)).not.toBe('');
    expect(fork.zeroData).toBe(false);
  });
});
