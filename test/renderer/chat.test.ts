/** A model tried in the Models room, with the real engine behind it: asked, looked into token by token, branched, compared, scored. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddedModels } from '../../main/lab/models/added-models.js';
import { builtPage, openApp, type App } from '../support/app.js';
import { violations } from '../support/axe.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';

const ROOT = join(import.meta.dirname, '../..');
const PATIENCE = { timeout: 120_000 };

describe.skipIf(CHROMIUM === null)(`the chat of the Models room in a browser${WHY_SKIPPED}`, () => {
  let app: App;
  let engine: ChildScript;
  const dataDir = mkdtempSync(join(tmpdir(), 'rzero-chat-'));

  beforeAll(async () => {
    const page = await builtPage('chat');
    engine = await childScript(join(ROOT, 'main/engine/entry.ts'));
    new AddedModels(dataDir).addFolder(join(ROOT, 'test/golden/models/llama'));
    app = await openApp({ dataDir, page, engine: engine.path });
  }, 180_000);
  afterAll(async () => {
    await app.close();
    engine.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const answers = (page: Page): Locator => page.getByRole('article', { name: /^Answer of / });
  async function ask(page: Page, question: string): Promise<void> {
    await page.getByLabel('Message', { exact: true }).fill(question);
    await page.getByLabel('Message', { exact: true }).press('Enter');
  }
  async function clean(page: Page): Promise<void> {
    expect(await violations(page)).toEqual([]);
    expect(app.wrong).toEqual([]);
  }

  it('would catch an answer without probabilities, a branch that does not go on from its token, and a conversation lost on the way', async () => {
    const page = await app.open('models');
    await page.getByText('How it is asked', { exact: true }).click();
    await page.getByLabel('Temperature').fill('0');
    await ask(page, '3+8-5');
    const first = answers(page).first();
    await first.getByText('Ended by itself.').waitFor(PATIENCE);
    const flow = first.getByRole('group', { name: /tokens, looked at with the arrow keys/ });
    expect((await flow.innerText()).replace('·', '')).toBe('3+8=11-5=6#6');
    await first.getByText(/What it was given: 8 tokens/).click();
    await first.getByText('<bos><question>3+8-5</question>').waitFor();
    await clean(page);

    // By key: the third token, its alternatives, and on from another one.
    await flow.focus();
    for (let i = 0; i < 3; i++) await flow.press('ArrowRight');
    const card = first.getByRole('group', { name: 'The token and its alternatives' });
    expect(await card.innerText()).toMatch(/"8"[\s\S]*token 3 of 13/);
    expect(await first.getByRole('status').first().innerText()).toMatch(/^"8", [>\d]/);
    await clean(page);
    await flow.press('Enter');
    const branch = card.getByRole('button', { name: /^Branch here: / }).first();
    const other = /Branch here: "(.)"/.exec((await branch.getAttribute('aria-label')) ?? '')?.[1];
    await page.keyboard.press('Enter');
    await first.getByText('version 2 of 2').waitFor();
    await first.getByText(/Ended by itself|Cut off/).waitFor(PATIENCE);
    expect((await flow.innerText()).startsWith(`3+${other}`)).toBe(true);
    await first.getByRole('button', { name: 'Earlier version' }).click();
    expect((await flow.innerText()).replace('·', '')).toBe('3+8=11-5=6#6');

    // Another room and back: it is all there, and the second turn needs no loading.
    await page.getByRole('link', { name: 'System', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await first.getByText('version 1 of 2').waitFor();
    const processes = app.lab.processes();
    await ask(page, '2+2-1');
    await answers(page).nth(1).getByText('Ended by itself.').waitFor(PATIENCE);
    expect(app.lab.processes()).toEqual(processes);
    expect(app.lab.chats.loaded).toBe(1);
    await clean(page);
    await page.context().close();
  });

  it('would catch two models that are not asked the same, a score that is not told, and tints that say nothing in the dark', async () => {
    const page = await app.open('models', { colorScheme: 'dark', viewport: { width: 1024, height: 800 } });
    await page.getByLabel('Beside it').selectOption({ label: 'llama' });
    await page.getByText('How it is asked', { exact: true }).click();
    await page.getByLabel('Tokens at most').fill('40');
    await ask(page, '1+1');
    await expect.poll(() => answers(page).count(), PATIENCE).toBe(2);
    for (const i of [0, 1])
      await answers(page)
        .nth(i)
        .getByText(/Ended by itself|Cut off/)
        .waitFor(PATIENCE);
    await clean(page);
    await page.getByText('Score an answer', { exact: true }).click();
    await page.getByLabel('Message', { exact: true }).fill('1+1');
    await page.getByLabel('Answer to score').fill('1+1=2#2');
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    const scored = answers(page).nth(2);
    await scored.getByText('Scored.').waitFor(PATIENCE);
    expect(await scored.innerText()).toMatch(
      /7 tokens · log-probability −?0\.\d+ · perplexity 1\.\d+ · would end here: \d+\.\d %/,
    );
    await clean(page);
    await page.getByRole('button', { name: 'New conversation' }).click();
    expect(await answers(page).count()).toBe(0);
    await page.context().close();
  });
});
