/** Oracles in the application, in a real browser: a judge is counted, started and watched, and its word leads to questions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../main/store/database.js';
import { builtPage, openApp, type App } from '../support/app.js';
import { violations } from '../support/axe.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { completion, judgeEndpoint, sendJson, type JudgeEndpoint } from '../support/judge-endpoint.js';
import { makeReviewedRun } from '../support/reviewed-run.js';

const HARM = '<img src=x onerror="window.attacked = true">';

describe.skipIf(CHROMIUM === null)(`oracles in the application${WHY_SKIPPED}`, () => {
  let app: App;
  let dataDir: string;
  let run: string;
  let endpoint: JudgeEndpoint;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rzero-oracles-'));
    const db = Database.open(dataDir);
    run = makeReviewedRun(db, 30).id;
    db.close();
    endpoint = await judgeEndpoint((response, { heard }) => {
      // Every sixth label is wrong, says this judge; the exact oracle says every third.
      const number = Number(/What is (\d+) \+/.exec(heard.body.messages[0]?.content ?? '')?.[1] ?? 1);
      sendJson(response, completion(`${HARM}\nANSWER: 4\nVERDICT: ${number % 6 === 0 ? 'WRONG' : 'CORRECT'}`));
    });
    app = await openApp({ dataDir, page: await builtPage('oracles') });
  }, 180_000);
  afterAll(async () => {
    await app.close();
    await endpoint.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  // Would catch: a judge that cannot be started from the page, a figure that is not drawn anew, a disagreement that opens
  // other questions, a judge's words taken for markup, and a panel that assistive technology cannot use.
  it('a judge is counted, started and watched; its disagreements open', async () => {
    const page = await app.open(`curriculum/${run}`);
    const panel = page.getByRole('region', { name: 'Who says the labels are right' });
    await panel.getByRole('row', { name: /Solver's vote and exact oracle/ }).waitFor();
    await panel.getByRole('button', { name: 'Put a judge to work' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put a judge to work' });
    await dialog.getByRole('textbox', { name: 'Endpoint', exact: true }).fill(endpoint.url);
    await dialog.getByRole('textbox', { name: 'Model, as the endpoint calls it' }).fill('small');
    await dialog.getByRole('radio', { name: 'none' }).check();
    await dialog.getByRole('button', { name: 'Count the requests' }).click();
    await dialog.getByText('32 requests to').waitFor();
    expect(endpoint.heard).toHaveLength(0);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await panel.getByText('32 of 32 answered').waitFor();
    const pair = panel.getByRole('row', { name: /exact oracle and small/ });
    await pair.getByRole('cell', { name: '32', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Not right, says small' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    // Of 30 the oracle calls 10 wrong and the judge 5 of those.
    await pair.getByRole('link', { name: 'small: 5' }).click();
    await page.getByText('5 questions', { exact: true }).waitFor();
    await page.getByRole('row').nth(1).click();
    const judges = page.getByRole('region', { name: 'Judges' });
    await judges.getByText('correct, its own answer 4').waitFor();
    await judges.getByText('What it wrote').click();
    await judges.getByText(HARM).waitFor();
    expect(await page.evaluate('window.attacked')).toBeUndefined();
    expect(app.wrong).toEqual([]);
    await page.context().close();
  });

  // Would catch: a key in the page's storage or its texts, a failure that is not shown, or one that leaves nothing to do.
  it('shows why it cannot, and keeps no key', async () => {
    const page = await app.open(`curriculum/${run}`);
    await page.getByRole('button', { name: 'Put a judge to work' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put a judge to work' });
    await dialog
      .getByRole('textbox', { name: 'Endpoint', exact: true })
      .fill('https://user:sk-typed-0123456789@host.test');
    await dialog.getByRole('textbox', { name: 'Model, as the endpoint calls it' }).fill('small');
    await dialog.getByRole('button', { name: 'Count the requests' }).click();
    await dialog.getByText('it holds a user or a password').waitFor();
    await dialog.getByRole('textbox', { name: 'Endpoint', exact: true }).fill('127.0.0.1:9');
    expect(await page.evaluate('JSON.stringify({ ...localStorage })')).not.toContain('sk-typed');
    expect(await page.content()).not.toContain('sk-typed');
    await page.context().close();
  });
});
