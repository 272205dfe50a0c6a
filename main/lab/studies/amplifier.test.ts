/** The study whose last arm begins with what another arm became. R-Zero is the scripted executor's; fine-tuning is moved by hand. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { workOn } from '../../../test/support/scripted-run.js';
import { SCRIPTED_RUN } from '../../../test/support/small-runs.js';
import { loadRecipe } from '../../coevolution/recipe.js';
import { readCheckpoints } from '../../store/checkpoints.js';
import type { Database } from '../../store/database.js';
import { pruneRun } from '../../store/prune.js';
import { readQueue, removeFromQueue } from '../../store/queue.js';
import { recordIdentity } from '../../store/run-identities.js';
import { originOf } from '../../store/run-origin.js';
import { createRun, findRun, listRuns, setRunState, type RunRow } from '../../store/runs.js';
import { readArms } from '../../store/studies.js';
import { armAfter } from '../../studies/after.js';
import { identityOf } from '../../studies/identity.js';
import { InputReader } from '../../studies/inputs.js';
import { Studies } from './studies.js';

let db: Database;
databasePerTest((opened) => (db = opened));

const open = (): Studies => new Studies({ use: (work) => work(db), pause: () => undefined, pollMs: 1_000_000 });
const recipe = loadRecipe('nano', { set: [...SCRIPTED_RUN, 'iterations=1'] });
const wish = (seeds: number[] | null = [0]) => ({ family: 'amplifier', recipe, seeds });
const states = (id: string): string[] =>
  open()
    .info(id)
    .arms.map((a) => `${a.arm} ${a.seed} ${a.state}`);

/** Works on the run that waits; fine-tuning, which the scripted executor cannot do, is only said to be finished. */
async function work(): Promise<RunRow> {
  const { run: id } = readQueue(db).waiting[0] as { run: string };
  removeFromQueue(db, id);
  const run = findRun(db, id);
  if (run.recipe.sft === null) await workOn(db.dataDir, id);
  else {
    db.run('UPDATE runs SET seq = 1 WHERE number = ?', run.number);
    setRunState(db, run.number, 'finished');
  }
  return findRun(db, id);
}
async function goOn(id: string): Promise<void> {
  const studies = open();
  studies.goOn(id);
  await studies.rest();
}
/** The run of R-Zero, and of fine-tuning alone. */
async function first(id: string): Promise<RunRow> {
  const zero = await work();
  await goOn(id);
  await work();
  return zero;
}
const forget = (run: RunRow) => pruneRun(db, run, { last: 0, best: false, iterations: false });

describe('the study amplifier', () => {
  // Would catch: fine-tuning after R-Zero that begins before it is over, with the base model, or with freed weights.
  it('fine-tunes what R-Zero became, when that is there', async () => {
    const { id } = await open().begin(wish());
    const zero = await first(id);
    expect(states(id)).toEqual(['r-zero 0 finished', 'sft 0 finished', 'r-zero-sft 0 missing']);
    expect(readCheckpoints(db, zero.number)).toHaveLength(1);
    await goOn(id);
    const both = await work();
    expect(both.recipe).toMatchObject({ model: `${zero.id}@last`, iterations: 0, seed: 0 });
    expect(originOf(db, both.number)).toMatchObject({ source: zero.id, cursor: { iteration: 1, phase: 'evaluation' } });
    await goOn(id);
    expect(open().info(id)).toMatchObject({ going: false });
    expect(states(id).at(-1)).toBe('r-zero-sft 0 finished');
    const [, alone, after] = readArms(db, id);
    expect({ ...after?.recipe, model: '' }).toEqual({ ...alone?.recipe, model: '' });
    expect(alone?.recipe.model).toBe('builtin:nano');
  });

  // Would catch: an identity that is not the one the engine records for the same run made by a person.
  it('knows its last arm as the engine does', async () => {
    const { id } = await open().begin(wish());
    await first(id);
    await goOn(id);
    const both = await work();
    const inputs = await new InputReader(db).of(both.recipe, { origin: originOf(db, both.number) });
    expect(identityOf(both.recipe, inputs)).toEqual(
      JSON.parse(
        JSON.stringify(
          (({ identity, parts }) => ({ identity, parts }))(readArms(db, id)[2] ?? { identity: '', parts: null }),
        ),
      ),
    );
  });

  // Would catch: runs made a second time when the study is begun again, or since the weights have gone meanwhile.
  it('is begun again without doing anything again', async () => {
    const { id } = await open().begin(wish());
    const zero = await first(id);
    await goOn(id);
    await work();
    await open().begin(wish());
    await forget(zero);
    for (const study of [await open().begin(wish(null)), (await open().plan(wish())).study])
      expect(study.arms.map((a) => a.state)).toEqual(['finished', 'finished', 'finished']);
    expect(listRuns(db)).toHaveLength(3);
    expect(readQueue(db).waiting).toEqual([]);
  });

  // Would catch: a run with the base model in the place of weights that are gone.
  it('says when the weights have gone before they were taken', async () => {
    const { id } = await open().begin(wish());
    await forget(await first(id));
    await goOn(id);
    expect(states(id).at(-1)).toBe('r-zero-sft 0 failed');
    expect(open().info(id).arms.at(-1)?.error).toMatch(/has no last checkpoint of its Solver/);
    expect(listRuns(db)).toHaveLength(2);
  });

  // Would catch: an identity that depends on which of two equal runs the weights were taken from.
  it('has one identity after equal runs, and another after another run', async () => {
    const { id } = await open().begin(wish([0, 1]));
    const twin = createRun(db, { recipe: { ...recipe, seed: 0 } });
    const pending = readArms(db, id)[2];
    const zero = await first(id);
    await workOn(db.dataDir, twin.id);
    const other = createRun(db, { recipe: { ...recipe, seed: 1 } });
    await workOn(db.dataDir, other.id);
    if (!pending) throw new Error('no arm');
    const [a, b, c] = [zero, twin, other].map((run) => armAfter(db, pending, run));
    expect(b?.recipe.model).not.toBe(a?.recipe.model);
    expect(b?.identity).toBe(a?.identity);
    expect(c?.identity).not.toBe(a?.identity);
    expect(pending.identity).not.toBe(a?.identity);
  });

  // Would catch: fine-tuning that a person made already, not taken because it is not zero-data.
  it('takes fine-tuning that is there', async () => {
    const sft = (await open().plan(wish())).study.arms[1];
    const { set } = sft ?? { set: [] };
    const own = loadRecipe('nano', { set: [...SCRIPTED_RUN, ...set], seed: 0 });
    const mine = createRun(db, { recipe: own });
    recordIdentity(db, mine.number, identityOf(own, await new InputReader(db).of(own)));
    setRunState(db, mine.number, 'finished');
    expect((await open().plan(wish())).study.arms[1]).toMatchObject({ state: 'finished', run: mine.id, made: false });
  });

  // Would catch: fine-tuning that nobody gave data for, or R-Zero that learnt from it too.
  it('needs data, and gives it to fine-tuning alone', async () => {
    const other = { ...recipe, domain: 'math' };
    await expect(open().plan({ ...wish(), recipe: other })).rejects.toMatchObject({
      ...{ code: 'recipe', message: expect.stringMatching(/needs data to fine-tune on/) as string },
      remedy: expect.stringMatching(/--data/) as string,
    });
    const given = loadRecipe('nano', { set: [...SCRIPTED_RUN, 'sft={data: chains-sft, epochs: 2}'] });
    const { id } = await open().begin({ ...wish(), recipe: given });
    expect(readArms(db, id).map((a) => a.recipe.sft?.epochs ?? null)).toEqual([null, 2, 2]);
    expect(readArms(db, id)[0]?.identity).toBe(
      identityOf({ ...given, sft: null }, await new InputReader(db).of({ ...given, sft: null })).identity,
    );
  });

  // Would catch: data without a prompt or an answer that is told of only when R-Zero has trained for hours.
  it('says what is wrong with data before anything is made', async () => {
    const data = join(db.dataDir, 'data.csv');
    const given = loadRecipe('nano', { set: [...SCRIPTED_RUN, `sft.data=${data}`] });
    for (const [text, fault] of [
      ['a,b\n1,2\n', /has the columns "a", "b": no prompt with a completion/],
      ['prompt,completion\n1,2\n1,\n', /row 2: "completion" is missing/],
      ['', /is empty/],
    ] as const) {
      writeFileSync(data, text);
      await expect(open().plan({ ...wish(), recipe: given })).rejects.toThrow(fault);
      await expect(open().begin({ ...wish(), recipe: given })).rejects.toThrow(fault);
    }
    expect(open().list()).toEqual([]);
    writeFileSync(data, 'prompt,completion\n1,2\n3,4\n');
    expect((await open().plan({ ...wish(), recipe: given })).study.arms).toHaveLength(3);
  });

  // Would catch: a study on `last` that becomes another one with the first run it makes.
  it('means by last the run that is the last when it is begun', async () => {
    const run = createRun(db, { recipe: { ...recipe, seed: 7 } });
    await workOn(db.dataDir, run.id);
    const onLast = { family: 'label-decay', recipe: { ...recipe, model: 'last@last' }, seeds: [0] };
    const { id } = await open().begin(onLast);
    expect(readArms(db, id)[0]?.recipe.model).toBe(`${run.id}@last`);
    const byId = await open().plan({ ...onLast, recipe: { ...recipe, model: `${run.id}@last` } });
    expect(byId.study.id).toBe(id);
  });
});
