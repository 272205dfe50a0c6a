/** The Run room in a real browser: what a record shows, a failure and what can be done, a run at work and its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRecipe } from '../../main/coevolution/recipe.js';
import { insertEvents } from '../../main/store/events.js';
import { createRun, setRunState } from '../../main/store/runs.js';
import { builtPage, openApp, type App } from '../support/app.js';
import { violations } from '../support/axe.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { makeLargeStore } from '../support/large-store.js';
import { workOn } from '../support/scripted-run.js';
import { testRecipe } from '../support/store-fixtures.js';

/** A scripted run of some milliseconds, with real checkpoints. */
const SMALL = [
  ...['iterations=1', 'challenger.steps=1', 'challenger.rollouts_per_prompt=4', 'challenger.votes=2'],
  ...['curriculum.questions=8', 'curriculum.votes=2', 'curriculum.filter=false', 'solver.steps=1'],
  ...['solver.questions_per_step=2', 'solver.rollouts_per_question=2', 'evaluation.samples=0'],
];

describe.skipIf(CHROMIUM === null)(`the Run room${WHY_SKIPPED}`, () => {
  let app: App;
  let engine: ChildScript;
  let dataDir: string;
  let run: string;
  let broken: string;
  let unbegun: string;
  let trunk: string;
  let tuned: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rzero-run-'));
    const { db, runs } = makeLargeStore(dataDir, { questions: 300, metricPoints: 840, iterations: 2, smallRuns: 0 });
    run = runs[0]?.id ?? '';
    const failed = createRun(db, { recipe: testRecipe(), name: 'broken' });
    broken = failed.id;
    const place = { iteration: 1, phase: 'solver' } as const;
    insertEvents(db, failed.number, 0, [
      {
        ...{ run: broken, sequence: 0, time: Date.now(), type: 'alarm', ...place, step: 3, kind: 'kl', value: 2 },
        ...{ limit: 1, message: 'KL to the start of the phase is 2.000 (limit 1.000).', action: 'pause' },
      },
      {
        ...{ run: broken, sequence: 1, time: Date.now(), type: 'run.failed', code: 'disk' },
        ...{ message: 'The disk is full.', remedy: 'Make room, then resume.' },
      },
    ]);
    setRunState(db, failed.number, 'failed', 'The disk is full.');
    db.run('UPDATE runs SET cursor = ? WHERE number = ?', JSON.stringify({ ...place, step: 3 }), failed.number);
    const stillborn = createRun(db, { recipe: testRecipe(), name: 'stillborn' });
    setRunState(db, stillborn.number, 'failed', 'The model is damaged.');
    unbegun = stillborn.id;
    trunk = createRun(db, { recipe: loadRecipe('nano', { set: SMALL }), name: 'trunk' }).id;
    const tuning = [
      'iterations=0',
      'sft.data=chains-sft',
      'sft.steps=3',
      'sft.evaluate_every=1',
      'evaluation.samples=0',
    ];
    tuned = createRun(db, { recipe: loadRecipe('nano', { set: tuning }), name: 'tuned' }).id;
    db.close();
    await workOn(dataDir, trunk);
    await workOn(dataDir, tuned);
    engine = await childScript(join(import.meta.dirname, '../support/streaming-engine.ts'));
    app = await openApp({ dataDir, page: await builtPage('run'), engine: engine.path });
  }, 180_000);
  afterAll(async () => {
    app.lab.stopAll();
    await app.close();
    engine.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('would catch figures without their interval and n, and stages and rollouts that do not open their questions', async () => {
    const page = await app.open(`run/${run}`);
    const headline = page.getByRole('region', { name: 'Headline' });
    await headline.getByText('56.0 %', { exact: true }).waitFor();
    await headline.getByText('95 % interval 53.0 – 59.0 %, n = 800 questions of chains-test, greedy').waitFor();
    await page
      .getByRole('region', { name: 'Rollouts' })
      .getByRole('link', { name: /^Questions of/ })
      .first()
      .waitFor();
    await page.getByText('None. Guards watch').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Kept', exact: true }).click();
    await page.waitForURL(/#\/questions\//);
    expect(decodeURIComponent(page.url())).toContain('"iteration":2,"phase":"curriculum","kept":true');
    await page.context().close();
  });

  it('would catch a loop that tells no reward until its chart has been in sight', async () => {
    const page = await app.open(`run/${run}`, { viewport: { width: 1440, height: 320 } });
    for (const role of ['challenger', 'solver']) await page.locator(`.${role} .does`, { hasText: /^reward/ }).waitFor();
    expect(await page.locator('[data-metric] canvas').count()).toBe(0);
    await page.context().close();
  });

  it('would catch a failure without its remedy, a Resume that does nothing, a stop that does not say what is lost', async () => {
    const page = await app.open(`run/${broken}`);
    const alert = page.getByRole('alert');
    await alert.getByText('The disk is full.').waitFor();
    await alert.getByText('Make room, then resume.').waitFor();
    const alarm = page.getByRole('region', { name: 'Alarms' }).getByRole('row').nth(1);
    expect(await alarm.innerText()).toMatch(
      /Serious\s+Iteration 1, Solver, step 4\s+kl KL to the start.*asked to pause/s,
    );
    expect(await violations(page)).toEqual([]);

    await alert.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await alert.waitFor({ state: 'detached' });
    await page
      .getByRole('img', { name: /^The loop, iteration 1 of \d+: Solver learns to answer, \d+ \/ 200000/ })
      .waitFor();

    const stop = async (how: string): Promise<void> => {
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.getByRole('menuitem', { name: how }).click();
    };
    await stop('After this iteration');
    const pending = page.getByText('Will pause after this iteration and its evaluation.');
    await pending.waitFor();
    expect(app.lab.run(broken).pausing).toBe('iteration');
    await page.getByRole('button', { name: 'Carry on' }).click();
    await pending.waitFor({ state: 'detached' });
    expect(app.lab.run(broken).pausing).toBeNull();

    await stop('At once …');
    const dialog = page.getByRole('dialog', { name: 'Stop broken at once?' });
    await dialog.getByText('since the last checkpoint is lost').waitFor();
    await dialog.getByRole('button', { name: 'Let it run' }).click();
    expect(app.lab.holds(broken)).toBe(true);
    await stop('At once …');
    await dialog.getByRole('button', { name: 'Stop at once' }).click();
    await page.getByRole('button', { name: 'Resume' }).first().waitFor();
    expect(app.lab.holds(broken)).toBe(false);
    await page.context().close();
  });

  it('would catch a checkpoint promised, and a role shown at work, where nothing was ever done', async () => {
    const page = await app.open(`run/${unbegun}`);
    const alert = page.getByRole('alert');
    await alert.getByText('The model is damaged.').waitFor();
    await alert.getByRole('button', { name: 'Start again' }).waitFor();
    expect(await page.getByText('checkpoint').count()).toBe(0);
    await page.getByRole('img', { name: 'The loop, iteration 0 of 3: nobody is at work.' }).waitFor();
    expect(await page.locator('.station.now').count()).toBe(0);
    expect(() => app.lab.queue.add([unbegun], 'auto')).toThrow(/failed before anything of it was done: The model/);
    await page.context().close();
  });

  it('would catch other benchmarks without intervals, and a comparison of two measurements that does not open', async () => {
    const page = await app.open(`run/${trunk}`);
    const carries = page.getByRole('region', { name: 'What carries over' });
    await carries.getByText('Gain: the newest against the base model').waitFor();
    const other = carries.getByRole('row', { name: /^chains-oneway/ });
    expect(await other.innerText()).toMatch(/\d+\.\d – \d+\.\d[\s\S]*[+−]\d+\.\d[\s\S]* to [+−]/);
    expect(await violations(page)).toEqual([]);
    await page.goto(`${page.url().split('#')[0]}#/compare?runs=${tuned},${trunk}`);
    const pair = page.getByRole('region', { name: 'Question by question' });
    await pair.getByRole('combobox', { name: /^A/ }).selectOption('tuned, before fine-tuning');
    const open = pair.getByRole('button', { name: /questions won and lost on chains-test/ });
    await open.click();
    const [won, lost] = (await open.innerText()).split(' / ');
    await pair.getByText(`chains-test, greedy answers: ${won} won, ${lost} lost`).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(app.wrong).toEqual([]);
    await page.context().close();
  });

  it('would catch panels of a loop in a run that only fine-tunes, and curves of it that are not there', async () => {
    const page = await app.open(`run/${tuned}`);
    await page.getByRole('img', { name: /^The loop/ }).waitFor();
    await page.getByText(/points on what it was before fine-tuning/).waitFor();
    await page.locator('[data-metric="sft loss"] canvas').waitFor();
    expect(await page.getByText('Nothing yet').count()).toBe(0);
    await page
      .getByRole('row', { name: /^before SFT/ })
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${page.url().split('#')[0]}#/training/${tuned}`);
    await page.getByRole('heading', { name: 'Held-out loss', exact: true }).waitFor();
    await page.locator('[data-metric="sft loss"] canvas').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(app.wrong).toEqual([]);
    await page.context().close();
  });

  it('would catch a fork that hides why it is refused, or that does not say where it comes from', async () => {
    const page = await app.open(`run/${trunk}`);
    await page.getByRole('button', { name: 'Fork …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fork trunk' });
    const points = dialog.getByRole('radio');
    await points.first().waitFor();
    await points.last().check();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('twig');
    const changes = dialog.getByRole('textbox', { name: /What is different/ });
    await changes.fill('solver.no_such_key=1');
    await dialog.getByRole('button', { name: 'Make the fork' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/no_such_key/)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await changes.fill('solver.steps=2');
    await dialog.getByRole('button', { name: 'Make the fork' }).click();
    await page.getByRole('heading', { name: 'twig' }).waitFor();
    await page.getByRole('link', { name: /^forked from trunk, iteration \d/ }).waitFor();
    expect(app.lab.run('twig')).toMatchObject({ state: 'paused', forkedFrom: { run: trunk } });
    await page.context().close();
    expect(app.wrong).toEqual([]);
  });
});
