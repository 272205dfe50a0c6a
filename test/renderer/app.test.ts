/** The application over a record: every room opens, says nothing wrong, and has no accessibility violation. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPage, openApp, type App } from '../support/app.js';
import { violationsInBoth } from '../support/axe.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { makeLargeStore } from '../support/large-store.js';

const OF_A_RUN = ['run', 'curriculum', 'training', 'questions', 'review'];
const ROOMS = ['runs', ...OF_A_RUN, 'models', 'system', 'prompts', 'studies', 'settings'];

describe.skipIf(CHROMIUM === null)(`the application in a browser${WHY_SKIPPED}`, () => {
  let app: App;
  let dataDir: string;
  let run: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rzero-app-'));
    const { db, runs } = makeLargeStore(dataDir, { questions: 400, metricPoints: 2000, iterations: 3, smallRuns: 2 });
    run = runs[0]?.id ?? '';
    db.close();
    app = await openApp({ dataDir, page: await builtPage('app') });
  }, 180_000);
  afterAll(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('would catch a room that these tests do not know', async () => {
    const page = await app.open('runs');
    expect(await page.getByRole('navigation').first().getByRole('link').count()).toBe(ROOMS.length);
    await page.context().close();
  });

  it.each(ROOMS)('would catch a room that fails, complains or cannot be perceived: %s', async (room) => {
    const page = await app.open(OF_A_RUN.includes(room) ? `${room}/${run}` : room);
    await page.locator('[data-room-title]').filter({ hasText: /./ }).waitFor();
    expect(await violationsInBoth(page)).toEqual([]);
    expect(app.wrong).toEqual([]);
    await page.context().close();
  });
});
