/** Judges that a lab puts to work for its pages: told, paused, gone on with, and refused where one is at work already. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { judgeRequestSchema, type JudgeJobState, type JudgeRequest } from '../../preload/contract/oracles.js';
import { databasePerTest } from '../../test/support/database-per-test.js';
import { always, judgeEndpoint, type JudgeEndpoint } from '../../test/support/judge-endpoint.js';
import { makeReviewedRun } from '../../test/support/reviewed-run.js';
import { until } from '../../test/support/until.js';
import type { KeyStore } from '../lib/key-store.js';
import type { Secret } from '../lib/secret.js';
import type { Database } from '../store/database.js';
import { Judging } from './judging.js';

let db: Database;
let run: string;
let endpoint: JudgeEndpoint;
let judging: Judging;
const kept = new Map<string, Secret>();
const keys: KeyStore = {
  name: 'a drawer',
  unusable: async () => null,
  get: async (name) => kept.get(name) ?? null,
  put: async (name, secret) => void kept.set(name, secret),
  remove: async (name) => kept.delete(name),
};
databasePerTest((opened) => {
  db = opened;
  run = makeReviewedRun(db, 10).id;
});
beforeEach(async () => {
  kept.clear();
  endpoint = await judgeEndpoint();
  judging = new Judging({ dataDir: db.dataDir, use: (work) => work(db) }, keys);
});
afterEach(async () => {
  await judging.close();
  await endpoint.close();
});

const request = (change: Partial<JudgeRequest> = {}): JudgeRequest =>
  judgeRequestSchema.parse({ run, endpoint: endpoint.url, model: 'small', key: { kind: 'none' }, ...change });
const state = (): JudgeJobState['state'] | undefined => judging.stateOf(run)?.state;

// Would catch: a page that is told nothing until the end, two judges on one run, or a finished one that blocks the next.
it('works one judge per run and tells what it has done', async () => {
  const seen: number[] = [];
  const leave = judging.onChange((of) => seen.push(of === run ? (judging.stateOf(run)?.decided ?? -1) : -2));
  expect(judging.plan(request())).toMatchObject({ items: 12, toAsk: 12 });
  await judging.start(request());
  await expect(judging.start(request())).rejects.toThrow('A judge is at work on this run');
  await until(() => state() === 'done');
  leave();
  expect(Math.min(...seen)).toBe(0);
  expect(Math.max(...seen)).toBe(12);
  expect(new Set(seen).size).toBeGreaterThan(2);
  expect(judging.stateOf(run)).toMatchObject({ total: 12, left: 0, failure: null, requests: 12 });
  await judging.start(request({ model: 'large' }));
  await until(() => state() === 'done');
  judging.dismiss(run);
  expect(judging.stateOf(run)).toBeNull();
});

// Would catch: a pause that forgets what was asked, or what is asked twice when it goes on.
it('pauses, takes what is on its way, and goes on', async () => {
  endpoint.answer = (response, asked) => {
    if (asked.nth === 3) judging.pause(run);
    always('WRONG')(response, asked);
  };
  await judging.start(request({ concurrency: 1 }));
  await until(() => state() === 'paused');
  expect(judging.stateOf(run)).toMatchObject({ decided: 4, left: 8 });
  await judging.resume(run);
  await until(() => state() === 'done');
  expect(endpoint.heard).toHaveLength(12);
});

// Would catch: a lab that cannot be closed because an endpoint does not answer.
it('a stop drops what is on its way', async () => {
  endpoint.answer = () => undefined;
  await judging.start(request());
  await until(() => endpoint.heard.length === 4);
  judging.pause(run);
  expect(state()).toBe('pausing');
  judging.pause(run);
  await until(() => state() === 'paused');
  expect(judging.stateOf(run)).toMatchObject({ decided: 0, failure: null });
});

// Would catch: a failure that nobody hears of, and a key that comes along in what pages are told.
it('takes its key from the store, and says why it failed without it', async () => {
  await expect(judging.start(request({ key: { kind: 'store', name: 'host' } }))).rejects.toThrow('no key "host"');
  await judging.putKey('host', 'sk-very-secret-42');
  expect(await judging.hasKey({ kind: 'store', name: 'host' })).toBe(true);
  endpoint.answer = (response) => void response.writeHead(401).end('bad key sk-very-secret-42');
  await judging.start(request({ key: { kind: 'store', name: 'host' } }));
  await until(() => state() === 'failed');
  expect(endpoint.heard[0]?.authorization).toBe('Bearer sk-very-secret-42');
  const told = JSON.stringify(judging.stateOf(run));
  expect(told).toContain('refuses the key');
  expect(told).not.toContain('very-secret');
  expect(JSON.stringify(await judging.keyPlaces())).not.toContain('very-secret');
});
