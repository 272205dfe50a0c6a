/** Models of the hub through the contract, as a page asks for them: looked at, fetched, inspected, taken off the list. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { modelsRouter } from '../../main/lab/api/models.js';
import { Lab } from '../../main/lab/lab.js';
import { NodeEngineLauncher } from '../../main/lab/node-engine.js';
import { openRecords } from '../../main/lab/store-records.js';
import { LabError } from '../../main/lib/errors.js';
import type { Fetching } from '../../preload/contract/model-sources.js';
import { FakeHub } from '../support/fake-hub.js';
import { goldenRepository, TINY_COMMIT, TINY_ID } from '../support/golden-repository.js';
import { testRecipe } from '../support/store-fixtures.js';
import { until } from '../support/until.js';

let root: string;
let hub: FakeHub;
let lab: Lab;
const wish = { repository: TINY_ID };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'rzero-models-'));
  hub = new FakeHub([goldenRepository('qwen2-untied')]);
  vi.stubEnv('HF_ENDPOINT', await hub.start());
  vi.stubEnv('HF_HOME', join(root, 'hf'));
  for (const name of ['HF_HUB_CACHE', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_TOKEN_PATH', 'HF_HUB_OFFLINE'])
    vi.stubEnv(name, undefined);
  const dataDir = join(root, 'data');
  lab = new Lab({ dataDir, records: openRecords(dataDir), launcher: new NodeEngineLauncher('/nowhere') });
});
afterEach(async () => {
  await lab.close();
  await hub.stop();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const client = () => createRouterClient(modelsRouter(lab));

async function fetched(): Promise<Fetching[]> {
  const news: Fetching[] = [];
  for await (const next of await client().fetch(wish)) news.push(next);
  return news;
}

// Would catch: sizes and a licence that are only told afterwards, a list that lacks what came, files deleted that were not asked for.
it('are previewed, fetched, listed and removed', async () => {
  vi.spyOn(lab, 'task').mockResolvedValue({} as never);
  const preview = await client().preview(wish);
  expect(preview).toMatchObject({
    commit: TINY_COMMIT,
    revision: 'main',
    about: { licence: 'apache-2.0', chat: false },
  });
  expect(preview.missing).toBe(preview.files.filter(({ here }) => !here).reduce((sum, { bytes }) => sum + bytes, 0));
  expect(preview.missing).toBeGreaterThan(50_000);
  const news = await fetched();
  const done = news.at(-1);
  if (done?.kind !== 'done') throw new Error('it never came to an end');
  const { hub: listed } = await client().list({});
  expect(listed).toEqual([done.model]);
  expect(done.model).toMatchObject({
    ...{ repository: TINY_ID, reference: TINY_ID, there: true, freeable: preview.about.bytes },
    about: { architecture: 'Qwen2ForCausalLM', bytes: preview.about.bytes },
  });
  expect((await client().preview(wish)).missing).toBe(0);
  await expect(client().remove({ id: done.model.id })).resolves.toEqual({ freed: 0 });
  expect(existsSync(join(done.model.folder, 'config.json'))).toBe(true);
  const [again] = (await fetched()).slice(-1);
  if (again?.kind !== 'done') throw new Error('it was not added again');
  await expect(client().remove({ id: again.model.id, deleteFiles: true })).resolves.toEqual({
    freed: preview.about.bytes,
  });
  expect(existsSync(done.model.folder)).toBe(false);
  expect((await client().list({})).hub).toEqual([]);
});

// Would catch: a model that no run could begin with, on the list.
it('are not listed where their files do not fit each other', async () => {
  vi.spyOn(lab, 'task').mockRejectedValue(new LabError('model', 'it does not fit its config.json'));
  await expect(fetched()).rejects.toThrow(/does not fit its config/);
  expect((await client().list({})).hub).toEqual([]);
});

// Would catch: a page that leaves, and gigabytes that come nevertheless.
it('stop coming when the page leaves', async () => {
  vi.spyOn(lab, 'task').mockResolvedValue({} as never);
  hub.trouble(1, ({ host, path }, response) => {
    if (host !== 'cdn' || !path.includes('.safetensors')) return false;
    // Begun, and never ended.
    response.writeHead(200, { 'content-length': 1e6 });
    response.write('x');
    return true;
  });
  const stop = new AbortController();
  const lock = join(root, 'hf', 'hub', 'models--lab--tiny', '.rzero', 'lock');
  for await (const news of await client().fetch(wish, { signal: stop.signal })) {
    expect(news.kind).toBe('progress');
    if (news.kind !== 'progress' || news.file !== 'model.safetensors') continue;
    expect(existsSync(lock)).toBe(true);
    stop.abort();
  }
  await until(() => !existsSync(lock));
  expect((await client().list({})).hub).toEqual([]);
});

// Would catch: a run that begins with whatever the branch is on the day it is started.
it('are recorded in a run by their commit', async () => {
  const recipe = testRecipe({ model: TINY_ID });
  expect(() => lab.createRun(recipe)).toThrow(expect.objectContaining({ code: 'model' }));
  vi.spyOn(lab, 'task').mockResolvedValue({} as never);
  await fetched();
  expect(lab.recipeOf(lab.createRun(recipe).id).model).toBe(`${TINY_ID}@${TINY_COMMIT}`);
});
