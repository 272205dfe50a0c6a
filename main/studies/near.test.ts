import { describe, expect, it } from 'vitest';
import { databasePerTest } from '../../test/support/database-per-test.js';
import { SCRIPTED_RUN } from '../../test/support/small-runs.js';
import { planText } from '../cli/view/study-text.js';
import { loadRecipe } from '../coevolution/recipe.js';
import { METHOD_VERSION } from '../coevolution/method.js';
import { Studies } from '../lab/studies/studies.js';
import type { Database } from '../store/database.js';
import { recordIdentity } from '../store/run-identities.js';
import { createRun, setRunState } from '../store/runs.js';
import { identityOf } from './identity.js';
import { InputReader } from './inputs.js';

let db: Database;
databasePerTest((opened) => (db = opened));

const recipe = (...set: string[]) => loadRecipe('nano', { set: [...SCRIPTED_RUN, ...set], seed: 0 });
const plan = (family = 'ablation') =>
  new Studies({ use: (work) => work(db), pause: () => undefined, pollMs: 1_000_000 }).plan({
    ...{ family, recipe: recipe(), seeds: [0] },
  });

/** A run as a person makes it, identified or from before there were identities. */
async function made(set: string[], { identified = true, versions = {} } = {}): Promise<string> {
  const own = recipe(...set);
  const run = createRun(db, { recipe: own, versions });
  if (identified) recordIdentity(db, run.number, identityOf(own, await new InputReader(db).of(own)));
  setRunState(db, run.number, 'finished');
  db.run('UPDATE runs SET seq = 9 WHERE number = ?', run.number);
  return run.id;
}

describe('runs that seem to be an arm', () => {
  // Would catch: a study that makes a run again and nobody knows why; or one that blames the wrong key.
  it('are told with what differs, the nearest alone', async () => {
    await made(['solver.steps=5', 'curriculum.votes=4', 'guards.min_entropy=0.004']);
    const nearest = await made(['evaluation.others=[]']);
    await made(['solver.steps=5'], { identified: true }).then((id) =>
      db.run('UPDATE runs SET seed = 5 WHERE id = ?', id),
    );
    const planned = await plan();
    expect(planned.near.filter(({ arm }) => arm === 'full')).toMatchObject([
      { run: nearest, arm: 'full', seed: 0, differs: ['evaluation.others'], because: [] },
    ]);
    expect(planText(planned).join('\n')).toContain(`Run ${nearest} (seed 0) is not R-Zero: evaluation.others differs.`);
  });

  // Would catch: the run of one arm shown as a bad copy of another, which it never was to be.
  it('are none where they lack what makes the arm, or are an arm themselves', async () => {
    const full = await made([]);
    const planned = await plan();
    expect(planned.study.arms[0]).toMatchObject({ run: full, state: 'finished' });
    expect(planned.near).toEqual([]);
    const base = await made(['challenger.train=false', 'solver.steps=5']);
    expect((await plan()).near).toMatchObject([{ run: base, arm: 'base-challenger', differs: ['solver.steps'] }]);
  });

  // Would catch: a run of an earlier program that seems equal, for its recipe is.
  it('tell the versions they were made by', async () => {
    await made([], { identified: false, versions: { method: String(METHOD_VERSION + 1), grader: '1' } });
    const [near] = (await plan('label-decay')).near;
    expect(near?.differs).toEqual([]);
    expect(near?.because.join('; ')).toMatch(/^it was made by version \d+ of the method, .*version 1 of the grader/);
  });
});

describe('the table to come', () => {
  // Would catch: a dry run that promises fewer columns than the table will have.
  it('is told with the columns and comparisons of the recipe', async () => {
    const others = 'evaluation.others=[{ benchmark: chains-oneway, samples: 0 }]';
    const { forecast } = await new Studies({
      ...{ use: (work) => work(db), pause: () => undefined, pollMs: 1_000_000 },
    }).plan({ family: 'main-table', recipe: recipe('evaluation.samples=4', 'iterations=1', others), seeds: [0] });
    expect(forecast.columns).toEqual(['chains-test', 'chains-test mean@4', 'chains-oneway', 'time', 'tokens']);
    expect(forecast.compared).toEqual(['chains-test', 'chains-test mean@4', 'chains-oneway']);
    expect(forecast.comparisons).toEqual([
      'Base Challenger, iteration 1 − Base model',
      'R-Zero, iteration 1 − Base model',
      'R-Zero, iteration 1 − Base Challenger, iteration 1',
    ]);
  });
});
