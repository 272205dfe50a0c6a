/** Every part of the page in a real browser: no accessibility violation, light and dark; worked by keyboard; nothing slow. */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringAxe, violationsInBoth } from '../support/axe.js';
import { CHROMIUM, openBrowser, serveFolder, WHY_SKIPPED } from '../support/chromium.js';

const PAGES = ['charts', 'drawings', 'table', 'text', 'form', 'shell'] as const;

describe.skipIf(CHROMIUM === null)(`the parts in a browser${WHY_SKIPPED}`, () => {
  let browser: Browser;
  let server: Server;
  let origin = '';
  const wrong: string[] = [];

  async function open(name: string): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    });
    await bringAxe(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => wrong.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(`${name}: ${message.text()}`);
    });
    await page.goto(`${origin}/gallery.html#/gallery/${name}`);
    await page.locator('[data-room-title]').waitFor();
    await page.waitForTimeout(300);
    return page;
  }

  beforeAll(async () => {
    const config = join(import.meta.dirname, '../page.vite.config.ts');
    await build({ configFile: config, logLevel: 'error', build: { outDir: '../../test-results/gallery' } });
    const root = join(import.meta.dirname, '../../test-results/gallery');
    ({ origin, server } = await serveFolder(root));
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it.each(PAGES)(
    'would catch what axe finds on %s, and a page that scrolls sideways at 1024, at 4K, or with text twice as large',
    async (name) => {
      const page = await open(name);
      expect(await violationsInBoth(page)).toEqual([]);
      for (const [width, height] of [
        [1024, 768],
        [3840, 2160],
        [720, 450],
      ] as const) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(100);
        const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        expect([width, over]).toEqual([width, 0]);
      }
      await page.context().close();
    },
  );

  it('would catch a palette, a help or a question that keys cannot work, or that loses the focus', async () => {
    const page = await open('shell');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('keys');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Ask' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A run is at work' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('[data-answer]').textContent()).toBe('Answer: background');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Ask');
    await page.getByRole('button', { name: 'Actions' }).focus();
    for (const key of ['Enter', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    expect(await page.locator('[data-answer]').textContent()).toBe('Answer: b');
    for (const key of ['g', 's']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'System', exact: true }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('System');
    expect(await page.title()).toContain('System');
    await page.context().close();
  });

  it('would catch points that only a pointer can read, a table without the data, a cursor that is not shared', async () => {
    const page = await open('charts');
    const points = page.getByRole('slider', { name: 'Points of Solver reward' });
    await points.focus();
    await page.keyboard.press('Home');
    expect(await points.getAttribute('aria-valuetext')).toMatch(/^step 1: reward 0\.\d+/);
    await page.keyboard.press('ArrowRight');
    expect(await points.getAttribute('aria-valuetext')).toMatch(/^step 2: /);
    const other = page.getByRole('slider', { name: 'Points of Challenger reward' });
    expect(await other.getAttribute('aria-valuetext')).toMatch(/^step 2: /);
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await page.getByRole('button', { name: 'Solver reward as a table' }).click();
    expect(await page.getByRole('region', { name: 'Data of Solver reward' }).getByRole('row').count()).toBe(101);
    await page.getByRole('slider', { name: /Labels per iteration/ }).focus();
    for (const key of ['End', 'Enter']) await page.keyboard.press(key);
    expect(await page.locator('[data-marked]').textContent()).toBe('Marked: column 4, all');
    await page.context().close();
  });

  it('would catch a click on a part of a bar that opens another one', async () => {
    const page = await open('charts');
    const bars = page.getByRole('slider', { name: /Labels per iteration/ });
    await bars.scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const box = await bars.boundingBox();
    if (!box) throw new Error('no bars');
    await page.mouse.click(box.x + box.width * 0.25, box.y + box.height * 0.75);
    expect(await page.locator('[data-marked]').textContent()).toBe('Marked: column 0, right');
    await page.context().close();
  });

  it('would catch an empty file of a chart', async () => {
    const page = await open('charts');
    for (const [kind, name, begin] of [
      ['png', 'Picture (PNG)', '\x89PNG'],
      ['svg', 'Drawing (SVG)', '<svg'],
      ['csv', 'Data (CSV)', 'step,reward'],
    ] as const) {
      await page.getByRole('region', { name: 'Solver reward' }).getByRole('button', { name: 'Save' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`solver-reward.${kind}`);
      const body = readFileSync(await download.path());
      expect(body.subarray(0, begin.length).toString('latin1')).toBe(begin);
      expect(body.length).toBeGreaterThan(4000);
    }
    await page.context().close();
  });

  it('would catch text of a model that runs, reorders or disappears', async () => {
    const page = await open('text');
    expect(
      await page.evaluate(
        'window.attacked === undefined && document.querySelectorAll("main img, main script, main a[href^=javascript]").length',
      ),
    ).toBe(0);
    const hostile = await page.locator('[data-hostile] .words').textContent();
    expect(hostile).toContain('<img src=x onerror="window.attacked = true">');
    expect(hostile).toContain('right-to-left override U+202E42');
    expect(await page.locator('[data-formulas] math').count()).toBe(4);
    const broken = await page.locator('[data-broken] .problem code').allTextContents();
    expect(broken.length).toBe(3);
    expect(broken[1]).toContain('\\href');
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(String(await page.locator('[data-million] .words').textContent()).length).toBeGreaterThan(1_000_000);
    await page.context().close();
  });

  it('would catch a table that loses the focus, its place or its rows', async () => {
    const page = await open('table');
    const grid = page.getByRole('grid', { name: 'Questions' });
    const active = (): Promise<string | null> =>
      page.evaluate(
        "(() => { const id = document.activeElement.getAttribute('aria-activedescendant'); return id && document.getElementById(id)?.textContent.trim(); })()",
      );
    await grid.focus();
    expect([await grid.getAttribute('aria-rowcount'), await active()]).toEqual(['100001', '1']);
    await page.keyboard.press('Control+End');
    await page.getByText('100,000', { exact: true }).waitFor();
    await page.keyboard.press('Home');
    expect(await active()).toBe('100,000');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await page.locator('[data-opened]').textContent()).toBe('Opened: 100000; 1 selected');
    for (const key of ['Control+Home', 'ArrowUp', 'Enter', 'Enter']) await page.keyboard.press(key);
    expect(await page.getByRole('columnheader', { name: 'Number' }).getAttribute('aria-sort')).toBe('descending');
    await page.getByText('100,000', { exact: true }).waitFor();
    await page.context().close();
  });

  it('would catch a form whose message a reader does not hear, and one that cannot be sent when all is right', async () => {
    const page = await open('form');
    const field = page.getByRole('textbox', { name: 'Iterations', exact: true });
    const described = String(await field.getAttribute('aria-describedby')).split(' ');
    expect(
      await page.evaluate(
        (id) =>
          `${(globalThis as unknown as { document: { getElementById(id: string): { textContent: string } } }).document.getElementById(id).textContent}`,
        String(described.at(-1)),
      ),
    ).toBe('At least 0.');
    await field.fill('3');
    for (const box of await page.getByRole('textbox', { name: /needed/ }).all()) {
      if ((await box.inputValue()) === '') await box.fill('1');
    }
    expect(await page.locator('[data-wrong]').textContent()).toBe('0 to mend');
    expect(await page.getByRole('button', { name: 'Start' }).isEnabled()).toBe(true);
    await page.context().close();
  });

  it('would catch an error that only the console shows', () => {
    expect(wrong).toEqual([]);
  });
});
