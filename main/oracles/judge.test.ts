/** A judge against an endpoint that misbehaves in every way an endpoint can, with a clock that does not wait. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgeRequestSchema, type JudgeRequest } from '../../preload/contract/oracles.js';
import { databasePerTest } from '../../test/support/database-per-test.js';
import { always, completion, judgeEndpoint, sendJson, type JudgeEndpoint } from '../../test/support/judge-endpoint.js';
import { finishCurriculum, writeQuestions } from '../../test/support/question-fixtures.js';
import { testRecipe } from '../../test/support/store-fixtures.js';
import { Secret } from '../lib/secret.js';
import type { Database } from '../store/database.js';
import { createRun, type RunRow } from '../store/runs.js';
import { Judge, type JudgeProgress } from './judge.js';
import type { Clock } from '../endpoints/pace.js';
import type { WorkEnd } from './work.js';

let db: Database;
let run: RunRow;
let endpoint: JudgeEndpoint;
databasePerTest((opened) => {
  db = opened;
  run = createRun(db, { recipe: testRecipe() });
});
beforeEach(async () => {
  endpoint = await judgeEndpoint();
});
afterEach(() => endpoint.close());

/** Waits are noted and over at once. */
class NoWaiting implements Clock {
  time = 1000;
  readonly waits: number[] = [];
  now = (): number => this.time;
  wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    this.waits.push(ms);
    this.time += ms;
  };
}
let clock: NoWaiting;
beforeEach(() => {
  clock = new NoWaiting();
});

function kept(count: number, iteration = 1): number[] {
  const rows = Array.from({ length: count }, (_, item) => ({
    ...{ item, iteration, pHat: 0.5, kept: true, label: String(item), text: `${item} + 0, iteration ${iteration}` },
  }));
  const keys = writeQuestions(db, run.number, iteration, rows);
  finishCurriculum(db, run.number, iteration, iteration);
  return keys;
}

const requestOf = (change: Partial<JudgeRequest> = {}): JudgeRequest =>
  judgeRequestSchema.parse({ run: run.id, endpoint: endpoint.url, model: 'small', concurrency: 1, ...change });
const judgeOf = (change: Partial<JudgeRequest> = {}): Judge =>
  new Judge({ dataDir: db.dataDir, use: (work) => work(db), clock }, requestOf(change));

interface Worked {
  readonly end: WorkEnd;
  readonly progress: JudgeProgress;
}

async function work(
  change: Partial<JudgeRequest> = {},
  { key = null, rest = new AbortController() }: { key?: Secret | null; rest?: AbortController } = {},
): Promise<Worked> {
  let progress: JudgeProgress | undefined;
  const stop = { rest: rest.signal, signal: new AbortController().signal };
  const end = await judgeOf(change).work(key, stop, (now) => (progress = now));
  return { end, progress: progress as JudgeProgress };
}

interface Row {
  readonly question: number;
  readonly verdict: string;
  readonly answered: number;
  readonly reason: string | null;
}
const rows = (): Row[] =>
  db.all<Row>('SELECT question, verdict, answered, reason FROM judge_verdicts ORDER BY question');

describe('a judge', () => {
  // Would catch: a verdict without what it takes to ask the same again, and usage that is not counted.
  it('records each verdict with prompt, host, model, sampling, tokens and date', async () => {
    const [first = 0] = kept(3);
    const { end, progress } = await work();
    expect(end).toBe('done');
    expect(progress).toMatchObject({ total: 3, decided: 3, left: 0, requests: 3, inputTokens: 90, outputTokens: 21 });
    expect(progress.verdicts.correct).toBe(3);
    const row = db.get('SELECT * FROM judge_verdicts v JOIN judges j ON j.id = v.judge WHERE v.question = ?', first);
    expect(row).toMatchObject({
      ...{ verdict: 'correct', answer: '1', reasoning: 'I looked.\nANSWER: 1\nVERDICT: CORRECT', label: '0', seed: 0 },
      ...{ host: new URL(endpoint.url).host, model: 'small', prompt_version: 'label-1', input_tokens: 30 },
      sampling: '{"temperature":0,"maxTokens":1024,"tokenField":"max_tokens"}',
    });
    expect(Number(row?.at)).toBeGreaterThan(1.7e12);
    expect(endpoint.heard.map(({ path }) => path)).toEqual(Array(3).fill('/v1/chat/completions'));
    expect(endpoint.heard[0]?.body).toMatchObject({ model: 'small', temperature: 0, max_tokens: 1024, stream: false });
    const asked = endpoint.heard.map(({ body }) => body.messages[0]?.content);
    expect(asked.some((text) => text?.includes('0 + 0, iteration 1'))).toBe(true);
  });

  // Would catch: a call after the first that asks, and pays, again; and one of another run with the same questions.
  it('asks nothing twice', async () => {
    kept(4);
    await work();
    expect(await work()).toMatchObject({ end: 'done', progress: { requests: 0, decided: 4 } });
    run = createRun(db, { recipe: testRecipe() });
    kept(4);
    expect(judgeOf().plan()).toMatchObject({ items: 4, cached: 4, toAsk: 0 });
    expect(await work()).toMatchObject({ end: 'done', progress: { requests: 0, cached: 4, decided: 4 } });
    expect(endpoint.heard).toHaveLength(4);
  });

  // Would catch: equal requests on their way at once that are all paid for.
  it('makes one request of equal questions', async () => {
    const rows = Array.from({ length: 6 }, (_, item) => ({ item, pHat: 0.5, kept: true, text: 'the same' }));
    writeQuestions(db, run.number, 1, rows);
    finishCurriculum(db, run.number, 1);
    expect(judgeOf().plan()).toMatchObject({ items: 6, toAsk: 1, cached: 5 });
    expect((await work({ concurrency: 6 })).progress).toMatchObject({ requests: 1, cached: 5, decided: 6 });
  });

  // Would catch: a sample that is not the same again, that a larger one does not hold, or that leaves an iteration out.
  it('draws by seed within each iteration, and goes on with a larger sample', async () => {
    kept(20);
    kept(20, 2);
    await work({ sample: 5 });
    const first = rows().map(({ question }) => question);
    expect(first.filter((key) => key < 2e13)).toHaveLength(5);
    expect(first.filter((key) => key >= 2e13)).toHaveLength(5);
    expect(judgeOf({ sample: 5 }).plan()).toMatchObject({ items: 10, frame: 40, decided: 10, toAsk: 0 });
    expect(judgeOf({ sample: 8 }).plan()).toMatchObject({ items: 16, decided: 10, toAsk: 6 });
    expect(judgeOf({ sample: 5, seed: 9 }).plan().decided).toBeLessThan(10);
    expect(judgeOf({ sample: null, iteration: 2 }).plan()).toMatchObject({ items: 20, frame: 20, decided: 5 });
  });

  // Would catch: a run without a finished curriculum that is judged as if it were whole.
  it('says that there is nothing to judge', () => {
    expect(() => judgeOf().plan()).toThrow('no finished curriculum');
    writeQuestions(db, run.number, 1, [{ item: 0, pHat: 0.5, kept: true }]);
    expect(() => judgeOf().plan()).toThrow('no finished curriculum');
  });
});

const RIGHT = completion('VERDICT: CORRECT');
const withContent = (content: unknown, more: object = {}): string =>
  JSON.stringify({ choices: [{ message: { content, ...more }, finish_reason: 'stop' }], usage: { prompt_tokens: 5 } });

describe('an endpoint that misbehaves', () => {
  type Fault = (typeof endpoint)['answer'];
  const faults: readonly (readonly [name: string, fault: Fault, reason: RegExp])[] = [
    ['429', (r) => sendJson(r, '{"error": {"message": "slow down"}}', 429), /too many requests: status 429, slow down/],
    ['500', (r) => sendJson(r, 'oops', 500), /the endpoint failed: status 500, oops/],
    ['503 with a page', (r) => void r.writeHead(503).end('<html>busy</html>'), /status 503, with a web page/],
    ['a timeout', () => undefined, /no answer within 0\.3 s/],
    [
      'half a response',
      (r) => {
        r.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        r.write('{"choices": [{"mess', () => r.destroy());
      },
      /the answer broke off/,
    ],
    ['a closed connection', (r) => void r.destroy(), /cannot be reached/],
    ['nonsense', (r) => sendJson(r, '{"choices": [{"mess'), /answered with no JSON/],
    ['other JSON', (r) => sendJson(r, '{"choices": "none"}'), /no chat completion/],
    ['empty choices', (r) => sendJson(r, '{"choices": []}'), /without a choice/],
    ['an empty text', (r) => sendJson(r, completion(' ')), /with no text/],
    ['a page', (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<p>VERDICT: CORRECT'), /web page/],
  ];

  // Would catch: a fault that is not retried, that is counted as a verdict, or that stays for good.
  it.each(faults)('%s: retried, named, undecided, and asked again by the next call', async (_name, fault, reason) => {
    kept(1);
    endpoint.answer = fault;
    const { end, progress } = await work({ attempts: 3, timeoutSeconds: 0.3 });
    expect(end).toBe('done');
    expect(endpoint.heard).toHaveLength(3);
    expect(rows()).toMatchObject([
      { verdict: 'undecided', answered: 0, reason: expect.stringMatching(reason) as string },
    ]);
    expect(progress).toMatchObject({ decided: 0, left: 1, verdicts: { correct: 0, wrong: 0, undecided: 1 } });
    endpoint.answer = always('WRONG');
    expect((await work()).progress).toMatchObject({ decided: 1, left: 0 });
    expect(rows()).toMatchObject([{ verdict: 'wrong', answered: 1 }]);
  });

  // Would catch: a fault that passes and is counted all the same.
  it('is forgiven what it mends', async () => {
    kept(1);
    const answers = [faults[0]?.[1], faults[6]?.[1], always('AMBIGUOUS')];
    endpoint.answer = (response, asked) => answers[asked.nth]?.(response, asked);
    expect((await work()).progress).toMatchObject({ requests: 3, retries: 2, decided: 1 });
    expect(rows()).toMatchObject([{ verdict: 'ambiguous' }]);
  });

  // Would catch: waits that do not grow, that ignore what the endpoint asks for, or hold back one of many only.
  it('is given time: more each time, and as much as it asks for', async () => {
    kept(1);
    endpoint.answer = (r) => sendJson(r, 'busy', 500);
    await work({ attempts: 6 });
    clock.waits.forEach((ms, i) => expect(ms).toBeLessThanOrEqual(1000 * 2 ** i));
    expect(clock.waits).toHaveLength(5);
    clock.waits.length = 0;
    endpoint.answer = (r, { nth }) => {
      if (nth === 6) sendJson(r, '', 429, { 'retry-after': '17' });
      else if (nth === 7) sendJson(r, '', 503, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() });
      else always('CORRECT')(r, { nth } as never);
    };
    await work();
    expect(clock.waits[0]).toBe(17_000);
    expect(clock.waits[1]).toBeGreaterThan(60_000);
    expect(clock.waits[1]).toBeLessThanOrEqual(90_000);
  });

  // Would catch: a header that means nothing, or a time that is past, taken for "at once", so that no wait grows.
  it('is given time though it asks for none', async () => {
    kept(1);
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const headers = ['0', '-5', 'foo 5', 'Wed, 21 Oct 2015 07:28:00 GMT'];
    endpoint.answer = (r, { nth }) => sendJson(r, '', 429, { 'retry-after': headers[nth] ?? '' });
    await work({ attempts: 5 });
    random.mockRestore();
    expect(clock.waits).toEqual([500, 1000, 2000, 4000]);
  });

  // Would catch: a completion lost because of its content type, a byte order mark, a part without a text, or wrong usage.
  it.each([
    ['a wrong content type', (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end(RIGHT)],
    ['a byte order mark', (r) => sendJson(r, `\uFEFF${RIGHT}`)],
    [
      'parts',
      (r) => sendJson(r, withContent([{ type: 'thinking', text: null }, { text: 'VERDICT: ' }, { text: 'CORRECT' }])),
    ],
    [
      'usage that cannot be',
      (r) => sendJson(r, completion('VERDICT: CORRECT', { prompt_tokens: -5, completion_tokens: 1e30 })),
    ],
  ] satisfies readonly (readonly [string, Fault])[])('is understood with %s', async (_name, answer) => {
    kept(1);
    endpoint.answer = answer;
    const { progress } = await work();
    expect(rows()).toMatchObject([{ verdict: 'correct', answered: 1 }]);
    expect(progress.inputTokens).toBeGreaterThan(0);
    expect(progress.outputTokens).toBeLessThanOrEqual(1024);
  });

  // Would catch: a refusal that is paid for five times, ends the call, or is counted as a verdict.
  it('may decline a question', async () => {
    kept(3);
    endpoint.answer = (r, { nth }) =>
      nth === 0
        ? sendJson(r, withContent(null, { refusal: 'I cannot help with VERDICT: CORRECT' }))
        : sendJson(r, JSON.stringify({ choices: [{ message: { content: null }, finish_reason: 'content_filter' }] }));
    expect((await work()).progress).toMatchObject({ requests: 3, left: 0, verdicts: { correct: 0, undecided: 3 } });
    expect(rows().map(({ reason }) => reason)).toContain('the model refused: "I cannot help with VERDICT: CORRECT"');
  });

  // Would catch: a stream that nobody asked for reported as broken JSON.
  it('that streams though nobody asked is named', async () => {
    kept(1);
    endpoint.answer = (r) =>
      void r.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"choices":[]}\n\ndata: [DONE]\n\n');
    await work({ attempts: 1 });
    expect(rows()).toMatchObject([{ reason: expect.stringContaining('a stream of events') as string }]);
  });

  // Would catch: other questions that wait a minute to ask an endpoint whose key is refused.
  it('that refuses the key ends the waits of the others', async () => {
    kept(2);
    let refuse = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    endpoint.answer = (r, { nth }) => {
      if (nth === 0) sendJson(r, 'busy', 503, { 'retry-after': '500' });
      else void waits.then(() => sendJson(r, '', 401));
    };
    clock.wait = (_ms, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        refuse();
      });
    await expect(work({ concurrency: 2 })).rejects.toThrow('refuses the key');
    expect(endpoint.heard).toHaveLength(2);
  });

  // Would catch: a judge that waits for hours, or one that gives up the questions left.
  it('that asks for an hour ends the call', async () => {
    kept(2);
    endpoint.answer = (r) => sendJson(r, '', 429, { 'retry-after': '3600' });
    await expect(work()).rejects.toThrow('The judge stopped: too many requests');
    expect(rows()).toEqual([]);
  });

  // Would catch: hundreds of requests with a wrong key, model or address, each recorded as undecided.
  it.each([
    [401, '{"error": {"message": "Incorrect API key"}}', 'refuses the key: status 401, Incorrect API key'],
    [403, '', 'refuses the key'],
    [
      404,
      '{"error": "model small does not exist"}',
      'no such address or model: status 404, model small does not exist',
    ],
    [400, '{"detail": "unknown parameter"}', 'refuses the request: status 400, unknown parameter'],
    [302, '', 'sends elsewhere to other.test'],
    [429, '{"error": {"code": "insufficient_quota", "message": "no credit"}}', 'limit is spent: status 429, no credit'],
  ])('status %i stops at the first request', async (status, body, why) => {
    kept(5);
    endpoint.answer = (r) => sendJson(r, body, status, { location: 'https://other.test/v1' });
    await expect(work()).rejects.toThrow(why);
    expect(endpoint.heard).toHaveLength(1);
    expect(rows()).toEqual([]);
  });

  // Would catch: one question that an endpoint refuses (too long, filtered) ending all the others.
  it('may refuse one question', async () => {
    kept(3);
    endpoint.answer = (r, asked) =>
      asked.nth === 1 ? sendJson(r, '{"error": "content filter"}', 400) : always('CORRECT')(r, asked);
    expect((await work()).end).toBe('done');
    const undecided = rows().filter(({ verdict }) => verdict === 'undecided');
    expect(undecided).toMatchObject([{ answered: 1, reason: expect.stringContaining('content filter') as string }]);
  });

  // Would catch: eight thousand questions tried one by one at an endpoint that is gone.
  it('that answers nothing any more ends the call, and the next goes on', async () => {
    kept(20);
    endpoint.answer = (r, asked) => (asked.nth < 3 ? always('CORRECT')(r, asked) : void r.destroy());
    await expect(work({ attempts: 1 })).rejects.toThrow('5 questions in a row without an answer');
    expect(endpoint.heard).toHaveLength(8);
    endpoint.answer = always('CORRECT');
    expect((await work()).progress).toMatchObject({ requests: 17, decided: 20 });
  });

  // Would catch: an answer without a verdict asked again and again, or never even where somebody wants it.
  it('that answers without a verdict is asked again only on request', async () => {
    kept(1);
    endpoint.answer = (r) => sendJson(r, completion('I cannot tell.', null));
    await work();
    expect(rows()).toMatchObject([{ verdict: 'undecided', answered: 1, reason: 'no line with a verdict' }]);
    expect((await work()).progress.requests).toBe(0);
    endpoint.answer = always('CORRECT');
    expect((await work({ retryUndecided: true })).progress.requests).toBe(1);
    expect(rows()).toMatchObject([{ verdict: 'correct' }]);
  });
});

describe('limits', () => {
  // Would catch: a budget that is overrun, or that loses what it paid for.
  it('a budget of requests stops, and the next call goes on', async () => {
    kept(5);
    expect(await work({ budget: { requests: 2 }, concurrency: 3 })).toMatchObject({
      end: 'spent',
      progress: { requests: 2, decided: 2, left: 3 },
    });
    expect(await work({ budget: { requests: 3 } })).toMatchObject({ end: 'done', progress: { requests: 3, left: 0 } });
  });

  // Would catch: requests on their way that together exceed what each alone would not.
  it('a budget of tokens or dollars has room for the worst case of all requests on their way', async () => {
    kept(10);
    const worst = judgeOf({ sample: 1 }).plan();
    const tokens = worst.inputTokens + worst.outputTokens + 100;
    const spent = await work({ budget: { tokens }, concurrency: 8 });
    expect(spent.end).toBe('spent');
    expect(spent.progress.inputTokens + spent.progress.outputTokens).toBeLessThanOrEqual(tokens);
    expect(spent.progress.requests).toBeGreaterThanOrEqual(2);
    expect(() => judgeOf({ budget: { usd: 1 } })).toThrow('needs prices');
    const dear = await work({ budget: { usd: 0.000001 }, prices: { input: 1, output: 1 } });
    expect(dear).toMatchObject({ end: 'spent', progress: { requests: 0, usd: 0 } });
  });

  // Would catch: a budget said to be spent because requests on their way might take more than they do.
  it('a budget of tokens is used up though many are on their way', async () => {
    kept(10);
    const one = judgeOf({ sample: 1 }).plan();
    const tokens = 2 * (one.inputTokens + one.outputTokens) + 300;
    const many = await work({ budget: { tokens }, concurrency: 8 });
    // Each takes 37 tokens and might take over a thousand.
    expect(many.progress).toMatchObject({ requests: 10, decided: 10 });
    expect(many.end).toBe('done');
  });

  // Would catch: a burst within the minute.
  it('a rate spreads requests evenly', async () => {
    kept(4);
    await work({ perMinute: 30, concurrency: 4 });
    expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(3 * 2000);
  });

  // Would catch: more requests at a time than were allowed.
  it('so many requests at a time and no more', async () => {
    kept(9);
    // Three are held back until the third has come: with fewer at a time this would never end, and more would be counted.
    const held: (() => void)[] = [];
    let most = 0;
    endpoint.answer = (r, asked) => {
      held.push(() => always('CORRECT')(r, asked));
      most = Math.max(most, held.length);
      if (held.length === 3) setTimeout(() => held.splice(0).forEach((answer) => answer()), 50);
    };
    await work({ concurrency: 3 });
    expect(most).toBe(3);
  });

  // Would catch: a pause that drops what was paid for, or one after which something is asked twice.
  it('resting takes what is on its way, and the next call goes on', async () => {
    kept(6);
    const rest = new AbortController();
    endpoint.answer = (r, asked) => {
      if (asked.nth === 2) rest.abort();
      always('CORRECT')(r, asked);
    };
    expect(await work({}, { rest })).toMatchObject({ end: 'rested', progress: { decided: 3, left: 3 } });
    endpoint.answer = always('CORRECT');
    expect((await work()).progress).toMatchObject({ requests: 3, decided: 6 });
    const texts = endpoint.heard.map(({ body }) => body.messages[0]?.content);
    expect(new Set(texts).size).toBe(6);
  });
});

describe('two calls', () => {
  // Would catch: two processes that pay for the same answers, and a claim that outlives its call or its process.
  it('do not ask the same of a run at once', async () => {
    kept(3);
    const other = { model: 'other' };
    const second: unknown[] = [];
    endpoint.answer = (r, asked) => {
      if (asked.nth > 0) return always('CORRECT')(r, asked);
      void work()
        .catch((error: unknown) => second.push(error))
        .then(() => work(other))
        .then(() => always('CORRECT')(r, asked));
    };
    expect(await work()).toMatchObject({ end: 'done', progress: { requests: 3 } });
    expect(second).toMatchObject([{ code: 'busy', message: expect.stringContaining('at work on this run') as string }]);
    expect(endpoint.heard).toHaveLength(6);
    const folder = join(db.dataDir, 'judge-cache');
    expect(readdirSync(folder).filter((name) => name.endsWith('.at-work'))).toEqual([]);
    expect((await work()).end).toBe('done');
  });

  // Would catch: a process that was killed and blocks its run for good.
  it('the claim of a process that is gone is none', async () => {
    kept(1);
    endpoint.answer = (r, asked) => {
      const folder = join(db.dataDir, 'judge-cache');
      const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.at-work'));
      const claim = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
      left = { path: join(folder, name), text: JSON.stringify({ ...claim, started: '1', pid: 2 ** 22 + 1 }) };
      always('CORRECT')(r, asked);
    };
    let left = { path: '', text: '' };
    await work();
    writeFileSync(left.path, left.text);
    expect((await work()).end).toBe('done');
    expect(existsSync(left.path)).toBe(false);
  });

  // Would catch: a folder that cannot be written noticed only when the first answers are paid for.
  it('where nothing can be kept, nothing is sent', async () => {
    kept(2);
    writeFileSync(join(db.dataDir, 'judge-cache'), 'a file in its place');
    await expect(work()).rejects.toMatchObject({
      code: 'disk',
      message: expect.stringContaining('judge-cache') as string,
    });
    expect(endpoint.heard).toEqual([]);
  });

  // Would catch: an answer that was paid for and is lost because the disk is full.
  it('what can no longer be kept is recorded, and the call ends', async () => {
    kept(3);
    endpoint.answer = (r, asked) => {
      const folder = join(db.dataDir, 'judge-cache');
      for (const byte of Array(256).keys()) writeFileSync(join(folder, byte.toString(16).padStart(2, '0')), '');
      always('WRONG')(r, asked);
    };
    await expect(work()).rejects.toMatchObject({ code: 'disk' });
    expect(rows()).toMatchObject([{ verdict: 'wrong', answered: 1 }]);
    expect(endpoint.heard).toHaveLength(1);
  });
});

describe('a key', () => {
  const KEY = 'sk-very-secret-0123456789';
  const key = Secret.of(KEY, 'a test');

  /** Every file of the data directory: database, journal, cache. */
  function everything(folder = db.dataDir): string {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .map((path) => (statSync(path).isDirectory() ? everything(path) : readFileSync(path, 'latin1')))
      .join('\n');
  }

  // Would catch: a key that an endpoint repeats, in an answer or an error, written down or shown.
  it('goes into the header and nowhere else, whatever the endpoint repeats', async () => {
    kept(3);
    endpoint.answer = (r, { nth, heard }) => {
      const said = heard.authorization ?? '';
      if (nth === 0) sendJson(r, completion(`Your key is ${said}, ${KEY.slice(4)}\nVERDICT: CORRECT`));
      else sendJson(r, JSON.stringify({ error: { message: `bad ${said}` } }), nth === 1 ? 400 : 500);
    };
    const { progress } = await work({ attempts: 1 }, { key });
    expect(endpoint.heard.map(({ authorization }) => authorization)).toEqual(Array(3).fill(`Bearer ${KEY}`));
    expect(rows()).toHaveLength(3);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const written = everything() + JSON.stringify(progress) + JSON.stringify(rows());
    expect(written).toContain('Your key is Bearer [key]');
    expect(written).not.toContain('very-secret');
    endpoint.answer = (r) => sendJson(r, `{"error": "no: Bearer ${KEY}"}`, 401);
    await expect(work({ sample: 3, seed: 1, model: 'other' }, { key })).rejects.toSatisfy(
      (error) => error instanceof Error && !`${error.message}${error.stack}${JSON.stringify(error)}`.includes('secret'),
    );
  });

  // Would catch: the beginning of a key that is left when a message is cut in the middle of it.
  it('is not shown in part where what was said is cut', async () => {
    kept(1);
    const long = Secret.of(`sk-proj-${'ABCDEFGH'.repeat(8)}`, 'a test');
    for (const status of [200, 400, 500])
      for (const before of [100, 290]) {
        endpoint.answer = (r, { heard }) => sendJson(r, `${'x'.repeat(before)} ${heard.authorization}`, status);
        const said = await work({ attempts: 1, model: `${status}-${before}` }, { key: long }).then(
          ({ progress }) => progress.trouble,
          (error: unknown) => (error as Error).message,
        );
        expect(said).toContain('xxx');
        expect(said).not.toContain('sk-proj');
      }
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(everything()).not.toContain('sk-proj');
  });

  // Would catch: a key sent in clear text over a network because somebody wrote http.
  it('is not sent unencrypted to another machine', async () => {
    kept(1);
    await expect(work({ endpoint: 'http://192.0.2.1/v1' }, { key })).rejects.toThrow('unencrypted to 192.0.2.1');
  });
});
