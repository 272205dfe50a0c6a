/** Models of the hub against a server on this machine: what is fetched, how it lies in the cache, what is refused and why. */
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeHub, type FakeRepository, hashOf } from '../../test/support/fake-hub.js';
import { goldenRepository, TINY_COMMIT as COMMIT, TINY_ID as ID } from '../../test/support/golden-repository.js';
import { describeModelFolder } from '../model/folder.js';
import { fetchModel, type FetchModelHow } from './fetch-model.js';
import { hubModelName } from './model-name.js';
import { isHubModelHere, lastingReference, modelFolder } from './model-place.js';
import { planModel, type ModelPlan } from './plan-model.js';
import { hubSettings } from './settings.js';
import { freeable, removeSnapshot } from './store.js';

const MODELS = join(import.meta.dirname, '../../test/golden/models');
const PATIENCE = { tries: 4, firstWaitMs: 1, silenceMs: 20_000 };

let root = '';
let hub: FakeHub;
let cache = '';

async function open(...repositories: FakeRepository[]): Promise<void> {
  hub = new FakeHub(repositories);
  vi.stubEnv('HF_ENDPOINT', await hub.start());
}

const plan = (reference = ID): Promise<ModelPlan> => {
  const place = hubModelName(reference);
  if (!place) throw new Error(`${reference} is no name`);
  return planModel(hubSettings(), place, { patience: PATIENCE });
};
const fetchAll = async (how: Partial<FetchModelHow> = {}): Promise<string> =>
  fetchModel(hubSettings(), await plan(), { patience: PATIENCE, ...how });
const resolved = (): string[] =>
  hub.asked
    .filter(({ path, host }) => host === 'hub' && path.includes('/resolve/'))
    .map(({ path }) => path.split('/').at(-1) ?? '');
const refusal = async (work: Promise<unknown>): Promise<{ code: string; message: string; remedy: string }> =>
  work.then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => error as { code: string; message: string; remedy: string },
  );

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hub-models-'));
  vi.stubEnv('HF_HOME', join(root, 'hf'));
  for (const name of ['HF_HUB_CACHE', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_TOKEN_PATH', 'HF_HUB_OFFLINE']) {
    vi.stubEnv(name, undefined);
  }
  cache = join(root, 'hf', 'hub');
});
afterEach(async () => {
  await hub.stop();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

describe('a model of the hub', () => {
  // Would catch: weights fetched before anybody agreed, waste fetched at all, a cache that other programs cannot read.
  it('is planned without its weights, then lies in the cache as Hugging Face lays it', async () => {
    const made = goldenRepository('qwen3-tied');
    await open(made);
    const { files } = await plan();
    expect(files.map(({ path }) => path).sort()).toEqual([
      'LICENSE',
      'README.md',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(resolved().sort()).toEqual(['README.md', 'config.json']);
    const progress: number[] = [];
    const folder = await fetchAll({ onProgress: ({ done, total }) => progress.push(done / total) });
    expect(progress.at(-1)).toBe(1);
    expect(folder).toBe(join(cache, 'models--lab--tiny', 'snapshots', COMMIT));
    const weights = join(folder, 'model.safetensors');
    expect(lstatSync(weights).isSymbolicLink()).toBe(true);
    const blob = join('..', '..', 'blobs', hashOf(made.files['model.safetensors'] as Buffer, true));
    expect(readlinkSync(weights)).toBe(blob);
    expect(readFileSync(join(cache, 'models--lab--tiny', 'refs', 'main'), 'utf8')).toBe(COMMIT);
    expect(readFileSync(weights)).toEqual(made.files['model.safetensors']);
    expect((await describeModelFolder(modelFolder(ID))).config.family).toBe('qwen3');
    expect(modelFolder(`${ID}@${COMMIT}`)).toBe(folder);
    expect(lastingReference(ID)).toBe(`${ID}@${COMMIT}`);
  });

  // Would catch: what another program fetched, fetched again.
  it('is not fetched again, nor where another program brought it', async () => {
    await open(goldenRepository('qwen3-tied'));
    await fetchAll();
    rmSync(join(cache, 'models--lab--tiny', '.rzero'), { recursive: true });
    const before = resolved().length;
    await fetchAll();
    expect(resolved()).toHaveLength(before);
  });

  // Would catch: a download that begins anew after Ctrl-C, a half model that is taken for a whole one.
  it('goes on where it was stopped, shard by shard', async () => {
    const made = goldenRepository('llama-bf16-sharded');
    await open(made);
    const stop = new AbortController();
    const third = 'model-00003-of-00005.safetensors';
    const bytes = made.files[third] as Buffer;
    hub.trouble(1, ({ host, path }, response) => {
      if (host !== 'cdn' || !path.includes(third)) return false;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 100));
      return true;
    });
    const stopped = fetchAll({
      signal: stop.signal,
      onProgress: ({ file, fetched, done }) => {
        if (file === third && done > 0 && fetched > 0 && existsPartial(hashOf(bytes, true), 100))
          stop.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    expect(() => modelFolder(ID)).toThrow(/neither a folder/);
    const folder = await fetchAll();
    expect(hub.asked.findLast(({ host, path }) => host === 'cdn' && path.includes(third))?.range).toBe('bytes=100-');
    expect(readFileSync(join(folder, third))).toEqual(bytes);
    expect(modelFolder(ID)).toBe(folder);
    rmSync(join(folder, third));
    expect(() => modelFolder(ID)).toThrow(/not whole on this machine: model-00003-of-00005.safetensors is missing/);
  });

  function existsPartial(hash: string, size: number): boolean {
    const partial = join(cache, 'models--lab--tiny', '.rzero', `${hash}.incomplete`);
    return existsSync(partial) && lstatSync(partial).size >= size;
  }

  // Would catch: a broken file of the cache that is trained on.
  it('is mended where a file of the cache is damaged', async () => {
    const made = goldenRepository('qwen3-tied');
    await open(made);
    const folder = await fetchAll();
    const blob = realpathSync(join(folder, 'model.safetensors'));
    const broken = readFileSync(blob);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    writeFileSync(blob, broken);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect((await refusal(fetchAll())).message).toContain('is damaged');
    vi.stubEnv('HF_HUB_OFFLINE', undefined);
    expect(readFileSync(join(await fetchAll(), 'model.safetensors'))).toEqual(made.files['model.safetensors']);
  });

  it('is taken from the cache where nothing may be asked', async () => {
    await open(goldenRepository('llama-bf16-sharded'));
    await fetchAll();
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    const asked = hub.asked.length;
    expect(modelFolder(ID)).toBe(await fetchAll());
    expect(hub.asked).toHaveLength(asked);
    expect((await refusal(plan('lab/other'))).message).toMatch(/lab\/other is not in .* HF_HUB_OFFLINE/);
  });

  // Would catch: a disk filled to the last byte before anybody is told.
  it('is not begun where the disk is too small', async () => {
    await open(goldenRepository('qwen3-tied'));
    const { repository: found, files, folder } = await plan();
    const huge = { repository: found, folder, files: files.map((file) => ({ ...file, bytes: 2 ** 50, here: false })) };
    const before = resolved().length;
    const { code, message, remedy } = await refusal(fetchModel(hubSettings(), huge, { patience: PATIENCE }));
    expect([code, message, remedy]).toEqual([
      'disk',
      expect.stringMatching(/lab\/tiny needs .* GB more in .*, where .* is free/) as string,
      expect.stringContaining('HF_HUB_CACHE') as string,
    ]);
    expect(resolved()).toHaveLength(before);
  });
});

describe('a model of the hub that cannot be had or used', () => {
  const config = (changes: object): Record<string, Buffer> => {
    const json = JSON.parse(readFileSync(join(MODELS, 'llama/config.json'), 'utf8')) as object;
    return { 'config.json': Buffer.from(JSON.stringify({ ...json, ...changes })) };
  };
  const cases: [string, Parameters<typeof goldenRepository>, string, RegExp, RegExp][] = [
    [
      'of another architecture',
      ['llama', {}, config({ model_type: 'gemma3', architectures: ['Gemma3ForCausalLM'] })],
      ID,
      /lab\/tiny: config.json: The architecture Gemma3ForCausalLM.* is not supported/,
      /Qwen2ForCausalLM, Qwen3ForCausalLM, LlamaForCausalLM/,
    ],
    [
      'with pickled weights only',
      ['llama', {}, { 'model.safetensors': null }],
      ID,
      /has no model.safetensors .*pytorch_model.bin, tiny.Q4_0.gguf/,
      /convert/,
    ],
    [
      'without a tokenizer.json',
      ['llama', {}, { 'tokenizer.json': null }],
      ID,
      /has no tokenizer.json/,
      /save_pretrained/,
    ],
    ['without a config.json', ['llama', {}, { 'config.json': null }], ID, /has no config.json/, /another repository/],
    [
      'with a config that is no JSON',
      ['llama', {}, { 'config.json': Buffer.from('<html>') }],
      ID,
      /not a JSON object/,
      /another/,
    ],
    [
      'whose index names a shard that is not there',
      ['llama-bf16-sharded', {}, { 'model-00002-of-00005.safetensors': null }],
      ID,
      /names the shard model-00002-of-00005.safetensors, which the repository does not hold/,
      /another/,
    ],
    [
      'whose index is none',
      ['llama-bf16-sharded', {}, { 'model.safetensors.index.json': Buffer.from('{}') }],
      ID,
      /does not name the shards/,
      /another/,
    ],
    ['that is not there', ['llama'], 'lab/none', /There is no lab\/none at 127/, /Check the name/],
    ['of a revision that is not there', ['llama'], `${ID}@v9`, /There is no such revision: lab\/tiny@v9/, /revision/],
    [
      'that is gated',
      ['llama', { token: 'hf_right' }],
      ID,
      /accepted its terms \(401\).*Access to this repository is restricted/,
      /\/lab\/tiny and set HF_TOKEN/,
    ],
  ];
  it.each(cases)(
    '%s is refused in words, and its weights are not fetched',
    async (_, made, reference, message, remedy) => {
      await open(goldenRepository(...made));
      const error = await refusal(plan(reference));
      expect(error.message).toMatch(message);
      expect(error.remedy).toMatch(remedy);
      expect(resolved().filter((name) => name.endsWith('.safetensors'))).toEqual([]);
    },
  );

  it('is given to a token that may, and never says the token', async () => {
    await open(goldenRepository('llama', { token: 'hf_right' }));
    vi.stubEnv('HF_TOKEN', 'hf_wrong');
    const { message, remedy } = await refusal(plan());
    expect(message + remedy).not.toContain('hf_wrong');
    expect(remedy).toMatch(/account of the token/);
    vi.stubEnv('HF_TOKEN', 'hf_right');
    await fetchAll();
    expect(hub.asked.filter(({ host, authorization }) => host === 'cdn' && authorization !== null)).toEqual([]);
  });

  // Would catch: a path or a run's name that becomes a question to the hub.
  it('has a name that only a hub could give', async () => {
    await open();
    for (const name of ['nano', './a/b', '/a/b', 'a/b/c', 'a/../b', 'a/b@', 'a/b@../x', 'C:\\a/b'])
      expect(hubModelName(name), name).toBeNull();
    expect(hubModelName('a/b@refs/pr/1')).toMatchObject({ id: 'a/b', revision: 'refs/pr/1' });
    expect(isHubModelHere('lab/none')).toBe(false);
    const error = await refusal(Promise.resolve().then(() => modelFolder('lab/none')));
    expect(error.remedy).toContain('rzero model add lab/none');
  });
});

describe('removing the files of a model', () => {
  const place = { kind: 'model', id: ID, commit: COMMIT } as const;

  // Would catch: files that another program needs, deleted; a freed size that is not what was freed.
  it('frees what this program fetched, and nothing that another brought or added', async () => {
    await open(goldenRepository('qwen3-tied'));
    const folder = await fetchAll();
    const bytes = (await plan()).files.reduce((sum, file) => sum + file.bytes, 0);
    expect(freeable(cache, place)?.bytes).toBe(bytes);
    writeFileSync(join(folder, 'added.txt'), 'by another program');
    expect(freeable(cache, place)).toBeNull();
    expect(() => removeSnapshot(cache, place)).toThrow(/another program/);
    rmSync(join(folder, 'added.txt'));
    expect(removeSnapshot(cache, place)).toBe(bytes);
    expect(existsSync(join(cache, 'models--lab--tiny'))).toBe(false);
    expect(isHubModelHere(ID)).toBe(false);
  });

  it('keeps what another commit shares', async () => {
    const other = { commit: 'd'.repeat(40), revision: 'v2' };
    await open(
      goldenRepository('qwen3-tied'),
      goldenRepository('qwen3-tied', other, { 'README.md': Buffer.from('# Two') }),
    );
    await fetchAll();
    const second = await fetchModel(hubSettings(), await plan(`${ID}@v2`), { patience: PATIENCE });
    expect(removeSnapshot(cache, place)).toBe(Buffer.byteLength('---\nlicense: apache-2.0\n---\n# Tiny\n'));
    expect(existsSync(join(second, 'model.safetensors'))).toBe(true);
    expect(modelFolder(`${ID}@v2`)).toBe(second);
  });
});
