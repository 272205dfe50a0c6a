/** How servers get a run's weights, and whom they are believed; with a clock that does not wait. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rolloutServer, standInScores, type RolloutStandIn } from '../../test/support/rollout-server.js';
import { rolloutsSchema } from '../../preload/contract/recipe-rollouts.js';
import type { Clock } from '../endpoints/pace.js';
import { allow, requireAllowed } from './allowed.js';
import { RolloutServer } from './server.js';
import { Serving, type ServedWeights } from './serving.js';

let stand: RolloutStandIn;
let folder: string;
let now = 0;
let whileWaiting: () => void;
beforeEach(async () => {
  stand = await rolloutServer();
  folder = mkdtempSync(join(tmpdir(), 'rzero-serving-'));
  now = 0;
  whileWaiting = () => undefined;
});
afterEach(async () => {
  await stand.close();
  rmSync(folder, { recursive: true });
});

const clock: Clock = {
  now: () => now,
  wait: (ms, signal) => {
    signal.throwIfAborted();
    now += ms;
    whileWaiting();
    return Promise.resolve();
  },
};
const signal = new AbortController().signal;
const PROBES = [
  [1, 4, 7, 9, 11],
  [1, 5, 8, 3],
];

const recipeOf = (weights: object = {}, more: object = {}) =>
  rolloutsSchema.parse({ servers: [stand.url], model: 'm', attempts: 2, weights, ...more });

function servingOf(weights: object = {}, more: object = {}): Serving & { said: string[] } {
  const recipe = recipeOf(weights, more);
  const server = new RolloutServer({
    address: stand.url,
    key: null,
    allowHttp: false,
    timeoutMs: 20_000,
    attempts: 2,
    clock,
  });
  const said: string[] = [];
  const serverFolder = recipe.weights.server_folder ?? folder;
  const serving = new Serving({
    recipe,
    servers: [server],
    folder,
    serverFolder,
    clock,
    say: (text) => void said.push(text),
  });
  return Object.assign(serving, { said });
}

const weights = (version: number, exported: string[] = []): ServedWeights => ({
  version: `solver-${version}`,
  export: (to) => {
    exported.push(to);
    mkdirSync(to, { recursive: true });
    return Promise.resolve();
  },
  score: (texts) => Promise.resolve(texts.map((text) => Float32Array.from(standInScores(text, version)))),
  probes: () => Promise.resolve(PROBES),
});
const calls = (): string[] =>
  stand.heard.map(({ path, body }) => (body['echo'] ? 'score' : path)).filter((path) => path !== '/v1/models');

describe('serving', () => {
  // Would catch: completions of old weights, or of a prefix cache that old weights filled, which no check sees.
  it('exports, reloads, forgets prefixes and checks, once for each weights', async () => {
    const exported: string[] = [];
    const serving = servingOf({ server_folder: '/seen/there' });
    await serving.ensure(weights(3, exported), signal);
    expect(stand.weights).toBe(3);
    expect(calls()).toEqual(['score', 'score', '/collective_rpc', '/reset_prefix_cache', 'score', 'score']);
    expect(stand.heard.find(({ path }) => path === '/collective_rpc')?.body).toEqual({
      method: 'reload_weights',
      kwargs: { weights_path: '/seen/there/solver-3' },
    });
    expect(exported).toEqual([join(folder, 'solver-3')]);
    expect(serving.maxLength).toBe(64);
    stand.heard.length = 0;
    await serving.ensure(weights(3), signal);
    expect(stand.heard).toEqual([]);
  });

  // Would catch: a disk that fills with every step's weights, and those under the server's feet deleted.
  it('keeps as many exported weights as asked', async () => {
    const serving = servingOf({ keep: 2 });
    for (const version of [1, 2, 3, 4]) await serving.ensure(weights(version), signal);
    const kept = readdirSync(folder).filter((name) => name.startsWith('solver'));
    expect(kept).toHaveLength(2);
    expect(kept).toContain('solver-4');
  });

  // Would catch: a run that goes on and reloads for nothing, or compares by other texts than before.
  it('leaves a server that is right as it is, also after a restart of this process', async () => {
    await servingOf().ensure(weights(3), signal);
    stand.heard.length = 0;
    await servingOf().ensure({ ...weights(3), probes: () => Promise.reject(new Error('other texts')) }, signal);
    expect(calls()).toEqual(['score', 'score', '/reset_prefix_cache']);
  });

  // Would catch: stale weights that are believed, or told as some difference of figures.
  it('names the weights that a server still serves', async () => {
    await servingOf().ensure(weights(12), signal);
    const still = servingOf({ reload: 'none', timeout_seconds: 5 });
    await expect(still.ensure(weights(13), signal)).rejects.toThrow(
      /127\.0\.0\.1:\d+ still serves the weights solver-12, not solver-13\./,
    );
    expect(now).toBeGreaterThanOrEqual(5000);
  });

  // Would catch: another model, or one in another precision, sampled from.
  it('refuses another model, another tokenizer and log-probabilities that are too far off', async () => {
    stand.weights = 400;
    await expect(servingOf({ reload: 'none', timeout_seconds: 1 }).ensure(weights(1), signal)).rejects.toThrow(
      /does not serve the weights solver-1: .* differ by [\d.]+ nats at most.* \(0\.001 is allowed\)/,
    );
    stand.models = [{ id: 'other' }];
    await expect(servingOf().ensure(weights(1), signal)).rejects.toThrow(/serves other, not "m"/);
    stand.models = [{ id: 'm' }];
    stand.faults = [
      {
        path: '/v1/completions',
        answer: (response) =>
          void response.end(JSON.stringify({ choices: [{ text: '', logprobs: { token_logprobs: [null, -1] } }] })),
      },
    ];
    await expect(servingOf().ensure(weights(1), signal)).rejects.toThrow(/read 2 tokens where 5 were sent/);
  });

  // Would catch: a server without the call taken for one that has reloaded.
  it('says what a server without reload needs', async () => {
    stand.reloads = false;
    await expect(servingOf().ensure(weights(1), signal)).rejects.toMatchObject({
      message: expect.stringContaining('offers no reload') as string,
      remedy: expect.stringContaining('VLLM_SERVER_DEV_MODE=1') as string,
    });
  });

  // Would catch: a server that somebody restarts by hand, given up before it is there.
  it('waits for weights that come by themselves', async () => {
    whileWaiting = () => {
      if (now >= 3000) stand.weights = 5;
    };
    await servingOf({ reload: 'none' }).ensure(weights(5), signal);
    expect(now).toBeGreaterThanOrEqual(3000);
  });
});

describe('a command of the recipe', () => {
  const script = (text: string): string => {
    const path = join(folder, 'script.cjs');
    writeFileSync(path, text);
    return path;
  };

  // Would catch: arguments through a shell, names that are not put in, a key in the environment of somebody's program.
  it('gets folder, version and server as they are, and no keys', async () => {
    process.env['RZERO_ROLLOUTS_KEY'] = 'sk-very-secret-0123456789';
    try {
      const path = script(
        `require('fs').writeFileSync(${JSON.stringify(join(folder, 'seen'))}, JSON.stringify([process.argv.slice(2), Object.keys(process.env)]))`,
      );
      const command = [process.execPath, path, '{folder}', '--is={version}; rm -rf {server}', '$(echo no)'];
      await expect(
        servingOf({ reload: 'command', command, timeout_seconds: 30 }).ensure(weights(4), signal),
      ).rejects.toThrow(/does not serve the weights solver-4/);
      const [args, names] = JSON.parse(readFileSync(join(folder, 'seen'), 'utf8')) as [string[], string[]];
      expect(args).toEqual([join(folder, 'solver-4'), `--is=solver-4; rm -rf ${stand.url}`, '$(echo no)']);
      expect(names).toContain('PATH');
      expect(names).not.toContain('RZERO_ROLLOUTS_KEY');
    } finally {
      delete process.env['RZERO_ROLLOUTS_KEY'];
    }
  });

  // Would catch: a failed restart that is waited for until the deadline, and what it said lost.
  it('tells what a program said that failed, or that is not there', async () => {
    const command = [process.execPath, script(`console.error('no such GPU'); process.exit(3)`)];
    await expect(servingOf({ reload: 'command', command }).ensure(weights(4), signal)).rejects.toThrow(
      /ended with code 3\. It said: no such GPU/,
    );
    const missing = [join(folder, 'missing')];
    await expect(servingOf({ reload: 'command', command: missing }).ensure(weights(4), signal)).rejects.toThrow(
      /could not be started/,
    );
  });

  // Would catch: a recipe of somebody else that runs a program here as soon as it is started, or after one word was changed.
  it('is run only where somebody allowed it, word for word', () => {
    const recipe = recipeOf({ reload: 'command', command: ['restart', '{folder}'] });
    expect(() => requireAllowed(folder, recipe)).toThrow(/runs a program of this machine: restart \{folder\}/);
    allow(folder, ['restart', '{folder}']);
    requireAllowed(folder, recipe);
    expect(() =>
      requireAllowed(folder, recipeOf({ reload: 'command', command: ['restart', '-f', '{folder}'] })),
    ).toThrow();
    requireAllowed(folder, recipeOf({ command: ['restart', '-f'] }));
    requireAllowed(folder, null);
    expect(existsSync(join(folder, 'allowed-commands.json'))).toBe(true);
  });
});
