/** The room of studies worked as a person works it, over studies whose runs the scripted executor made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRecipe } from '../../main/coevolution/recipe.js';
import { Studies } from '../../main/lab/studies/studies.js';
import { Database } from '../../main/store/database.js';
import { readQueue, removeFromQueue } from '../../main/store/queue.js';
import { builtPage, openApp, type App } from '../support/app.js';
import { violations } from '../support/axe.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { workOn } from '../support/scripted-run.js';
import { SCRIPTED_RUN } from '../support/small-runs.js';

const ROOT = join(import.meta.dirname, '../..');
const recipe = loadRecipe('nano', { set: SCRIPTED_RUN });

/** Begins studies and has their runs made, all but the last of the ablation. */
async function makeStudies(dataDir: string): Promise<void> {
  const db = Database.open(dataDir);
  const studies = new Studies({ use: (work) => work(db), pause: () => undefined, pollMs: 1_000_000 });
  for (const [family, left] of [
    ['main-table', 0],
    ['label-decay', 0],
    ['ablation', 1],
  ] as const) {
    const { id } = await studies.begin({ family, recipe, seeds: [0, 1], keepCheckpoints: true });
    while (studies.info(id).arms.filter((arm) => arm.state !== 'finished').length > left) {
      const { run } = readQueue(db).waiting[0] as { run: string };
      removeFromQueue(db, run);
      await workOn(dataDir, run);
      studies.goOn(id);
    }
    studies.pause(id);
  }
  db.close();
}

describe.skipIf(CHROMIUM === null)(`the room of studies in a browser${WHY_SKIPPED}`, () => {
  let app: App;
  let empty: App;
  let fake: ChildScript;
  const folders: string[] = [];
  const folder = (name: string): string => {
    const made = mkdtempSync(join(tmpdir(), `rzero-${name}-`));
    folders.push(made);
    return made;
  };

  beforeAll(async () => {
    const page = await builtPage('studies');
    fake = await childScript(join(ROOT, 'test/support/fake-engine.ts'));
    process.env.RZERO_FAKE = 'wait';
    const dataDir = folder('studies');
    await makeStudies(dataDir);
    app = await openApp({ dataDir, page, engine: fake.path });
    empty = await openApp({ dataDir: folder('no-studies'), page, engine: fake.path });
  }, 180_000);
  afterAll(async () => {
    delete process.env.RZERO_FAKE;
    await app.close();
    await empty.close();
    fake.remove();
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  const clean = async (of: App, page: Page): Promise<void> => {
    expect(await violations(page)).toEqual([]);
    expect(of.wrong).toEqual([]);
  };

  // Would catch: figures in the wrong row, missing arms left out in silence, a table that only the charts can be read from.
  it('shows a study: its arms with their runs, its table with intervals, charts with their tables', async () => {
    const page = await app.open('studies');
    await page.getByRole('link', { name: 'Main table' }).click();
    await page.getByRole('heading', { name: 'Differences' }).waitFor();
    const row = page.getByRole('row', { name: /^R-Zero, iteration 2 \d/ });
    const { id } = app.lab.studies.list().find((s) => s.family === 'main-table') ?? { id: '' };
    const { rows } = app.lab.studies.table(id);
    const value = rows.find((r) => r.key === 'iteration-2')?.cells[0]?.value ?? NaN;
    expect(await row.getByRole('cell').first().textContent()).toContain((100 * value).toFixed(1));
    expect(await page.getByRole('row', { name: /^R-Zero, iteration 2 − Base Challenger, iteration 2/ }).count()).toBe(
      1,
    );
    expect(await page.getByRole('table', { name: /Arms/ }).getByRole('link').count()).toBe(4);
    await page.getByRole('region', { name: 'Charts' }).locator('canvas').first().waitFor();
    await clean(app, page);

    await page.getByRole('link', { name: 'Ablations' }).click();
    await page.getByText('Not finished, and shown as far as they are: without difficulty filter (seed 1).').waitFor();
    expect(await page.getByRole('row', { name: /^without difficulty filter .*1 of 2 seeds/ }).count()).toBe(1);
    expect(new URL(page.url()).hash).toMatch(/studies\?study=ablation-nano-/);
    await clean(app, page);
    await page.context().close();
  });

  // Would catch: buttons that do not reach the lab, and a study that begins what it was not asked to.
  it('goes on with a study and pauses it', async () => {
    const page = await app.open('studies');
    await page.getByRole('link', { name: 'Ablations' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(app.lab.studies.list().find((s) => s.family === 'ablation')?.going).toBe(true);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    expect(app.lab.studies.list().map((s) => s.going)).toEqual([false, false, false]);
    expect(app.wrong).toEqual([]);
    await page.context().close();
  });

  // Would catch: a first visit that explains nothing, a plan that is not shown, and a form whose errors are lost.
  it('explains itself where there is none, and begins one', async () => {
    const page = await empty.open('studies');
    await page.getByText('No study yet').waitFor();
    await page.getByRole('combobox', { name: /^Study/ }).selectOption('Ablations');
    await page.getByText(/0 of 12 arms finished/).waitFor();
    await clean(empty, page);
    await page.getByLabel(/Changed in all arms/).fill('solver.stepz=3');
    await page
      .getByText(/solver\.stepz/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Begin', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel(/Changed in all arms/).fill('iterations=1');
    await page.getByLabel('Seeds').fill('1');
    await page.getByText(/0 of 4 arms finished/).waitFor();
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByRole('heading', { name: 'Ablations' }).waitFor();
    expect(empty.lab.studies.list().map((s) => [s.family, s.seeds])).toEqual([['ablation', [0]]]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    expect(empty.wrong).toEqual([]);
    await page.context().close();
  });
});
