/** The room of reviews in a real browser over the real server: worked by keyboard, and what it says held against the statistics. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cohensKappa, observationsToHalve } from '../../main/lib/agreement.js';
import { wilson } from '../../main/lib/statistics.js';
import { insertAnswers } from '../../main/store/answers.js';
import { insertCorrectionRounds, insertCorrections } from '../../main/store/corrections.js';
import { Database } from '../../main/store/database.js';
import { reviewStates } from '../../main/store/reviews.js';
import { RunLock } from '../../main/store/run-lock.js';
import { setRunState } from '../../main/store/runs.js';
import { VERDICTS, type Pass, type Verdict } from '../../preload/contract/reviews.js';
import { builtPage, openApp, type App } from '../support/app.js';
import { violationsInBoth } from '../support/axe.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { makeReviewedRun, type ReviewedRun } from '../support/reviewed-run.js';
import { until } from '../support/until.js';

const REVIEWS = 20;

describe.skipIf(CHROMIUM === null)(`the room of reviews${WHY_SKIPPED}`, () => {
  let app: App;
  let dataDir: string;
  let db: Database;
  let run: ReviewedRun;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rzero-review-'));
    db = Database.open(dataDir);
    app = await openApp({ dataDir, page: await builtPage('review') });
  }, 400_000);
  beforeEach(() => {
    run = makeReviewedRun(db, 30);
  });
  afterAll(async () => {
    await app.close();
    db.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The name is given already, except where it is to be asked. */
  async function open(room: string): Promise<Page> {
    const { origin } = new URL(app.url);
    const localStorage = [{ name: 'rzero.reviewer', value: 'ada' }];
    // The store is told of the run by its own watch of the record.
    await until(() => app.lab.runs().some(({ id }) => id === run.id));
    return app.open(room, { storageState: { cookies: [], origins: [{ origin, localStorage }] } });
  }
  const states = (pass: Pass = 'first') => reviewStates(db, run.number, run.keys, pass);
  const verdicts = (pass: Pass = 'first'): (Verdict | null)[] => states(pass).map(({ verdict }) => verdict);
  const stage = (page: Page) => page.getByRole('region', { name: 'Question under review' });
  const at = (page: Page, n: number): Promise<void> =>
    stage(page).getByText(`Question ${n} of`, { exact: false }).first().waitFor();
  const chosen = (page: Page, name: string) =>
    page.getByRole('group', { name: 'Verdict', exact: true }).getByRole('button', { name, pressed: true });
  async function drawAudit(page: Page): Promise<void> {
    await page.getByLabel('Seed').fill('7');
    await page.getByRole('button', { name: 'Draw the audit' }).click();
    await at(page, 1);
  }
  /** One key for the verdict, Enter for the next. */
  async function press(page: Page, keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.keyboard.press('Enter');
    }
  }

  it('would catch a name asked twice, a verdict lost or out of order, an undo of another one, and a wrong interval', async () => {
    await until(() => app.lab.runs().some(({ id }) => id === run.id));
    const page = await app.open(`review/${run.id}`);
    await page.getByLabel('Your name').fill('ada');
    await page.keyboard.press('Enter');
    await drawAudit(page);
    // Four of twenty are not correct, one is a duplicate.
    const keys = Array.from({ length: REVIEWS }, (_, i) => ['2', '3', '4', '2', '5'][i] ?? '1');
    await press(page, keys);
    await at(page, REVIEWS + 1);
    await until(() => states().length === REVIEWS);
    expect(verdicts().filter((v) => v === 'correct').length).toBe(15);
    const accuracy = page.locator('[data-accuracy]');
    const [right, judged] = [15, 19];
    const expected = wilson(right, judged);
    const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
    await accuracy.getByText(share(expected.value), { exact: true }).waitFor();
    await accuracy.getByText(`95 % interval ${share(expected.low)} to ${share(expected.high)}`).waitFor();
    await accuracy
      .getByText(`15 correct and 4 not, among the first 20 of 32 drawn at random (seed 7) from 32`)
      .waitFor();
    await accuracy.getByText('1 duplicate says nothing of the label').waitFor();
    // No more than the frame has.
    const more = Math.min(observationsToHalve(right, judged) ?? 0, 32 - judged);
    await accuracy.getByText(`About ${more} more verdicts would halve the interval`).waitFor();
    await page.keyboard.press('u');
    await at(page, REVIEWS);
    await chosen(page, 'correct').waitFor();
    await until(() => states().length === REVIEWS - 1);
    await page.getByRole('status').filter({ hasText: 'Taken back: correct.' }).waitFor({ state: 'attached' });
    await page.keyboard.press('Backspace');
    await until(() => states().filter(({ status }) => status === 'discarded').length === 1);
    await page.reload();
    await at(page, 1);
    expect(await page.getByLabel('Your name').count()).toBe(0);
    await page.context().close();
  });

  it('would catch a verdict, a label or a note that a crash of the window takes along, or that undo leaves in part', async () => {
    const page = await open(`review/${run.id}?order=informative`);
    await at(page, 1);
    for (const key of ['ArrowRight', 'e']) await page.keyboard.press(key);
    await page.keyboard.type('-11');
    await page.keyboard.press('Enter');
    await page.keyboard.press('n');
    await page.keyboard.type('a minus is missing');
    await until(
      () => db.get('SELECT 1 FROM review_drafts WHERE run = ? AND draft LIKE ?', run.number, '%missing%') !== undefined,
    );
    await page.reload();
    const label = page.getByRole('textbox', { name: 'Right label' });
    await label.waitFor();
    await chosen(page, 'wrong label').waitFor();
    expect(await label.inputValue()).toBe('-11');
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('a minus is missing');
    await page.keyboard.press('Enter');
    await until(() => states().length === 1);
    expect(states()[0]).toMatchObject({
      verdict: 'wrong-label',
      label: '-11',
      note: 'a minus is missing',
      reviewer: 'ada',
    });
    await page.keyboard.press('u');
    await until(() => states().length === 0);
    await chosen(page, 'wrong label').waitFor();
    expect(await label.inputValue()).toBe('-11');
    await page.context().close();
  });

  it('would catch a failure that goes by unseen, or that takes what was typed with it', async () => {
    const page = await open(`review/${run.id}?order=informative`);
    await at(page, 1);
    await stage(page).getByText('by vote').waitFor();
    const key = Number(/q=(\d+)/.exec(page.url())?.[1]);
    db.transaction(() => {
      db.run('DELETE FROM answers WHERE run = ? AND question = ?', run.number, key);
      db.run('DELETE FROM questions WHERE run = ? AND question = ?', run.number, key);
    });
    await page.keyboard.press('n');
    await page.keyboard.type('kept');
    await page.keyboard.press('Escape');
    await press(page, ['2']);
    await page
      .getByRole('alert')
      .filter({ hasText: `has no question ${key}` })
      .waitFor();
    await at(page, 1);
    await chosen(page, 'wrong label').waitFor();
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('kept');
    expect(states()).toEqual([]);
    await page.context().close();
  });

  it('would catch a second pass that shows what the first one said, and a κ that is not Cohen’s', async () => {
    const first = ['1', '1', '2', '2', '1', '3', '1', '2', '1', '1'];
    const page = await open(`review/${run.id}`);
    await drawAudit(page);
    await press(page, first);
    await until(() => states().length === first.length);
    await page.getByText('Blind second pass').click();
    await at(page, 1);
    await stage(page).getByText('Second pass, blind').waitFor();
    const second = ['1', '2', '2', '2', '1', '1', '1', '2', '3', '1'];
    for (const key of second) {
      const seen = (await stage(page).textContent()) ?? '';
      expect(seen).not.toMatch(/by vote|% of \d+ votes|Reviewed by/);
      expect(await page.locator('[data-accuracy]').count()).toBe(0);
      expect(await page.locator('.choices [aria-pressed=true]').count()).toBe(0);
      await press(page, [key]);
    }
    await until(() => states('second').length === second.length);
    const place = (key: string): number => Number(key) - 1;
    const table = VERDICTS.map((_, i) =>
      VERDICTS.map((__, j) => first.filter((key, n) => place(key) === i && place(second[n] ?? '') === j).length),
    );
    const { kappa } = cohensKappa(table);
    const agreement = page.locator('[data-agreement]');
    expect(await agreement.getByText('κ =').isVisible()).toBe(false);
    await agreement.locator('summary').click();
    await agreement.getByText(`κ = ${kappa?.value.toFixed(2)}`, { exact: true }).waitFor();
    await agreement.getByText(`95 % interval ${kappa?.low.toFixed(2)} to ${kappa?.high.toFixed(2)}`).waitFor();
    expect(await agreement.locator('tbody td').allTextContents()).toEqual(table.flat().map(String));
    await page.context().close();
  });

  it('would catch a bulk verdict on rows that were not chosen, or an undo that takes only one of them back', async () => {
    const page = await open(`review/${run.id}?order=disagreements&view=table`);
    const grid = page.getByRole('grid', { name: 'Questions under review' });
    await grid.getByText('the oracle says it is wrong').first().waitFor();
    await grid.focus();
    for (const key of ['Space', 'ArrowDown', 'ArrowDown', 'Space', '4']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Record 2' }).click();
    await until(() => states().length === 2);
    const disputed = run.keys.filter((_, item) => item < 30 && item % 3 === 0);
    expect(states().map(({ question, verdict }) => [question, verdict])).toEqual([
      [disputed[0], 'unsolvable'],
      [disputed[2], 'unsolvable'],
    ]);
    await page.keyboard.press('u');
    await until(() => states().length === 0);
    await page.context().close();
  });

  it('would catch rows of a long queue, and answers of a large group, that nobody can reach', async () => {
    run = makeReviewedRun(db, 620);
    const [key = 0] = run.keys;
    const like = { key, source: 'vote', iteration: 1, step: 0, tokens: 9, finish: 'stop' } as const;
    const answers = Array.from({ length: 80 }, (_, i) => ({
      ...like,
      sample: 10 + i,
      text: `${i} so 4`,
      canonical: '4',
    }));
    insertAnswers(
      db,
      run.number,
      1,
      answers.map((answer) => ({ ...answer, extracted: '4' })),
    );
    const page = await open(`questions/${run.id}?q=${key}`);
    const group = page.getByRole('button', { name: /^\+?\s*4\s*label/ }).first();
    await group.click();
    await page.getByText('19 more say the same.').waitFor();
    expect(await page.getByText('Answer 90 ·').count()).toBe(0);
    await page.getByRole('button', { name: 'Show more of them' }).click();
    await page.getByText('Answer 90 ·').waitFor();
    expect(await page.getByText('more say the same').count()).toBe(0);
    await page.context().close();

    const table = await open(`review/${run.id}?order=informative&view=table`);
    const grid = table.getByRole('grid', { name: 'Questions under review' });
    const rows = async (): Promise<number> => Number(await grid.getAttribute('aria-rowcount')) - 1;
    await expect.poll(rows).toBe(500);
    await grid.focus();
    await table.keyboard.press('Control+End');
    await table.getByText('The first 500 of the queue').waitFor();
    await table.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(rows).toBe(622);
    // One stays where one was.
    await expect.poll(() => grid.locator('[aria-rowindex="501"]').count()).toBe(1);
    expect(await table.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    await table.context().close();
  });

  it('would catch a tab that goes on with what another one has judged, and one that loses what is typed in it', async () => {
    const first = await open(`review/${run.id}?order=informative`);
    await at(first, 1);
    const second = await first.context().newPage();
    await second.goto(app.url);
    await second.locator('[data-room-title]').waitFor();
    await second.evaluate(`location.hash = '#/review/${run.id}?order=informative'`);
    await at(second, 1);
    await second.keyboard.press('n');
    await second.keyboard.type('mine');
    await second.keyboard.press('Escape');
    await first.bringToFront();
    await press(first, ['1', '2', '4']);
    await until(() => states().length === 3);
    const progress = second.getByText(/^\s*3 of \d+ done/);
    await progress.waitFor();
    await stage(second).getByText('Reviewed by ada:').waitFor();
    expect(await second.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('mine');
    // What the first tab has judged is not offered here again.
    await second.bringToFront();
    await second.keyboard.press('ArrowRight');
    await at(second, 2);
    const here = Number(/q=(\d+)/.exec(second.url())?.[1]);
    expect(states().map(({ question }) => question)).not.toContain(here);
    await first.context().close();
  });

  it('would catch a switch that says it uses reviews and does not, that cannot be taken back, or that works on a run at work', async () => {
    const page = await open(`review/${run.id}?order=informative`);
    const use = page.getByRole('checkbox', { name: 'This run uses reviews' });
    await use.waitFor();
    expect(await use.isChecked()).toBe(false);
    await use.focus();
    await page.keyboard.press('Space');
    await until(() => app.lab.run(run.id).reviews.use);
    // A mark of every room, and only once a review has taken effect.
    expect(await page.getByText('not zero-data', { exact: true }).count()).toBe(0);
    await page.reload();
    await use.and(page.locator(':checked:enabled')).waitFor();
    await use.uncheck();
    await until(() => !app.lab.run(run.id).reviews.use);
    await use.check();
    await until(() => app.lab.run(run.id).reviews.use);

    // Another process takes the run: here it cannot be switched any more, and it is said why.
    const lock = RunLock.take(db, run.number, run.id);
    setRunState(db, run.number, 'running');
    await page.getByText('Pause the run to change this.').waitFor();
    expect(await use.isDisabled()).toBe(true);
    expect(() => app.lab.useReviews(run.id, false)).toThrow();
    const [key = 0] = run.keys;
    const said = { verdict: 'unsolvable', oldLabel: '4', newLabel: null, author: 'ada', entry: null };
    insertCorrections(db, run.number, 1, [{ key, source: 'reviews', effect: 'removed', ...said }]);
    const counts = { removed: 1, relabelled: 0, remaining: 31 };
    insertCorrectionRounds(db, run.number, 1, [{ iteration: 1, source: 'reviews', ...counts }]);
    setRunState(db, run.number, 'paused');
    lock.release();
    await page.getByText('Not zero-data: reviews or data').waitFor();
    await page.getByText('Iteration 1: 1 removed, 0 relabelled').waitFor();
    await page.getByText('Which ones').click();
    await page.getByRole('link', { name: 'What is 0 + 1?' }).waitFor();
    expect(await violationsInBoth(page)).toEqual([]);
    await page.context().close();
  });

  it('would catch guidelines that are not kept', async () => {
    const page = await open(`review/${run.id}?order=informative`);
    await page.getByRole('button', { name: 'Write' }).click();
    await page.getByRole('textbox', { name: 'Guidelines' }).fill('Signs count. 1 is not a verdict here.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Signs count.').waitFor();
    await page.reload();
    await page.getByText('Signs count.').waitFor();
    expect(states()).toEqual([]);
    await page.context().close();
  });

  it('would catch what axe finds in focus and table', async () => {
    const page = await open(`review/${run.id}`);
    await drawAudit(page);
    await press(page, ['1', '2', '1']);
    await page.locator('[data-accuracy]').getByText('95 % interval').waitFor();
    await page.keyboard.press('s');
    await stage(page).getByText('Judge these together').waitFor();
    expect(await violationsInBoth(page)).toEqual([]);
    await page.keyboard.press('v');
    await page.getByRole('grid', { name: 'Questions under review' }).getByRole('gridcell').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Record and go to the next').waitFor();
    await page.keyboard.press('Escape');
    expect(await violationsInBoth(page)).toEqual([]);
    expect(app.wrong).toEqual([]);
    await page.context().close();
  });
});
