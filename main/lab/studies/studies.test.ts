/** Studies over a real record; runs are moved by hand, as engines would move them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../../preload/contract/runs.js';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { copyDomain } from '../../coevolution/domain-copy.js';
import { loadRecipe } from '../../coevolution/recipe.js';
import type { Database } from '../../store/database.js';
import { markStarted, readQueue, removeFromQueue } from '../../store/queue.js';
import { recordIdentity } from '../../store/run-identities.js';
import { createRun, findRun, listRuns, setRunState } from '../../store/runs.js';
import { identityOf } from '../../studies/identity.js';
import { InputReader } from '../../studies/inputs.js';
import { Studies } from './studies.js';

let db: Database;
databasePerTest((opened) => (db = opened));

const paused: string[] = [];
const open = (): Studies =>
  new Studies({ use: (work) => work(db), pause: (run) => void paused.push(run), pollMs: 1_000_000 });
const recipe = loadRecipe('nano', { set: ['iterations=2'] });
const wish = (family: string, seeds: number[] | null = [0, 1]) => ({ family, recipe, seeds });

/** The run that waits, worked on until it is in a state. */
function work(state: RunState, error: string | null = null): string {
  const { run } = readQueue(db).waiting[0] as { run: string };
  removeFromQueue(db, run);
  const { number } = findRun(db, run);
  db.run('UPDATE runs SET seq = 1 WHERE number = ?', number);
  setRunState(db, number, state, error);
  return run;
}
const states = (studies: Studies, id: string): string[] =>
  studies.info(id).arms.map((a) => `${a.arm} ${a.seed} ${a.state}`);
const again = (studies: Studies): void => {
  // What the timer does.
  studies.drive();
};

describe('a study', () => {
  // Would catch: two arms begun at once, an order that leaves every seed half done, a run made twice by two labs.
  it('has its arms run one after the other, seed by seed', async () => {
    const { id } = await open().begin(wish('main-table'));
    again(open());
    again(open());
    expect(readQueue(db).waiting).toHaveLength(1);
    const done: string[] = [];
    for (let i = 0; i < 4; i++) {
      done.push(findRun(db, work('finished')).name);
      again(open());
    }
    expect(done).toEqual(
      ['full', 'base-challenger']
        .flatMap((arm) => [`nano-${arm}-seed0`])
        .concat(['full', 'base-challenger'].map((arm) => `nano-${arm}-seed1`)),
    );
    expect(readQueue(db).waiting).toEqual([]);
    expect(open().info(id)).toMatchObject({ going: false, reason: null });
    expect(listRuns(db)).toHaveLength(4);
  });

  // Would catch: arms of one table in two domains, because a file of its folder was changed while the first arm ran.
  it('does not begin an arm in a domain that has changed since', async () => {
    const folder = join(db.dataDir, 'mine');
    copyDomain('chains', folder);
    const own = loadRecipe('nano', { set: ['iterations=2', `domain=${JSON.stringify(folder)}`] });
    const { id } = await open().begin({ ...wish('main-table', [0]), recipe: own });
    const file = join(folder, 'domain.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^description: .*$/m, 'description: Something else.'));
    work('finished');
    again(open());
    expect(states(open(), id)).toEqual(['full 0 finished', 'base-challenger 0 failed']);
    expect(open().info(id).arms[1]?.error).toContain('is not what it was when this study was planned');
    expect(listRuns(db)).toHaveLength(1);
    writeFileSync(file, `# a comment changes nothing\n${text}`);
    open().goOn(id);
    expect(states(open(), id)).toEqual(['full 0 finished', 'base-challenger 0 waiting']);
  });

  // Would catch: a run of the same recipe and seed that is made again, and one of another taken for it.
  it('takes runs that are there: those of other studies, and a run that a person made', async () => {
    const own = { ...recipe, seed: 1 };
    const mine = createRun(db, { recipe: own, name: 'mine' });
    recordIdentity(db, mine.number, identityOf(own, await new InputReader(db).of(own)));
    setRunState(db, mine.number, 'finished');
    const { id } = await open().begin(wish('label-decay'));
    expect(
      open()
        .info(id)
        .arms.map((a) => [a.seed, a.state, a.made]),
    ).toEqual([
      [0, 'waiting', true],
      [1, 'finished', false],
    ]);
    const first = work('finished');
    again(open());
    expect(open().info(id).going).toBe(false);
    const other = await open().begin(wish('main-table'));
    expect(other.arms.filter((a) => a.arm === 'full').map((a) => a.run)).toEqual([first, mine.id]);
    expect(readQueue(db).waiting).toHaveLength(1);
  });

  // Would catch: labels that people corrected counted as what the recipe alone makes.
  it('does not take a run whose labels people corrected', async () => {
    const own = { ...recipe, seed: 0 };
    const mine = createRun(db, { recipe: own });
    recordIdentity(db, mine.number, identityOf(own, await new InputReader(db).of(own)));
    setRunState(db, mine.number, 'finished');
    const ask = async () => (await open().plan(wish('label-decay', [0]))).study.arms[0]?.state;
    expect(await ask()).toBe('finished');
    db.run(
      `INSERT INTO questions (run, question, iteration, phase, step, item, seq, raw, tokens, finish, valid)
       VALUES (?, 1, 1, 'curriculum', 0, 0, 1, '', 1, 'stop', 1)`,
      mine.number,
    );
    db.run(
      `INSERT INTO corrections (run, question, source, seq, effect, old_label, author) VALUES (?, 1, 'reviews', 1, 'removed', '1', 'me')`,
      mine.number,
    );
    expect(await ask()).toBe('missing');
  });

  // Would catch: a failed arm that stops the others, is tried again for ever, or never again.
  it('goes past an arm that failed, tells it, and tries it again when asked', async () => {
    const { id } = await open().begin(wish('main-table', [0]));
    const failed = work('failed', 'The disk is full.');
    again(open());
    work('finished');
    again(open());
    expect(states(open(), id)).toEqual(['full 0 failed', 'base-challenger 0 finished']);
    expect(open().info(id)).toMatchObject({ going: false, arms: [{ error: 'The disk is full.' }, {}] });
    expect(open().table(id).notes.join(' ')).toContain('The disk is full.');
    open().goOn(id);
    expect(readQueue(db).waiting.map((w) => w.run)).toEqual([failed]);
    expect(work('finished')).toBe(failed);
    again(open());
    expect(states(open(), id)).toEqual(['full 0 finished', 'base-challenger 0 finished']);
    expect(listRuns(db)).toHaveLength(2);
  });

  // Would catch: a run that failed before its first unit, which can never be resumed, kept as the arm.
  it('makes another run where the first failed before it did anything', async () => {
    const { id } = await open().begin(wish('label-decay', [0]));
    const first = work('failed', 'no memory');
    db.run('UPDATE runs SET seq = 0');
    again(open());
    expect(open().info(id).going).toBe(false);
    open().goOn(id);
    const [next] = readQueue(db).waiting;
    expect(next?.run).not.toBe(first);
    expect(listRuns(db)).toHaveLength(2);
  });

  // Would catch: a pause that leaves the next arm in the queue, or another study that wakes a paused one.
  it('pauses, and another study does not wake it', async () => {
    const { id } = await open().begin(wish('ablation', [0]));
    const { run } = readQueue(db).waiting[0] as { run: string };
    markStarted(db, run);
    setRunState(db, findRun(db, run).number, 'running');
    db.run(
      "INSERT INTO run_locks (run, token, owner, taken_at, seen_at) SELECT number, 't', working_owner, 0, ? FROM runs, queue_state WHERE id = ?",
      ...[Date.now(), run],
    );
    expect(open().pause(id).going).toBe(false);
    expect(paused).toEqual([run]);
    db.run('DELETE FROM run_locks');
    setRunState(db, findRun(db, run).number, 'paused');
    db.run('INSERT INTO run_queue SELECT number, 0, ? FROM runs WHERE id = ?', 'auto', run);
    db.run('UPDATE queue_state SET working = NULL, going = 0');
    const other = await open().begin(wish('iterations', [5]));
    const waiting = readQueue(db).waiting.map((w) => w.run);
    expect(waiting).toEqual([open().info(other.id).arms[0]?.run]);
    open().goOn(id);
    again(open());
    expect(readQueue(db).waiting.map((w) => w.run)).toContain(run);
  });

  // Would catch: seeds that are forgotten when a study is gone on with, and old results lost when some are added.
  it('keeps its seeds, and what it has when there are more', async () => {
    const { id } = await open().begin(wish('label-decay', [4]));
    const run = work('finished');
    expect((await open().begin(wish('label-decay', null))).seeds).toEqual([4]);
    const more = await open().begin(wish('label-decay', [4, 5]));
    expect(more.id).toBe(id);
    expect(more.arms.map((a) => a.state)).toEqual(['finished', 'waiting']);
    expect(more.arms[0]?.run).toBe(run);
    await expect(open().begin(wish('label-decay', [4, 4]))).rejects.toThrow(/Seed 4 stands twice/);
    await expect(open().begin(wish('label-decai'))).rejects.toMatchObject({
      remedy: expect.stringMatching(/label-decay/) as string,
    });
  });

  // Would catch: an arm whose run was removed shown as finished, or never made again.
  it('makes an arm anew whose run was removed', async () => {
    const { id } = await open().begin(wish('label-decay', [0]));
    const run = work('finished');
    db.run('DELETE FROM runs WHERE id = ?', run);
    expect(open().info(id).arms[0]).toMatchObject({ state: 'missing', run: null });
    open().goOn(id);
    expect(readQueue(db).waiting).toHaveLength(1);
  });
});
