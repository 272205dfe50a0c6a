/** A page that loses its connection again and again misses nothing and is told nothing twice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadRecipe } from '../../main/coevolution/recipe.js';
import type { RunEvent } from '../../preload/contract/events.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { openPage, servedLab, type Page, type ServedLab } from '../support/served-lab.js';
import { until } from '../support/until.js';

const RECONNECTS = 50;

let engine: ChildScript;
let served: ServedLab;
let page: Page;
let folder: string;

beforeAll(async () => {
  engine = await childScript(join(import.meta.dirname, '../support/streaming-engine.ts'));
});
afterAll(() => engine.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-reconnect-'));
  process.env.RZERO_FAKE_UNTIL = join(folder, 'enough');
});
afterEach(async () => {
  page.close();
  await served.close();
  delete process.env.RZERO_FAKE_UNTIL;
  rmSync(folder, { recursive: true, force: true });
});

/** Lets the engine finish its run. */
const enough = (): void => writeFileSync(join(folder, 'enough'), '');

describe('a live stream of events', () => {
  // Would catch: a stream that goes on from the last event sent instead of the last one taken, one that starts again from
  // its beginning, and live progress (never recorded) that is lost with the connection.
  it(`survives ${RECONNECTS} forced reconnects without loss or repetition`, async () => {
    served = await servedLab(engine.path);
    page = openPage(served.server);
    const { id } = served.lab.createRun(loadRecipe('nano'));
    const seen: RunEvent[] = [];
    const stop = page.client.follow((api, options) => api.runs.events({ run: id }, options), {
      item: (events) => void seen.push(...events),
      failure: (failure) => {
        throw failure;
      },
    });
    await page.client.api.runs.resume({ run: id });
    for (let i = 0; i < RECONNECTS; i++) {
      const { length } = seen;
      await until(() => page.client.connection.state.kind === 'open');
      // Now right after an item, now in the middle of nothing, now when the stream is only just asked for again.
      if (i % 3 !== 2) await until(() => seen.length > length);
      await new Promise((resolve) => setTimeout(resolve, (i * 7) % 40));
      // Counted, not looked for: between two looks a connection may be gone and there again.
      const dials = page.dials();
      page.socket()?.terminate();
      await until(() => page.dials() > dials);
    }
    enough();
    await until(() => seen.at(-1)?.type === 'run.finished');
    stop();
    expect(page.dials()).toBe(RECONNECTS + 1);
    expect(seen.map((event) => event.sequence)).toEqual(seen.map((_, i) => i));
  });

  // Would catch: a viewer beside another process that gets the recorded events of it twice, out of order, or not at all.
  it('is whole also for a page of another process than the one that has the engine', async () => {
    served = await servedLab(engine.path);
    const owner = await servedLab(engine.path, served.dataDir);
    page = openPage(served.server);
    const { id } = owner.lab.createRun(loadRecipe('nano'));
    const seen: RunEvent[] = [];
    const stop = page.client.follow((api, options) => api.runs.events({ run: id }, options), {
      item: (events) => void seen.push(...events),
      failure: (failure) => {
        throw failure;
      },
    });
    await owner.lab.start(id);
    for (let i = 0; i < 5; i++) {
      const { length } = seen;
      await until(() => seen.length > length);
      page.socket()?.terminate();
    }
    enough();
    await until(() => seen.at(-1)?.type === 'run.finished');
    stop();
    expect(seen).toEqual(served.lab.history(id));
    expect(seen.every((event) => event.type !== 'phase.progress')).toBe(true);
    await owner.close();
  });
});
