import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeHub, type FakeRepository, hashOf } from '../../test/support/fake-hub.js';
import { loadBenchmark } from './benchmark.js';
import { benchmarkCatalogue } from './catalogue.js';
import { absoluteReference, benchmarksHere, findBenchmark } from './find.js';
import { addBenchmark, getBenchmark, type GetOptions } from './get.js';
import { removeBenchmark } from './remove.js';
import type { Patience } from '../hub/retry.js';
import { hubSettings } from '../hub/settings.js';

const FIXTURES = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'benchmarks');
const fixture = (name: string): Buffer => readFileSync(join(FIXTURES, name));
const COMMIT = 'a'.repeat(40);
/** A server that stays silent is waited for a moment; nothing else takes time. */
const PATIENCE: Patience = { tries: 4, firstWaitMs: 1, silenceMs: 20_000 };
const TOKEN = 'hf_never_to_be_seen';

const gsm8k: FakeRepository = {
  ...{ id: 'openai/gsm8k', commit: COMMIT, large: true },
  files: {
    'README.md': Buffer.from('# card'),
    'main/test-00000-of-00001.parquet': fixture('gsm8k.parquet'),
    'main/train-00000-of-00001.parquet': fixture('amc-23.parquet'),
    'socratic/test-00000-of-00001.parquet': fixture('amc-23.parquet'),
  },
};

let root = '';
let hub: FakeHub;

async function open(...repositories: FakeRepository[]): Promise<void> {
  hub = new FakeHub(repositories);
  vi.stubEnv('HF_ENDPOINT', await hub.start());
}

const get = (name: string, options: Partial<GetOptions> = {}): ReturnType<typeof getBenchmark> =>
  getBenchmark(name, { settings: hubSettings(), patience: PATIENCE, ...options });

const resolved = (): typeof hub.asked => hub.asked.filter(({ path }) => path.includes('/resolve/'));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shelf-'));
  vi.stubEnv('RZERO_BENCHMARKS_DIR', join(root, 'benchmarks'));
  vi.stubEnv('HF_HOME', join(root, 'hf'));
  for (const name of ['HF_HUB_CACHE', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_TOKEN_PATH', 'HF_HUB_OFFLINE']) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(async () => {
  await hub.stop();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

describe('fetching from the hub', () => {
  // Would catch: what came thrown away by Ctrl-C, a stop that is taken for a broken connection and tried again, or one that is
  // told in words of the network.
  it('keeps what came before it was interrupted, and goes on from there', async () => {
    await open(gsm8k);
    const whole = gsm8k.files['main/test-00000-of-00001.parquet'] as Buffer;
    const stop = new AbortController();
    hub.trouble(1, ({ host }, response) => {
      if (host !== 'cdn') return false;
      response.writeHead(200, { 'content-length': whole.length });
      response.write(whole.subarray(0, 100));
      return true;
    });
    const interrupted = new Error('Interrupted.');
    const onBytes = (done: number): void => {
      if (done >= 100) stop.abort(interrupted);
    };
    await expect(get('gsm8k', { signal: stop.signal, onBytes })).rejects.toBe(interrupted);
    expect(hub.asked.filter(({ host }) => host === 'cdn')).toHaveLength(1);
    expect(await get('gsm8k')).toMatchObject({ from: 'hub', manifest: { questions: 3 } });
    expect(hub.asked.findLast(({ host }) => host === 'cdn')?.range).toBe('bytes=100-');
  });

  it('takes the files of a set, checks them, and needs the network never again', async () => {
    await open(gsm8k);
    const got = await get('gsm8k');
    expect(got).toMatchObject({ from: 'hub', manifest: { name: 'gsm8k', questions: 3, answers: 'math' } });
    expect(got.manifest.from).toEqual({ kind: 'hub', id: 'openai/gsm8k', revision: 'main', commit: COMMIT });
    expect(got.warning).toBe('GSM8K is known with 1319 questions; this one has 3.');
    expect(resolved()).toHaveLength(1);
    await hub.stop();
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    for (const name of ['gsm8k', 'GSM8K', 'openai/gsm8k']) {
      expect(await loadBenchmark(name)).toMatchObject({ name: 'gsm8k', questions: [{ answer: '10' }, {}, {}] });
    }
    expect((await get('gsm8k')).from).toBe('here');
    expect(benchmarksHere()).toContain('gsm8k');
    expect(benchmarkCatalogue().find(({ name }) => name === 'gsm8k')).toMatchObject({ here: 'yes', questions: 3 });
    expect(readdirSync(join(root, 'benchmarks', '.partial'))).toEqual([]);
  });

  // Would catch: a token that leaks to the host of the files, or into what people see.
  it('sends the token to the hub alone, and into no message', async () => {
    await open({ ...gsm8k, token: TOKEN });
    await expect(get('gsm8k')).rejects.toMatchObject({
      code: 'network',
      remedy: expect.stringMatching(/Accept .*HF_TOKEN/) as string,
    });
    vi.stubEnv('HF_TOKEN', TOKEN);
    const said: string[] = [];
    hub.trouble(1, ({ host }, response) => host === 'cdn' && Boolean(response.writeHead(503).end()));
    await get('gsm8k', { onWait: (why) => said.push(why) });
    expect(hub.asked.filter(({ host }) => host === 'cdn').map(({ authorization }) => authorization)).toEqual([
      null,
      null,
    ]);
    expect(
      hub.asked.filter(({ host, authorization }) => host === 'hub' && authorization === `Bearer ${TOKEN}`).length,
    ).toBeGreaterThan(3);
    expect(said.join()).not.toMatch(/secret|hf_never/);
    vi.stubEnv('HF_TOKEN', 'wrong');
    const refused = await get('gsm8k', { fresh: true }).then(() => null, String);
    expect(refused).toMatch(/accepted its terms/);
    expect(refused).not.toContain('wrong');
  });

  it('goes on where a connection broke, and starts anew where the server knows no ranges', async () => {
    await open(gsm8k);
    const whole = gsm8k.files['main/test-00000-of-00001.parquet'] as Uint8Array;
    const half = (times: number): void =>
      hub.trouble(times, ({ host, range }, response) => {
        if (host !== 'cdn') return false;
        const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
        // Without a length, so that all of the half surely gets through.
        const ranged = { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` };
        response.writeHead(from > 0 ? 206 : 200, from > 0 ? ranged : {}).end(whole.subarray(from, from + 300));
        return true;
      });
    half(3);
    await get('gsm8k');
    const ranges = hub.asked.filter(({ host }) => host === 'cdn').map(({ range }) => range);
    expect(ranges).toEqual([null, 'bytes=300-', 'bytes=600-', 'bytes=900-']);
    expect(readFileSync(join(root, 'benchmarks/gsm8k/files/main/test-00000-of-00001.parquet')).equals(whole)).toBe(
      true,
    );
    hub.trouble(2, ({ host }, response) => {
      if (host !== 'cdn') return false;
      response.writeHead(200, { 'content-length': whole.length });
      response.write(whole.subarray(0, 300), () => response.destroy());
      return true;
    });
    await get('gsm8k', { fresh: true });
    expect((await loadBenchmark('gsm8k')).questions).toHaveLength(3);
    half(1);
    hub.trouble(1, ({ host }, response) => host === 'cdn' && Boolean(response.writeHead(200).end(whole)));
    await get('gsm8k', { fresh: true });
    expect(hub.asked.at(-1)?.range).toBe('bytes=300-');
    expect((await loadBenchmark('gsm8k')).questions).toHaveLength(3);
  });

  // Would catch: what has come is thrown away when the program ends, or a stranger's beginning is kept.
  it('goes on in a later process, and throws a beginning away that is not the file’s', async () => {
    await open(gsm8k);
    const whole = gsm8k.files['main/test-00000-of-00001.parquet'] as Uint8Array;
    const partial = join(root, 'benchmarks', '.partial', `${hashOf(whole, true)}.incomplete`);
    mkdirSync(join(root, 'benchmarks', '.partial'), { recursive: true });
    writeFileSync(partial, whole.subarray(0, 500));
    await get('gsm8k');
    expect(resolved().map(({ range }) => range)).toEqual(['bytes=500-']);
    writeFileSync(partial, Buffer.alloc(500));
    await get('gsm8k', { fresh: true });
    expect(resolved().map(({ range }) => range)).toEqual(['bytes=500-', 'bytes=500-', null]);
    writeFileSync(partial, Buffer.alloc(whole.length + 1));
    await get('gsm8k', { fresh: true });
    expect(resolved().at(-1)?.range).toBeNull();
  });

  it('asks again after 429 and 5xx, as long as the server asks to wait, and gives up with a word', async () => {
    await open(gsm8k);
    const waits: number[] = [];
    hub.trouble(1, (_, response) => Boolean(response.writeHead(429, { 'retry-after': '0' }).end()));
    hub.trouble(1, ({ path }, response) => path.includes('/tree/') && Boolean(response.writeHead(502).end()));
    hub.trouble(1, ({ host }, response) => host === 'cdn' && Boolean(response.destroy()));
    await get('gsm8k', { onWait: (_, ms) => waits.push(ms) });
    expect(waits).toEqual([0, 1, 1]);
    hub.trouble(9, (_, response) => Boolean(response.writeHead(503).end()));
    await expect(get('gsm8k', { fresh: true })).rejects.toMatchObject({
      ...{ code: 'network', message: expect.stringMatching(/answers 503 for openai\/gsm8k, 4 times/) as string },
      remedy: expect.stringContaining('what has come is kept') as string,
    });
    expect(await loadBenchmark('gsm8k')).toMatchObject({ name: 'gsm8k' });
  });

  it('gives a silent server up, and a server that asks for an hour', async () => {
    await open(gsm8k);
    hub.trouble(1, ({ host }) => host === 'cdn');
    hub.trouble(1, ({ host }, response) => host === 'cdn' && response.writeHead(200).write('PAR1'));
    const waited: string[] = [];
    await get('gsm8k', { patience: { ...PATIENCE, tries: 9, silenceMs: 1000 }, onWait: (why) => waited.push(why) });
    expect(waited.slice(0, 2).join()).toMatch(/says nothing any more.*says nothing any more/);
    hub.trouble(1, (_, response) => Boolean(response.writeHead(429, { 'retry-after': '3600' }).end()));
    await expect(get('gsm8k', { fresh: true })).rejects.toThrow(/answers 429 .*once\. It asks to wait 3600 s/);
  });

  it('refuses contents that are not what the repository states, pages that are no answers, and paths that lead away', async () => {
    await open(gsm8k, { id: 'x/evil', commit: COMMIT, files: { '../../evil.jsonl': Buffer.from('{}') } });
    const whole = gsm8k.files['main/test-00000-of-00001.parquet'] as Uint8Array;
    hub.trouble(
      2,
      ({ host }, response) => host === 'cdn' && Boolean(response.writeHead(200).end(Buffer.alloc(whole.length))),
    );
    await expect(get('gsm8k')).rejects.toThrow(/came twice with another content/);
    hub.trouble(1, (_, response) => Boolean(response.writeHead(200).end('<html>sign in</html>')));
    await expect(get('gsm8k')).rejects.toMatchObject({
      code: 'network',
      remedy: expect.stringContaining('sign-in page') as string,
    });
    await expect(get('x/evil')).rejects.toThrow(/outside of its folder/);
    expect(existsSync(join(root, 'benchmarks', 'gsm8k'))).toBe(false);
  });

  it('passes over a repository that is gone, and tells what there is not', async () => {
    const rows = Buffer.from(`${fixture('aime-2025.jsonl').toString()}`);
    await open({
      id: 'opencompass/AIME2025',
      commit: COMMIT,
      files: { 'aime2025-II.jsonl': rows, 'aime2025-I.jsonl': rows },
    });
    const instead: string[] = [];
    const got = await get('aime-2025', { onInstead: (why) => instead.push(why) });
    expect(got.manifest).toMatchObject({ name: 'aime-2025', questions: 4, samples: 32 });
    expect(got.manifest.files.map(({ path }) => path)).toEqual(['aime2025-I.jsonl', 'aime2025-II.jsonl']);
    expect(instead).toEqual([expect.stringMatching(/no math-ai\/aime25 .*Trying opencompass/)]);
    await expect(get('nobody/nothing')).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('HF_TOKEN') as string,
    });
    await expect(get('opencompass/AIME2025', { fresh: true, revision: 'v9' })).rejects.toThrow(/no such revision/);
    await expect(get('gsm9k')).rejects.toMatchObject({
      remedy: expect.stringContaining('Did you mean gsm8k?') as string,
    });
    await expect(get('chains-test')).rejects.toThrow(/ships/);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(get('gsm8k')).rejects.toThrow(/HF_HUB_OFFLINE forbids/);
  });

  it('takes other repositories by configuration and split, guesses nothing, and falls back on the hub’s Parquet', async () => {
    const rows = Buffer.from('{"question":"x?","answer":"1"}\n');
    const parquet = fixture('amc-23.parquet');
    await open(
      { id: 'x/own', commit: COMMIT, files: { 'a/test.jsonl': rows, 'b/test.jsonl': rows, 'b/train.jsonl': rows } },
      { id: 'zwhe99/amc23', commit: COMMIT, files: { 'data.arrow': rows } },
      {
        id: 'zwhe99/amc23',
        commit: 'b'.repeat(40),
        revision: 'refs/convert/parquet',
        files: { 'default/test/0000.parquet': parquet },
      },
    );
    await expect(get('x/own')).rejects.toThrow(/more than one set of files fits: a\/test.jsonl, b\/test.jsonl/);
    await expect(get('x/own', { config: 'c' })).rejects.toThrow(
      /no file fits: a\/test.jsonl, b\/test.jsonl, b\/train.jsonl/,
    );
    const own = await get('x/own', { config: 'b', name: 'mine' });
    expect(own.manifest.files.map(({ path }) => path)).toEqual(['b/test.jsonl']);
    expect(await loadBenchmark('mine')).toMatchObject({ name: 'mine', answers: null });
    expect((await get('zwhe99/amc23')).manifest).toMatchObject({
      name: 'amc-23',
      from: { revision: 'refs/convert/parquet' },
    });
    await expect(get('math-ai/amc23')).rejects.toThrow(/called amc-23 already, from zwhe99\/amc23/);
  });

  // Would catch: a set of which nothing can be read that stands in the place of one that could.
  it('keeps what was there when what comes cannot be read', async () => {
    await open(gsm8k, { id: 'x/own', commit: COMMIT, files: { 'test.csv': Buffer.from('question,answer\nx?,\n') } });
    await expect(get('x/own')).rejects.toThrow(/x\/own: test\.csv, row 1: "answer" is missing/);
    expect(benchmarksHere()).not.toContain('own');
  });
});

describe('what others fetched', () => {
  const cached = (bytes: Uint8Array): void => {
    const place = join(root, 'hf', 'hub', 'datasets--openai--gsm8k');
    const snapshot = join(place, 'snapshots', COMMIT, 'main');
    for (const folder of [join(place, 'refs'), join(place, 'blobs'), snapshot]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(place, 'refs', 'main'), COMMIT);
    const blob = createHash('sha256')
      .update(gsm8k.files['main/test-00000-of-00001.parquet'] as Uint8Array)
      .digest('hex');
    writeFileSync(join(place, 'blobs', blob), bytes);
    symlinkSync(`../../../blobs/${blob}`, join(snapshot, 'test-00000-of-00001.parquet'));
  };

  it('is used from the cache of Hugging Face’s programs, and kept by get', async () => {
    await open();
    expect(findBenchmark('gsm8k')).toBeNull();
    cached(fixture('gsm8k.parquet'));
    expect(findBenchmark('gsm8k')).toMatchObject({ kind: 'cache' });
    expect(benchmarkCatalogue().find(({ name }) => name === 'gsm8k')?.here).toBe('cache');
    expect((await loadBenchmark('gsm8k')).questions).toHaveLength(3);
    await expect(removeBenchmark('gsm8k')).rejects.toThrow(/cache of Hugging Face/);
    const got = await get('gsm8k');
    expect(got).toMatchObject({ from: 'cache', manifest: { from: { commit: COMMIT } } });
    expect(hub.asked).toEqual([]);
    rmSync(join(root, 'hf'), { recursive: true });
    expect((await loadBenchmark('gsm8k')).questions).toHaveLength(3);
  });

  it('is not taken where it is damaged', async () => {
    await open(gsm8k);
    cached(Buffer.alloc(100));
    expect((await get('gsm8k')).from).toBe('hub');
  });
});

describe('the shelf', () => {
  it('keeps a copy of a file under a name, and gives it back', async () => {
    await open();
    const file = join(root, 'mine.csv');
    writeFileSync(file, 'question,answer\n1+1?,2\n');
    expect((await addBenchmark(file)).manifest).toMatchObject({ name: 'mine', questions: 1 });
    expect((await addBenchmark(`math-500=${join(FIXTURES, 'math-500.jsonl')}`, 'few')).manifest).toMatchObject({
      set: 'math-500',
    });
    rmSync(file);
    expect((await loadBenchmark('mine')).questions[0]?.answer).toBe('2');
    expect(absoluteReference('mine')).toBe('mine');
    await expect(addBenchmark(file)).rejects.toMatchObject({ code: 'not-found' });
    await expect(addBenchmark(join(FIXTURES, 'gsm8k.parquet'), 'mine')).rejects.toThrow(/called mine already/);
    await expect(addBenchmark(join(FIXTURES, 'gsm8k.parquet'), 'chains-test')).rejects.toThrow(
      /ships with this program/,
    );
    await expect(addBenchmark(join(FIXTURES, 'gsm8k.parquet'), '../x')).rejects.toThrow(/cannot be the name/);
    expect((await removeBenchmark('mine')).name).toBe('mine');
    await expect(loadBenchmark('mine')).rejects.toMatchObject({ code: 'not-found' });
    await expect(removeBenchmark('mine')).rejects.toMatchObject({ code: 'not-found' });
    await expect(removeBenchmark('chains-test')).rejects.toThrow(/ships/);
  });

  it('says when a file of it is not what came', async () => {
    await open(gsm8k);
    await get('gsm8k');
    writeFileSync(join(root, 'benchmarks/gsm8k/files/main/test-00000-of-00001.parquet'), 'PAR1');
    await expect(loadBenchmark('gsm8k')).rejects.toMatchObject({
      remedy: expect.stringContaining('rzero benchmark get openai/gsm8k --fresh') as string,
    });
  });

  it('names what is missing, and how to fetch it', async () => {
    await open();
    await expect(loadBenchmark('MATH-500')).rejects.toMatchObject({
      ...{ code: 'not-found', message: 'MATH-500 is not on this machine.' },
      remedy: 'Fetch it: rzero benchmark get MATH-500',
    });
    await expect(loadBenchmark('someone/questions')).rejects.toMatchObject({
      remedy: expect.stringContaining('rzero benchmark get someone/questions') as string,
    });
  });
});
