/** The list of runs, the queue, a new run from the form, and runs beside each other, worked in a real browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtPage, openApp, type App } from '../support/app.js';
import { violationsInBoth } from '../support/axe.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { makeLargeStore } from '../support/large-store.js';

describe.skipIf(CHROMIUM === null)(`runs in a browser${WHY_SKIPPED}`, () => {
  let app: App;
  let dataDir: string;
  let engine: ChildScript;
  let ids: string[];
  let page: Page;

  const row = (name: string): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const names = async (): Promise<string[]> => page.locator('[data-run-link]').allTextContents();
  const shown = (expected: readonly string[]): Promise<unknown> =>
    page.waitForFunction(
      (wanted) => {
        const { document } = globalThis as unknown as {
          document: { querySelectorAll(query: string): Iterable<{ textContent: string }> };
        };
        return [...document.querySelectorAll('[data-run-link]')].map((link) => link.textContent).join() === wanted;
      },
      expected.join(),
      { timeout: 30_000 },
    );
  async function choose(name: string, action: string): Promise<void> {
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
  }

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rzero-runs-'));
    process.env.RZERO_FAKE = 'wait';
    process.env.RZERO_FAKE_BACKEND = 'works';
    engine = await childScript(join(import.meta.dirname, '../support/fake-engine.ts'));
    const { db, runs } = makeLargeStore(dataDir, { questions: 300, metricPoints: 20_000, iterations: 3, smallRuns: 2 });
    ids = runs.map(({ id }) => id);
    db.close();
    app = await openApp({ dataDir, page: await builtPage('runs'), engine: engine.path });
  }, 180_000);
  afterEach(async () => {
    await page.context().close();
    expect(app.wrong).toEqual([]);
  });
  afterAll(async () => {
    await app.close();
    engine.remove();
    delete process.env.RZERO_FAKE;
    delete process.env.RZERO_FAKE_BACKEND;
    rmSync(dataDir, { recursive: true, force: true });
  });

  // Would catch: a name, a tag or a note that is lost, a filter that hides what it should show, an archive without a way back.
  it('can be renamed, marked, filtered, put away and taken back, by keyboard alone', async () => {
    page = await app.open('runs');
    await shown(['small 2', 'small 1', 'large']);
    await page.getByRole('link', { name: 'small 1', exact: true }).focus();
    await page.keyboard.press('F2');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await row('first').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Tags', { exact: true }).fill('good, loud');
    await page.keyboard.press('Tab');
    await page.keyboard.type('The one to look at.');
    await page.keyboard.press('Control+Enter');
    await row('first').getByText('The one to look at.').waitFor();
    expect(app.lab.run('first')).toMatchObject({ tags: ['good', 'loud'], notes: 'The one to look at.' });

    await page.keyboard.press('/');
    await page.keyboard.type('/^small \\d$/');
    await shown(['small 2']);
    await page.getByLabel('Filter').fill('/(');
    await page.getByText('Not a regular expression').waitFor();
    await page.getByLabel('Filter').fill('');
    await page.getByRole('button', { name: 'loud' }).click();
    await shown(['first']);
    await page.getByRole('link', { name: 'first', exact: true }).focus();
    await page.keyboard.press('a');
    await page.getByText('No run fits').waitFor();
    await page.getByRole('button', { name: 'Show the archive' }).click();
    await row('first').getByText('archived').waitFor();
    await choose('first', 'Back from the archive');
    await page.getByLabel('With the archive (0)').uncheck();
    expect(await names()).toHaveLength(3);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await shown(['first', 'large', 'small 2']);
    await page.getByRole('link', { name: 'first', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    // Held down: the second is the keyboard's own repetition.
    for (let i = 0; i < 2; i++) await page.keyboard.down('d');
    await page.keyboard.up('d');
    await row('large again').waitFor();
    await page.getByRole('link', { name: 'large again', exact: true }).focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Keep' }).press('Enter');
    expect(await names()).toContain('large again');
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete “large again”' }).click();
    await shown(['first', 'large', 'small 2']);
    await page.getByRole('link', { name: 'first', exact: true }).focus();
    for (const said of ['last', 'live\u202Eevil']) {
      await page.keyboard.press('F2');
      await page.getByLabel('New name of first').fill(said);
      await page.keyboard.press('Enter');
    }
    await page.getByText(/'last' always means the newest run/).waitFor();
    await page.getByText(/one line without control characters/).waitFor();
  });

  // Would catch: a menu whose last actions lie below the window, where no pointer reaches them.
  it('have a menu that stays in a low window', async () => {
    page = await app.open('runs', { viewport: { width: 1440, height: 620 } });
    await page.getByRole('button', { name: 'Actions for small 2', exact: true }).evaluate((button) => {
      (button as unknown as { scrollIntoView(where: object): void }).scrollIntoView({ block: 'end' });
    });
    await page.getByRole('button', { name: 'Actions for small 2', exact: true }).click();
    const last = page.getByRole('menuitem', { name: 'Delete …' });
    await page.getByRole('menu').evaluate(async (list) => {
      const { bottom } = (list as unknown as { getBoundingClientRect(): { bottom: number } }).getBoundingClientRect();
      if (bottom > 620) throw new Error(`the menu ends at ${bottom}`);
    });
    await last.click({ trial: true });
  });

  // Would catch: a form that starts what the lab refuses, seeds that are not made, a queue that is not shown or cannot be steered.
  it('are made from the form and go through the queue', async () => {
    page = await app.open('new-run', { viewport: { width: 1024, height: 800 } });
    const iterations = page.getByRole('textbox', { name: 'Iterations', exact: true });
    expect(await page.locator('form details[open]').count()).toBe(0);
    await iterations.fill('0');
    await page.getByText('0 is for runs with sft').first().waitFor();
    // Nothing is at work, so the run would start at once.
    const start = page.getByRole('button', { name: 'Start run' });
    expect(await start.isDisabled()).toBe(true);
    await iterations.fill('2');
    await page.getByRole('cell', { name: '2', exact: true }).waitFor();
    expect(await page.getByRole('row', { name: /^iterations 3 2/ }).count()).toBe(1);
    const name = 'trial';
    await page.getByLabel('Name of the run').fill(name);
    const seeds = page.getByLabel('Seeds');
    await seeds.fill('3-1');
    await page.getByText('“3-1” runs backwards').first().waitFor();
    await seeds.fill('4-5');
    await page.getByText('nothing at all').waitFor();
    // A look into another room, and a reload, leave what was begun as it is.
    await page.getByRole('link', { name: 'System', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
    await page.goBack();
    await page.getByText('As you left it.').waitFor();
    await page.reload();
    await page.getByText('As you left it.').waitFor();
    expect([await iterations.inputValue(), await seeds.inputValue()]).toEqual(['2', '4-5']);
    expect(await page.getByLabel('Name of the run').inputValue()).toBe(name);
    await page.getByText('no run of this kind on this machine yet').waitFor();
    await page.getByText('An estimate from model and recipe').first().click();
    for (const section of ['Challenger', 'Guards', 'Checkpoint'])
      await page.locator('summary', { hasText: section }).first().click();
    expect(await violationsInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Queue 2 runs' }).click();

    await page.getByRole('region', { name: 'Queue' }).waitFor();
    expect(await page.evaluate("sessionStorage.getItem('rzero.newRun')")).toBeNull();
    const [first, second] = [`${name}-seed-4`, `${name}-seed-5`];
    const panel = page.getByRole('region', { name: 'Queue' });
    await panel.getByRole('link', { name: second }).waitFor();
    await panel.getByText('The next starts by itself when this one ends.').waitFor();
    expect(app.lab.queue.state).toMatchObject({
      working: app.lab.run(first).id,
      waiting: [{ run: app.lab.run(second).id }],
    });
    expect(app.lab.recipeOf(app.lab.run(second).id)).toMatchObject({ iterations: 2, seed: 5 });
    app.lab.stop(app.lab.run(first).id);
    await panel.getByText(`It holds. ${first} was stopped.`).waitFor();
    expect(await violationsInBoth(page)).toEqual([]);
    await panel.getByRole('button', { name: `${second} earlier` }).click();
    await panel.getByRole('button', { name: `Take ${first} out of the queue` }).click();
    await panel.getByRole('button', { name: 'Go on' }).click();
    await panel.getByText('Nothing waits behind it.').waitFor();
    app.lab.stop(app.lab.run(second).id);
    await panel.getByRole('button', { name: `Take ${second} out of the queue` }).click();
    await panel.getByText('It holds.').waitFor();
    await panel.getByRole('button', { name: 'Go on' }).click();
    await panel.getByText('Nothing waits.').waitFor();
    // One that failed does not hold it, and is named.
    app.lab.write((db) => db.run("UPDATE queue_state SET reason = 'x failed: The disk is full.'"));
    await panel.getByText('It went on past a run: x failed: The disk is full.').waitFor();
    app.lab.queue.goOn();
    for (const made of [first, second]) await app.lab.remove(app.lab.run(made).id);
  });

  // Would catch: an address of a run that is gone, after which every room says that there are none; a long name that pushes rooms out of the window.
  it('leave the rooms as they are, whatever is missing and however one is called', async () => {
    page = await app.open('run/nosuch', { viewport: { width: 1024, height: 800 } });
    await page.getByText('There is no run nosuch').waitFor();
    await page.getByRole('link', { name: 'Run', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'small 2' }).waitFor();
    const long = 'W'.repeat(200);
    const [run, other] = [app.lab.run('small 2').id, String(ids[0])];
    app.lab.annotate(run, { name: long });
    await page.getByRole('heading', { level: 1, name: long }).waitFor();
    const window = (): Promise<unknown> =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(await window()).toBe(0);
    await page.getByRole('button', { name: 'Fork …' }).click();
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toHaveLength(200);
    const box = "document.querySelector('dialog[open]')";
    expect(await page.evaluate(`${box}.scrollWidth - ${box}.clientWidth`)).toBe(0);
    await page.keyboard.press('Escape');
    for (const room of [`compare?runs=${run},${other}`, 'system', `new-run?from=${run}`]) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${room}`)}`);
      await page.getByText(long).first().waitFor({ state: 'attached' });
      expect([room, await window()]).toEqual([room, 0]);
    }
    app.lab.annotate(run, { name: 'small 2' });
  });

  // Would catch: text that is taken although it is no recipe, and one whose values do not reach the form.
  it('begin from pasted text or from another run', async () => {
    page = await app.open(`new-run?from=${String(ids[0])}`);
    await page.getByRole('heading', { name: 'Different from large' }).waitFor();
    await page.getByLabel('Begin with').selectOption({ label: 'Text (YAML or JSON)' });
    const text = page.getByLabel('Recipe text');
    await text.fill('name: [');
    await page.getByRole('button', { name: 'Take this text' }).click();
    await page
      .getByRole('alert')
      .getByText(/not valid YAML/)
      .waitFor();
    await text.fill(JSON.stringify({ ...app.lab.recipeOf(String(ids[0])), name: 'pasted', iterations: 7 }));
    await page.getByRole('button', { name: 'Take this text' }).click();
    await page.getByRole('heading', { name: 'Different from the pasted text' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Iterations', exact: true }).inputValue()).toBe('7');
  });

  // Would catch: a comparison that mixes up its runs, hides where recipes differ, or cannot be perceived.
  it('are compared: curves, intervals, differences, the end', async () => {
    page = await app.open('runs');
    for (const name of ['large', 'small 2']) await page.getByLabel(`Select ${name}`, { exact: true }).check();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    const final = page.getByRole('region', { name: 'In the end' });
    await final.getByRole('link', { name: 'small 2' }).waitFor();
    const chart = page.getByRole('region', { name: 'Solver: reward' });
    await chart.scrollIntoViewIfNeeded();
    await chart.getByText('large').or(chart.getByText('tiny')).first().waitFor();
    await page.locator('summary', { hasText: 'Curves' }).click();
    await page.getByRole('checkbox', { name: 'Solver: KL' }).check();
    const kl = page.getByRole('region', { name: 'Solver: KL' });
    await kl.getByRole('button', { name: 'Pin Solver: KL' }).click();
    await kl.getByRole('button', { name: 'Solver: KL as a table' }).click();
    await kl.getByRole('table').or(kl.getByRole('grid')).first().waitFor();
    expect(await violationsInBoth(page)).toEqual([]);
    await page.getByRole('checkbox', { name: 'Solver: KL' }).uncheck();
    await page.getByRole('button', { name: 'Leave small 2 out' }).click();
    await page.getByText('Two runs are needed to compare').waitFor();
    await page.getByLabel('Add a run').selectOption({ label: 'small 2' });
    await final.getByRole('link', { name: 'small 2' }).waitFor();
    expect(new URL(page.url()).hash).toContain(`runs=${String(ids[0])},`);
  });
});
