/** What generation must do on every backend. Each test names the bug it would catch. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../main/compute/compute.js';
import { RandomKey } from '../../main/lib/random.js';
import type { ModelConfig } from '../../main/model/config.js';
import { TextGenerator, type Generated, type GenerationRequest } from '../../main/model/generate.js';
import type { Parameters } from '../../main/model/parameters.js';
import { hiddenStates, logitsOf } from '../../main/model/transformer.js';
import { randomParameters, TINY, VARIANTS } from './naive-transformer.js';

const SAMPLING = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 21, stopTokens: [2] };

/** The same of a width at which a block is a function of its own. */
const WIDE = Object.fromEntries(
  Object.entries(VARIANTS).map(([name, c]): [string, ModelConfig] => [`${name}, wide`, { ...c, hiddenSize: 512 }]),
);

/** Ragged prompts, one of a single token. */
export function raggedRequests(count: number, samples: number, seed = 0): GenerationRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    prompt: Array.from({ length: 1 + ((i * 7) % 23) }, (_unused, t) => 3 + ((i + 5 * t) % 14)),
    samples,
    key: RandomKey.of(seed, 'test', i),
  }));
}

/** log softmax of the whole sequence, without a cache: row t is the distribution after token t. */
function uncached(c: ModelConfig, parameters: Parameters, ids: readonly number[]): number[][] {
  return tf.tidy(() => {
    const hidden = hiddenStates(c, parameters.tensors, tf.tensor2d([[...ids]], undefined, 'int32'));
    const logits = logitsOf(c, parameters.tensors, tf.reshape(hidden, [ids.length, c.hiddenSize]));
    const rows = logits.arraySync();
    return rows.map((row) => {
      const top = Math.max(...row);
      const total = Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0)) + top;
      return row.map((x) => x - total);
    });
  });
}

function checkAgainstUncached(
  c: ModelConfig,
  parameters: Parameters,
  made: { request: GenerationRequest; result: Generated; greedy: boolean },
): void {
  const { prompt } = made.request;
  const { tokens, logprobs } = made.result;
  const rows = uncached(c, parameters, [...prompt, ...tokens]);
  tokens.forEach((token, i) => {
    const row = rows[prompt.length - 1 + i] as number[];
    expect(Math.abs((row[token] as number) - (logprobs[i] as number))).toBeLessThan(1e-5);
    if (made.greedy) expect(row[token]).toBeGreaterThan(Math.max(...row) - 1e-5);
  });
}

export function generationSuite(open: () => Promise<Compute>): void {
  let compute: Compute;
  beforeAll(async () => {
    compute = await open();
  });

  describe('cached equals uncached', () => {
    // Catches wrong positions, cache columns, masks, rotations or head orders in the cached path.
    it.each(Object.entries({ ...VARIANTS, ...WIDE }))('%s', async (_name, c) => {
      const parameters = randomParameters(c, 1);
      const requests = raggedRequests(6, 2);
      for (const temperature of [0, 1]) {
        const made = await new TextGenerator(compute, c).generate(parameters, requests, { ...SAMPLING, temperature });
        requests.forEach((request, i) => {
          for (const result of made[i] as Generated[]) {
            checkAgainstUncached(c, parameters, { request, result, greedy: temperature === 0 });
          }
        });
      }
      parameters.dispose();
    });
  });

  describe('batches', () => {
    // Catches rows that mix when sequences leave and enter, and draws that depend on the batch.
    it.each([TINY.hiddenSize, 512])(
      'give the same tokens however many rows decode together, at width %d',
      async (width) => {
        const c = { ...TINY, hiddenSize: width };
        const parameters = randomParameters(c, 2);
        const requests = raggedRequests(12, 3);
        const run = (maxBatch: number): Promise<Generated[][]> =>
          new TextGenerator(compute, c).generate(parameters, requests, SAMPLING, { maxBatch });
        const all = await run(64);
        const few = await run(5);
        all.forEach((samples, i) =>
          samples.forEach((sample, j) => {
            const other = few[i]?.[j] as Generated;
            expect(other.tokens).toEqual(sample.tokens);
            sample.logprobs.forEach((value, t) =>
              expect(Math.abs(value - (other.logprobs[t] as number))).toBeLessThan(1e-5),
            );
          }),
        );
        parameters.dispose();
      },
    );

    // Catches a batch that waits for its slowest row before it lets anyone in.
    it('let waiting sequences in while others still run', async () => {
      const parameters = randomParameters(TINY, 2);
      const seen: number[] = [];
      const requests = raggedRequests(40, 1);
      const made = await new TextGenerator(compute, TINY).generate(
        parameters,
        requests,
        { ...SAMPLING, maxNewTokens: 60 },
        { maxBatch: 8, onProgress: ({ finished }) => seen.push(finished) },
      );
      const lengths = made.flat().map((sample) => sample.tokens.length);
      const steps = seen.length;
      expect(seen.at(-1)).toBe(40);
      expect(new Set(lengths).size).toBeGreaterThan(3);
      // Five full batches, each as long as its longest row, would need at least this many blocks.
      const blocks = (part: number[]): number => Math.ceil(Math.max(...part) / 8);
      const order = requests
        .map((r, i) => ({ n: r.prompt.length, tokens: lengths[i] as number }))
        .sort((a, b) => b.n - a.n);
      const naive = [0, 8, 16, 24, 32].reduce(
        (sum, at) => sum + blocks(order.slice(at, at + 8).map((x) => x.tokens)),
        0,
      );
      expect(steps).toBeLessThan(naive);
      parameters.dispose();
    });

    // Catches a viewer that is shown one completion again and again, or one that nobody asked for.
    it('are told of one by one while others still run, each finished one once', async () => {
      const parameters = randomParameters(TINY, 2);
      const requests = raggedRequests(12, 1);
      const told: string[] = [];
      let partial = 0;
      const made = await new TextGenerator(compute, TINY).generate(
        parameters,
        requests,
        { ...SAMPLING, maxNewTokens: 30 },
        {
          maxBatch: 8,
          onProgress: ({ latest }) => {
            for (let one = latest(); one; one = latest()) {
              if (one.finish === null) {
                partial += 1;
                break;
              }
              told.push(`${one.request} ${one.finish} ${one.tokens.join(' ')}`);
            }
          },
        },
      );
      const all = made.map(([sample], i) => `${i} ${sample?.finish} ${sample?.tokens.join(' ')}`);
      expect(new Set(told).size).toBe(told.length);
      expect([...told].sort()).toEqual(all.sort());
      expect(partial).toBeGreaterThan(0);
      parameters.dispose();
    });

    // Catches state that survives a call: traces, random streams, a cache written in place twice.
    it('repeat bit for bit, from a fresh generator too', async () => {
      const parameters = randomParameters(TINY, 3);
      const requests = raggedRequests(9, 4);
      const generator = new TextGenerator(compute, TINY);
      const first = await generator.generate(parameters, requests, SAMPLING);
      await generator.generate(parameters, raggedRequests(3, 5, 9), { ...SAMPLING, maxNewTokens: 40 });
      expect(await generator.generate(parameters, requests, SAMPLING)).toEqual(first);
      expect(await new TextGenerator(compute, TINY).generate(parameters, requests, SAMPLING)).toEqual(first);
      parameters.dispose();
    });

    // Catches one stream shared by all samples, and a key that is ignored.
    it('draw otherwise for other samples and other keys', async () => {
      const parameters = randomParameters(TINY, 3);
      const texts = async (seed: number): Promise<string[]> => {
        const made = await new TextGenerator(compute, TINY).generate(parameters, raggedRequests(1, 16, seed), SAMPLING);
        return made.flat().map((sample) => sample.tokens.join(' '));
      };
      const [a, b] = [await texts(1), await texts(2)];
      expect(new Set(a).size).toBeGreaterThan(8);
      expect(b).not.toEqual(a);
      parameters.dispose();
    });
  });

  describe('endings', () => {
    // Catches tokens after a stop, a stop token left out, and limits that are off by one.
    it('stop at stop tokens, at the limit and at the last position', async () => {
      const c = { ...TINY, maxPositions: 30 };
      const parameters = randomParameters(c, 4);
      const requests = raggedRequests(10, 4);
      const stopTokens = [2, 5, 6];
      const made = await new TextGenerator(compute, c).generate(parameters, requests, { ...SAMPLING, stopTokens });
      const finishes = new Set<string>();
      requests.forEach(({ prompt }, i) => {
        for (const { tokens, finish, logprobs } of made[i] as Generated[]) {
          finishes.add(finish);
          const limit = Math.min(SAMPLING.maxNewTokens, 30 - prompt.length);
          const stop = tokens.findIndex((token) => stopTokens.includes(token));
          expect(logprobs.length).toBe(tokens.length);
          expect(stop).toBe(finish === 'stop' ? tokens.length - 1 : -1);
          if (finish === 'length') expect(tokens.length).toBe(limit);
          else expect(tokens.length).toBeLessThanOrEqual(limit);
        }
      });
      expect([...finishes].sort()).toEqual(['length', 'stop']);
      parameters.dispose();
    });

    // Catches a limit of nothing that still samples, and prompts the model cannot read.
    it('take a limit of 0, and refuse empty, strange and overlong prompts', async () => {
      const parameters = randomParameters(TINY, 4);
      const generator = new TextGenerator(compute, TINY);
      const one = (prompt: number[]): GenerationRequest[] => [{ prompt, samples: 2, key: RandomKey.of(1) }];
      const made = await generator.generate(parameters, one([3, 4]), { ...SAMPLING, maxNewTokens: 0 });
      expect(made).toEqual([[0, 1].map(() => ({ tokens: [], logprobs: new Float32Array(0), finish: 'length' }))]);
      expect(await generator.generate(parameters, [], SAMPLING)).toEqual([]);
      await expect(generator.generate(parameters, one([]), SAMPLING)).rejects.toThrow(/empty prompt/);
      await expect(generator.generate(parameters, one([17]), SAMPLING)).rejects.toThrow(/token 17/);
      const long = Array.from({ length: 129 }, () => 3);
      await expect(generator.generate(parameters, one(long), SAMPLING)).rejects.toThrow(/129 tokens/);
      parameters.dispose();
    });

    // Catches a signal that is looked at only at the end, and a cache left behind by it.
    it('stop between blocks when aborted', async () => {
      const parameters = randomParameters(TINY, 4);
      const generator = new TextGenerator(compute, TINY);
      const controller = new AbortController();
      // What traces keep is not the matter here.
      await generator.generate(parameters, raggedRequests(8, 4), { ...SAMPLING, maxNewTokens: 90 });
      const before = tf.memory().numTensors;
      let blocks = 0;
      const call = generator.generate(
        parameters,
        raggedRequests(8, 4),
        { ...SAMPLING, maxNewTokens: 90 },
        {
          signal: controller.signal,
          onProgress: () => {
            if (++blocks === 2) controller.abort();
          },
        },
      );
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
      expect(blocks).toBe(2);
      expect(tf.memory().numTensors).toBe(before);
      parameters.dispose();
    });
  });

  // Catches caches, uniforms or read-backs that nobody disposes.
  it('leaks no tensor over many calls', async () => {
    const parameters = randomParameters(TINY, 5);
    const generator = new TextGenerator(compute, TINY);
    const call = (): Promise<unknown> =>
      generator.generate(parameters, raggedRequests(7, 2), SAMPLING, { maxBatch: 6 });
    await call();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 10; i++) await call();
    expect(tf.memory().numTensors).toBe(before);
    parameters.dispose();
  });
}
