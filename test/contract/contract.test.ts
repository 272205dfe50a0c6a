/** The whole contract over a real message channel, as the application's window speaks it: neither end trusts the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { isContractProcedure } from '@orpc/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contractHandler } from '../../main/lab/api/router.js';
import { MAX_MESSAGE } from '../../main/lab/api/envelope.js';
import { MAX_OPEN, serveWire } from '../../main/lab/api/serve.js';
import { Lab } from '../../main/lab/lab.js';
import { NodeEngineLauncher } from '../../main/lab/node-engine.js';
import { openRecords } from '../../main/lab/store-records.js';
import { contract } from '../../preload/contract/contract.js';
import type { RunEvent } from '../../preload/contract/events.js';
import type { RunChanges } from '../../preload/contract/runs.js';
import { LabFailure } from '../../renderer/connection/failure.js';
import { Connection } from '../../renderer/connection/connection.js';
import { LabClient } from '../../renderer/lab-client.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { until } from '../support/until.js';

let engine: ChildScript;
let dataDir: string;
let lab: Lab;
let ports: MessagePort[];
let refusals: string[];

/** A serving end, and the port at the page's end. */
function serve(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  serveWire(
    {
      send: (message) => port1.postMessage(message),
      onMessage: (listener) => void port1.on('message', listener),
      onClose: (listener) => void port1.on('close', listener),
      refuse: (reason) => {
        refusals.push(reason);
        port1.close();
      },
    },
    contractHandler(lab, 'desktop'),
  );
  return port2;
}

function client(port = serve()): LabClient {
  const connection = new Connection();
  const open = connection.open({ send: (message) => port.postMessage(message), close: () => port.close() });
  port.on('message', (message) => open.message(message));
  port.on('close', () => open.closed());
  return new LabClient(connection);
}

/** Sends a message as it is, and gives the first answer as it comes. */
function raw(message: unknown): Promise<{ i: string; p: { s: number; b: { json: Record<string, unknown> } } }> {
  const port = serve();
  return new Promise((resolve, reject) => {
    port.on('message', (answer: string) => resolve(JSON.parse(answer) as never));
    port.on('close', () => reject(new Error('closed')));
    port.postMessage(message);
  });
}

const call = (route: string, input: unknown): string =>
  JSON.stringify({ i: '1', p: { u: `/${route.replaceAll('.', '/')}`, b: { json: input } } });

/** Every route of the contract, `runs.list`. */
function routes(part: object = contract, path: readonly string[] = []): string[] {
  if (isContractProcedure(part)) return [path.join('.')];
  return Object.entries(part).flatMap(([name, inner]) => routes(inner as object, [...path, name]));
}

beforeAll(async () => {
  engine = await childScript(join(import.meta.dirname, '../support/fake-engine.ts'));
});
afterAll(() => engine.remove());
beforeEach(() => {
  [ports, refusals] = [[], []];
  dataDir = mkdtempSync(join(tmpdir(), 'rzero-contract-'));
  process.env.RZERO_FAKE = 'wait';
  lab = new Lab({ dataDir, records: openRecords(dataDir), launcher: new NodeEngineLauncher(engine.path), pollMs: 20 });
});
afterEach(async () => {
  for (const port of ports) port.close();
  await lab.close();
  delete process.env.RZERO_FAKE;
  rmSync(dataDir, { recursive: true, force: true });
});

describe('what a page sends is not trusted', () => {
  // Would catch: a route without a schema, or with one that lets through what is not an object or has more than it should.
  it('every route refuses input of the wrong type, an unknown key and an oversized text, with code and route', async () => {
    expect(routes().length).toBeGreaterThanOrEqual(17);
    const huge = 'x'.repeat(MAX_MESSAGE / 2 - 200);
    for (const route of routes()) {
      for (const input of [
        'wrong',
        7,
        null,
        ['a'],
        { surely: 'unknown' },
        { run: 5, name: {}, recipe: [] },
        { run: huge, name: huge },
      ]) {
        const { p } = await raw(call(route, input));
        expect(p, `${route} ${JSON.stringify(input)?.slice(0, 40)}`).toMatchObject({
          s: 422,
          b: { json: { code: 'LAB', defined: true, data: { code: 'usage' } } },
        });
        expect(p.b.json['message']).toContain(route);
      }
    }
    expect(lab.runs()).toEqual([]);
    expect(refusals).toEqual([]);
  });

  it('a route that is not there, or is a way to the prototype, is told so', async () => {
    for (const route of [
      'runs.burn',
      'constructor',
      'runs.toString',
      'runs',
      'runs.list.handler',
      'hasOwnProperty.call',
    ]) {
      const { p } = await raw(call(route, {}));
      expect(p, route).toMatchObject({
        s: 422,
        b: { json: { data: { code: 'usage' }, message: expect.stringContaining(route) as string } },
      });
    }
  });

  // Would catch: an exception in the message handler, which would end the application, and decoding of what no page sends.
  it('what is no call ends the connection and nothing else', async () => {
    const file = { i: '1', p: { u: '/runs/list', h: { 'content-disposition': 'attachment; filename="a"' } } };
    const form = { i: '1', p: { u: '/runs/list', h: { 'content-type': 'multipart/form-data; boundary=a' }, b: 'x' } };
    const upload = { i: '1', t: 3, p: { e: 'message', d: 1 } };
    const elsewhere = { i: '1', p: { u: 'http://example.org/runs/list' } };
    const nonsense = [null, 5, {}, 'x', '{', '[]', '{"i":1}', new Uint8Array([123, 125]), 'x'.repeat(MAX_MESSAGE + 1)];
    for (const message of [...nonsense, ...[file, form, upload, elsewhere].map((m) => JSON.stringify(m))]) {
      await expect(raw(message), JSON.stringify(message)?.slice(0, 60)).rejects.toThrow('closed');
    }
    expect(refusals).toHaveLength(13);
    expect(await client().api.runs.list({})).toEqual([]);
  });

  it('assignments cannot reach the prototype of all objects', async () => {
    const recipe = { kind: 'shipped', name: 'nano' } as const;
    const answer = await client().api.recipes.validate({
      recipe,
      set: ['__proto__.polluted=1', 'constructor.prototype.polluted=1'],
    });
    expect(answer.valid).toBe(false);
    const other = await client().api.recipes.validate({ recipe, set: ['constructor.prototype.polluted=1'] });
    expect(other.valid).toBe(false);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('more streams than any page needs are refused, and the others go on', async () => {
    const { id } = lab.createRun((await client().api.recipes.get({ name: 'nano' })).recipe);
    const page = client();
    const stops: (() => void)[] = [];
    const failures: LabFailure[] = [];
    for (let i = 0; i < MAX_OPEN + 3; i++) {
      stops.push(
        page.follow((api, options) => api.runs.events({ run: id }, options), {
          item: () => undefined,
          failure: (failure) => failures.push(failure),
        }),
      );
    }
    await until(() => failures.length === 3);
    expect(failures[0]).toMatchObject({ code: 'busy' });
    for (const stop of stops) stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await page.api.runs.list({})).toHaveLength(1);
  });
});

describe('what the lab answers is not trusted', () => {
  // Would catch: a page that shows, or trips over, what another version of the lab means.
  it('an answer that does not fit is a failure of its own', async () => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    port1.on('message', (message: string) => {
      const { i } = JSON.parse(message) as { i: string };
      port1.postMessage(JSON.stringify({ i, p: { b: { json: [{ id: 'a', state: 'dreaming' }] } } }));
    });
    const failure: unknown = await client(port2)
      .api.runs.list({})
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LabFailure);
    expect(failure).toMatchObject({ code: 'internal', message: expect.stringContaining('runs.list') as string });
  });
});

describe('the routes', () => {
  it('steer a run: its checkpoints, the use of reviews, a fork that cannot be made', async () => {
    const { runs, reviews } = client().api;
    const { id: run, ...made } = await runs.create({ recipe: { kind: 'shipped', name: 'nano' }, start: false });
    const steered = { pausing: null, zeroData: true, forkedFrom: null };
    expect(made).toMatchObject({ ...steered, reviews: { use: false, pauseAfterCurriculum: false } });
    expect(await runs.checkpoints({ run })).toEqual([]);
    expect(await runs.useReviews({ run, use: true })).toMatchObject({ reviews: { use: true } });
    const applied = await reviews.applied({ run });
    expect(applied).toMatchObject({ iterations: [], reviews: [], switches: [{ use: true }] });
    await expect(runs.fork({ run, checkpoint: 3 })).rejects.toMatchObject({
      code: 'not-found',
      remedy: 'It has: none yet.',
    });
    await expect(runs.pause({ run, at: 'iteration' })).rejects.toMatchObject({ code: 'usage' });
    await expect(runs.carryOn({ run })).rejects.toMatchObject({ code: 'usage' });
    expect(await runs.list({})).toHaveLength(1);
  });

  it('make a run from a shipped recipe, pause, resume, stop, name, mark and remove it', async () => {
    const { runs } = client().api;
    const made = await runs.create({
      recipe: { kind: 'shipped', name: 'nano' },
      seed: 9,
      set: ['solver.steps=2'],
      start: false,
    });
    expect(made).toMatchObject({ recipe: 'nano', seed: 9, state: 'created', notes: '', tags: [] });
    const run = made.id;
    await runs.resume({ run });
    await until(() => lab.history(run).length > 0 || lab.eventsAfter(run, -1).length > 0);
    await expect(runs.resume({ run })).rejects.toMatchObject({ code: 'busy' });
    expect(await runs.pause({ run })).toEqual({});
    await lab.ended(run);
    process.env.RZERO_FAKE_FROM = '10';
    await runs.resume({ run });
    expect(await runs.stop({ run })).toEqual({});
    await lab.ended(run);
    delete process.env.RZERO_FAKE_FROM;
    expect(await runs.get({ run })).toMatchObject({ state: 'paused' });
    await expect(runs.stop({ run })).rejects.toMatchObject({ code: 'usage', remedy: expect.any(String) as string });
    expect(await runs.rename({ run, name: 'Ünïcode ✓' })).toMatchObject({ name: 'Ünïcode ✓' });
    expect(await runs.annotate({ run, tags: ['a', 'b'] })).toMatchObject({ tags: ['a', 'b'], notes: '' });
    expect(await runs.annotate({ run, notes: '<script>' })).toMatchObject({ tags: ['a', 'b'], notes: '<script>' });
    expect(await runs.remove({ run })).toEqual({});
    expect(await runs.list({})).toEqual([]);
  });

  // Would catch: seeds that share a name or a seed, a copy that is not of the same recipe, and a queue that loses some.
  it('make several seeds at once, queue, put away and copy runs, and tell what they were made with', async () => {
    const { runs, queue } = client().api;
    const recipe = { kind: 'shipped', name: 'nano' } as const;
    await queue.hold({});
    const made = await runs.createMany({ recipe, set: ['solver.steps=2'], seeds: [3, 1], then: 'queue' });
    expect(made.map(({ name, seed, state }) => [name, seed, state])).toEqual([
      ['nano-seed-3', 3, 'created'],
      ['nano-seed-1', 1, 'created'],
    ]);
    const [first = '', second = ''] = made.map(({ id }) => id);
    expect((await queue.get({})).waiting.map(({ run }) => run)).toEqual([first, second]);
    expect((await queue.move({ run: second, to: 0 })).waiting.map(({ run }) => run)).toEqual([second, first]);
    expect((await queue.remove({ run: first })).waiting).toHaveLength(1);
    expect((await queue.add({ runs: [first], backend: 'wasm' })).waiting.at(-1)).toEqual({
      run: first,
      backend: 'wasm',
    });
    await expect(runs.createMany({ recipe, seeds: [1, 2], then: 'start' })).rejects.toMatchObject({ code: 'usage' });
    await expect(runs.createMany({ recipe, seeds: [1, 1] })).rejects.toMatchObject({ code: 'usage' });
    expect(await runs.archive({ run: first })).toMatchObject({ archived: true });
    expect(await runs.unarchive({ run: first })).toMatchObject({ archived: false });
    const copies = [
      await runs.duplicate({ run: first }),
      await runs.duplicate({ run: first, seed: 8 }),
      await runs.duplicate({ run: first, seed: 8, name: 'mine' }),
    ];
    expect(copies.map(({ name, seed }) => [name, seed])).toEqual([
      ['nano-seed-3 again', 3],
      ['nano-seed-8', 8],
      ['mine', 8],
    ]);
    const [theirs, own] = await runs.recipes({ runs: [first, String(copies[2]?.id)] });
    expect(own?.recipe).toEqual({ ...theirs?.recipe, seed: 8 });
    expect(theirs?.recipe).toMatchObject({ name: 'nano', solver: { steps: 2 } });
  });

  it('work through the queue: what was added begins by itself, and pages are told', async () => {
    const page = client();
    const [made] = await page.api.runs.createMany({ recipe: { kind: 'shipped', name: 'nano' }, seeds: [1] });
    const run = String(made?.id);
    const told: (string | null)[] = [];
    page.follow((api, options) => api.queue.changes({}, options), {
      item: ({ working }) => void told.push(working),
      failure: (failure) => {
        throw failure;
      },
    });
    await page.api.queue.add({ runs: [run] });
    await until(() => told.includes(run));
    expect(await page.api.queue.get({})).toMatchObject({ going: true, working: run, waiting: [], driven: true });
    await page.api.runs.pause({ run });
    await until(() => told.at(-1) === null);
    expect(await page.api.queue.get({})).toMatchObject({ going: false, waiting: [{ run }] });
    expect(await page.api.queue.goOn({})).toMatchObject({ going: true, reason: null });
  });

  // Would catch: a preflight that promises a backend nobody tried, or an estimate from nothing.
  it('tell before a run what it would take, and what stands in its way', async () => {
    const { runs } = client().api;
    const recipe = { kind: 'shipped', name: 'nano' } as const;
    const told = await runs.preflight({ recipe, runs: 3 });
    expect(told).toMatchObject({
      backend: { expected: null },
      time: { seconds: null, source: expect.stringMatching(/no run of this kind/) as string },
      blockers: ['The backend does not start: This engine computes nothing.'],
    });
    expect(told.memory?.needed).toBeGreaterThan(1e8);
    expect(told.disk?.needed).toBeCloseTo(3 * ((await runs.preflight({ recipe })).disk?.needed ?? 0), 0);
    const set = ['model=/no/such/folder', 'evaluation.benchmark=none.jsonl'];
    const wrong = await runs.preflight({ recipe, set });
    expect(wrong.memory).toBeNull();
    expect(wrong.blockers.join(' ')).toMatch(/no benchmark or file called "none.jsonl".*no model folder/);
    await expect(runs.preflight({ recipe, set: ['iterations=0'] })).rejects.toMatchObject({ code: 'recipe' });
  });

  // Would catch: a page that removes another run than the one it shows.
  it('take nothing but a whole id for a run', async () => {
    const { runs } = client().api;
    const { id } = await runs.create({ recipe: { kind: 'shipped', name: 'nano' }, name: 'mine', start: false });
    for (const run of ['mine', 'last', id.slice(0, -1), 'nobody']) {
      await expect(runs.remove({ run }), run).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(await runs.list({})).toHaveLength(1);
  });

  it('make a run from a text, and say of a wrong one what is wrong where', async () => {
    const { api } = client();
    const { text } = await api.recipes.get({ name: 'nano' });
    expect(await api.recipes.validate({ recipe: { kind: 'text', text } })).toMatchObject({ valid: true });
    const bad = { kind: 'text' as const, text: text.replace(/^iterations:.*$/m, 'iterations: 0\nitertions: 3') };
    expect(await api.recipes.validate({ recipe: bad, set: ['solver.stepz=1'] })).toMatchObject({
      valid: false,
      issues: expect.arrayContaining([
        { path: ['iterations'], message: '0 is for runs with sft: there would be nothing to do' },
        { path: ['itertions'], message: expect.stringContaining('Did you mean "iterations"?') as string },
        { path: ['solver', 'stepz'], message: expect.stringContaining('Did you mean "solver.steps"?') as string },
      ]) as unknown[],
    });
    await expect(api.runs.create({ recipe: bad })).rejects.toMatchObject({ code: 'recipe' });
    for (const broken of ['name: [', 'just a word', '', '&a [*a, *a]', `a: &a [x]\n${'b: *a\n'.repeat(300)}`]) {
      const answer = await api.recipes.validate({ recipe: { kind: 'text', text: broken } });
      expect(answer, broken.slice(0, 20)).toMatchObject({ valid: false, issues: [{ path: [] }] });
    }
    const made = await api.runs.create({
      recipe: { kind: 'text', text: JSON.stringify((await api.recipes.get({ name: 'nano' })).recipe) },
      start: false,
    });
    expect(made.recipe).toBe('nano');
  });

  it('give the shipped recipes with all defaults, and the schema a form is made from', async () => {
    const { recipes } = client().api;
    const list = await recipes.list({});
    expect(list.map(({ name }) => name)).toEqual([
      'multiple-choice',
      'nano',
      'nano-rewrite',
      'octothinker-3b',
      'octothinker-3b-lora',
      'octothinker-8b',
      'octothinker-8b-lora',
      'r-zero-paper',
      'r-zero-qwen3-4b',
      'r-zero-qwen3-4b-lora',
      'r-zero-qwen3-8b',
      'r-zero-qwen3-8b-lora',
      'short-facts',
      'smollm2-arithmetic',
    ]);
    expect(list[0]?.recipe.guards.max_kl).toBeGreaterThan(0);
    const schema = await recipes.schema({});
    expect(schema).toMatchObject({ type: 'object', properties: { solver: { type: 'object' } } });
    // Would catch: a form that makes people type what it could offer, or that lost "none" and the file of one's own.
    const word = { const: 'chains-test' };
    const own = { type: 'string', minLength: 1, title: 'a file, or another name' };
    const offered = (...more: object[]) => ({
      anyOf: expect.arrayContaining([...more, word, own].map((o) => expect.objectContaining(o) as object)) as object[],
    });
    expect(schema).toMatchObject({
      properties: {
        evaluation: {
          properties: {
            benchmark: offered(),
            guard_benchmark: { ...offered({ type: 'null' }), default: null },
            others: { items: { properties: { benchmark: offered() } } },
          },
        },
      },
    });
    await expect(recipes.get({ name: '../../package' })).rejects.toMatchObject({ code: 'recipe' });
  });

  it('say where the lab runs', async () => {
    const { system } = client().api;
    expect(await system.info({})).toMatchObject({ shell: 'desktop', dataDir, platform: process.platform });
  });
});

describe('streams', () => {
  it('of events go on after the sequence asked for, until the page leaves', async () => {
    const page = client();
    const run = await page.api.runs.create({ recipe: { kind: 'shipped', name: 'nano' } });
    const seen: RunEvent[] = [];
    const stop = page.follow((api, options) => api.runs.events({ run: run.id, after: 0 }, options), {
      item: (events) => void seen.push(...events),
      failure: (failure) => {
        throw failure;
      },
    });
    await until(() => seen.length === 2);
    stop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    lab.pause(run.id);
    await lab.ended(run.id);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.map((event) => event.sequence)).toEqual([1, 2]);
  });

  it('of events of no run fail, and do not try for ever', async () => {
    const failed = await new Promise<LabFailure>((resolve) => {
      client().follow((api, options) => api.runs.events({ run: 'nobody' }, options), {
        item: () => undefined,
        failure: resolve,
      });
    });
    expect(failed).toMatchObject({ code: 'not-found' });
  });

  // Would catch: a page that must poll, one that misses what another process does, and one that is told the same twice.
  it('of changes begin with the whole list and tell what changes, here and in another process', async () => {
    const page = client();
    const items: RunChanges[] = [];
    const { recipe } = await page.api.recipes.get({ name: 'nano' });
    const first = lab.createRun(recipe);
    page.follow((api, options) => api.runs.changes({}, options), {
      item: (item) => void items.push(item),
      failure: (failure) => {
        throw failure;
      },
    });
    await until(() => items.length === 1);
    expect(items[0]).toMatchObject({ whole: true, runs: [{ id: first.id }], removed: [] });
    await page.api.runs.rename({ run: first.id, name: 'renamed' });
    await until(() => items.length === 2);
    expect(items[1]).toMatchObject({ whole: false, runs: [{ name: 'renamed' }], removed: [] });
    const other = openRecords(dataDir);
    const second = other.createRun(recipe, { seed: 1 });
    other.close();
    await until(() => items.length === 3);
    expect(items[2]?.runs.map((run) => run.id)).toEqual([second.id]);
    await page.api.runs.remove({ run: first.id });
    await until(() => items.some((item) => item.removed.includes(first.id)));
    const told = items.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(items).toHaveLength(told);
  });

  it('end with the connection, so that a reloaded page leaves nothing behind', async () => {
    const port = serve();
    const page = client(port);
    const { id } = lab.createRun((await page.api.recipes.get({ name: 'nano' })).recipe);
    let left = 0;
    const watch = lab.onNews.bind(lab);
    lab.onNews = (run, told) => {
      const leave = watch(run, told);
      return () => {
        left += 1;
        leave();
      };
    };
    page.follow((api, options) => api.runs.events({ run: id }, options), {
      item: () => undefined,
      failure: () => undefined,
    });
    await page.api.runs.list({});
    port.close();
    await until(() => left === 1);
  });
});
