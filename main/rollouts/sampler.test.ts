/** Completions from a server that answers well, and in every way it can badly, with a clock that does not wait. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendJson } from '../../test/support/judge-endpoint.js';
import { BADLY, rolloutServer, type RolloutStandIn } from '../../test/support/rollout-server.js';
import type { Clock } from '../endpoints/pace.js';
import { RandomKey } from '../lib/random.js';
import { Secret } from '../lib/secret.js';
import { sampleAt, type SampleWish } from './sampler.js';
import { RolloutServer, type ServerOptions } from './server.js';

let stand: RolloutStandIn;
let waits: number[];
beforeEach(async () => {
  stand = await rolloutServer();
  waits = [];
});
afterEach(() => stand.close());

const clock: Clock = {
  now: () => 0,
  wait: (ms, signal) => {
    signal.throwIfAborted();
    waits.push(ms);
    return Promise.resolve();
  },
};
const KEY = 'sk-very-secret-0123456789';
const serverOf = (change: Partial<ServerOptions> = {}): RolloutServer =>
  new RolloutServer({
    address: stand.url,
    key: null,
    allowHttp: false,
    timeoutMs: 20_000,
    attempts: 3,
    clock,
    ...change,
  });
const sampling = { temperature: 0.7, top_p: 0.9, top_k: 5, max_new_tokens: 9 };
const request = (i: number, samples: number) => ({ prompt: [1, 4, 10 + i], samples, key: RandomKey.of(3, 'a', i) });
const wish = (change: Partial<SampleWish> = {}): SampleWish => ({
  ...{ servers: [serverOf()], model: 'm', sampling, maxLength: 64, stopTokens: [2], logprobs: false, concurrency: 2 },
  signal: new AbortController().signal,
  ...change,
});
const two = [request(0, 2)];

describe('sampling at servers', () => {
  // Would catch: completions at another prompt's place, equal seeds, one request that must bring hundreds of completions.
  it('gives each request its completions, in order, whoever was asked', async () => {
    const requests = [request(0, 70), request(1, 1), request(2, 2)];
    const other = await rolloutServer();
    const seen: number[] = [];
    const groups = await sampleAt(requests, {
      ...wish({
        servers: [serverOf(), serverOf({ address: other.url })],
        onCompletions: (i, all) => void seen.push(i, all.length),
      }),
    });
    await other.close();
    expect(groups.map((group) => group.length)).toEqual([70, 1, 2]);
    expect(
      groups.flat().every((one) => one.tokens?.at(-1) === 2 && one.finish === 'stop' && one.logprobs === null),
    ).toBe(true);
    const asked = [...stand.heard, ...other.heard].map(({ body }) => body);
    expect(asked.map(({ n }) => n).sort()).toEqual([1, 2, 32, 32, 6]);
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(5);
    expect(asked[0]).toMatchObject({
      temperature: 0.7,
      top_p: 0.9,
      top_k: 5,
      max_tokens: 9,
      stop_token_ids: [2],
      skip_special_tokens: false,
    });
    expect(seen).toHaveLength(10);
    // The same key, the same seed: what a server can repeat, it repeats.
    const again = await sampleAt([requests[0] as (typeof requests)[0]], wish());
    expect(again[0]).toEqual(groups[0]);
  });

  // Would catch: a prompt near the end of the context that a server refuses where it would be cut short here.
  it('asks for no more than fits behind the prompt', async () => {
    const [group] = await sampleAt(two, wish({ maxLength: 5 }));
    expect(group?.map(({ finish, tokens }) => [finish, tokens?.length])).toEqual([
      ['length', 2],
      ['length', 2],
    ]);
  });

  // Would catch: a moment's trouble that pauses a run of hours, and half an answer that is learnt from.
  it.each(Object.entries(BADLY))('asks again after %s', async (name, answer) => {
    stand.faults = [{ path: '/v1/completions', answer }];
    const [group] = await sampleAt(two, wish());
    expect(group).toHaveLength(2);
    expect(stand.heard).toHaveLength(2);
    expect(waits).toHaveLength(1);
    if (name === 'too many requests') expect(waits[0]).toBeGreaterThanOrEqual(7000);
  });

  // Would catch: a run that asks for ever, or fails instead of pausing.
  it('gives up in words that say who, why and what to do', async () => {
    stand.faults = Array.from({ length: 9 }, () => ({ path: '/v1/completions', answer: BADLY['no room'] as never }));
    await expect(sampleAt(two, wish())).rejects.toThrow(
      /rollout server 127\.0\.0\.1:\d+ failed, 3 times: .*status 503/,
    );
    expect(stand.heard).toHaveLength(3);
    await stand.close();
    await expect(sampleAt(two, wish())).rejects.toMatchObject({
      remedy: expect.stringContaining('rzero resume') as string,
    });
  });

  // Would catch: a key that follows a redirect, travels unencrypted or is told in an error.
  it('keeps its key to itself', async () => {
    const elsewhere = await rolloutServer();
    const key = Secret.of(KEY, 'a test');
    const withKey = wish({ servers: [serverOf({ key })] });
    const location = `${elsewhere.url}/completions`;
    stand.faults = [
      { path: '/v1/completions', answer: (response) => void response.writeHead(307, { location }).end() },
      { path: '/v1/completions', answer: (response) => sendJson(response, `{"error":"wrong key ${KEY}"}`, 401) },
    ];
    await expect(sampleAt(two, withKey)).rejects.toThrow(/sends elsewhere/);
    const refused = await sampleAt(two, withKey).then(
      () => 'nothing',
      (error: Error) => `${error.message} ${error.stack ?? ''}`,
    );
    expect(refused).toMatch(/refuses the key/);
    expect(refused).not.toContain('secret');
    expect(stand.heard[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect(elsewhere.heard).toHaveLength(0);
    await elsewhere.close();
    expect(() => serverOf({ address: 'http://192.0.2.1/v1', key })).toThrow(/unencrypted to 192\.0\.2\.1/);
    for (const address of ['file:///etc/passwd', 'http://user:pass@host/v1', 'http://host/v1?key=1'])
      expect(() => serverOf({ address })).toThrow(/cannot be used/);
  });

  // Would catch: text that is learnt from though nobody knows by which tokens it was written.
  it('takes text alone only where nothing is learnt from it', async () => {
    stand.spoil = (choices) => choices.map(({ index, text, finish_reason }) => ({ index, text, finish_reason }));
    const [group] = await sampleAt(two, wish());
    expect(group?.[0]).toMatchObject({ tokens: null, finish: 'stop' });
    await expect(sampleAt(two, wish({ logprobs: true }))).rejects.toThrow(/text without token ids/);
  });

  // Would catch: tokens without their log-probabilities, or those of another length, in GRPO's ratio.
  it('brings the log-probabilities of each token where they are wanted', async () => {
    const [group] = await sampleAt(two, wish({ logprobs: true }));
    for (const one of group ?? []) expect(one.logprobs).toEqual(one.tokens?.map((id) => -id / 10));
    expect(stand.heard[0]?.body).toMatchObject({ logprobs: 0 });
    stand.spoil = (choices) => choices.map((choice) => ({ ...choice, logprobs: { token_logprobs: [-1] } }));
    await expect(sampleAt(two, wish({ logprobs: true }))).rejects.toThrow(/1 log-probabilities came with \d tokens/);
  });

  // Would catch: a completion that says it has ended, without the token that says so here.
  it('puts the token back that ended a text, where the server keeps it', async () => {
    stand.spoil = (choices) =>
      choices.map((choice) => ({
        ...choice,
        token_ids: (choice['token_ids'] as number[]).slice(0, -1),
        logprobs: null,
        stop_reason: 2,
      }));
    const [group] = await sampleAt(two, wish());
    expect(group?.every(({ tokens }) => tokens?.at(-1) === 2)).toBe(true);
  });

  // Would catch: a stop that waits for a server, or is told as its failure.
  it('ends at once when a pause is asked for', async () => {
    const stop = new AbortController();
    stand.faults = [{ path: '/v1/completions', answer: () => stop.abort(new Error('given up')) }];
    await expect(sampleAt(two, wish({ signal: stop.signal }))).rejects.toThrow('given up');
  });
});
