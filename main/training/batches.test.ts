import { describe, expect, it } from 'vitest';
import { RandomKey } from '../lib/random.js';
import { bucketLength, microBatches, packedBatches, type TokenSample } from './batches.js';

function samples(count: number, seed = 1): TokenSample[] {
  const random = RandomKey.of(seed).stream();
  const tokens = (n: number): number[] => Array.from({ length: n }, () => 3 + random.int(20));
  return Array.from({ length: count }, () => ({
    prompt: tokens(1 + random.int(25)),
    completion: tokens(1 + random.int(90)),
  }));
}

const limits = { tokens: 2048, maxPositions: 192, padToken: 0 };

describe('microBatches', () => {
  // Catches rows that are off by one, lost, doubled, or attributed to another sample.
  it('score every completion token of every sample exactly once, from the state before it', () => {
    const given = samples(150);
    const seen = new Map<number, number[]>();
    for (const batch of microBatches(given, limits)) {
      expect(batch.batch * batch.length).toBeLessThanOrEqual(limits.tokens);
      let real = 0;
      for (let row = 0; row < batch.rows; row++) {
        const owner = batch.owners[row] as number;
        if (owner < 0) continue;
        real++;
        const { prompt, completion } = given[owner] as TokenSample;
        const position = batch.positions[row] as number;
        const line = Math.floor(position / batch.length);
        const done = seen.get(owner) ?? [];
        seen.set(owner, [...done, batch.targets[row] as number]);
        const before = Array.from(batch.ids.slice(line * batch.length, position + 1));
        expect(before).toEqual([...prompt, ...completion.slice(0, done.length)]);
        expect(batch.inverse[position]).toBe(row);
      }
      expect(real).toBe(batch.tokens);
      expect(batch.inverse.filter((row) => row < batch.rows).length).toBe(batch.tokens);
    }
    given.forEach((sample, i) => expect(seen.get(i)).toEqual(sample.completion));
  });

  // Catches an unbounded number of shapes, each of which costs a trace.
  it('take few distinct shapes over many batches', () => {
    const shapes = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      for (const b of microBatches(samples(256, seed), { ...limits, tokens: 4096 }))
        shapes.add(`${b.batch} ${b.length} ${b.rows}`);
    }
    expect(shapes.size).toBeLessThan(40);
  });

  it('give a sample beyond the token budget a batch of its own, and refuse one beyond the model', () => {
    const long = { prompt: [1], completion: Array.from({ length: 100 }, () => 3) };
    expect(microBatches([long], { ...limits, tokens: 10 })).toHaveLength(1);
    expect(() => microBatches([long], { ...limits, maxPositions: 64 })).toThrow(
      /Sample 0 has 100 tokens; the model takes 64/,
    );
  });
});

describe('bucketLength', () => {
  it('never cuts, and pads by at most 15 tokens or a quarter', () => {
    for (let n = 1; n < 5000; n++) {
      expect(bucketLength(n)).toBeGreaterThanOrEqual(n);
      expect(bucketLength(n) - n).toBeLessThanOrEqual(Math.max(15, n / 4));
    }
  });
});

describe('packedBatches', () => {
  // Catches tokens of one sequence under the number of another, rows that point into a neighbour, and lost sequences.
  it('put every sequence once, whole and behind its own tokens, into lines that have room', () => {
    const given = samples(150, 2);
    const lineLength = 128;
    const seen = new Map<number, number[]>();
    for (const batch of packedBatches(given, { ...limits, lineLength })) {
      expect(batch.length).toBe(lineLength);
      const segments = batch.segments as Int32Array;
      for (let row = 0; row < batch.rows; row++) {
        const owner = batch.owners[row] as number;
        if (owner < 0) continue;
        const { prompt, completion } = given[owner] as TokenSample;
        const position = batch.positions[row] as number;
        const done = seen.get(owner) ?? [];
        seen.set(owner, [...done, batch.targets[row] as number]);
        const line = Math.floor(position / batch.length) * batch.length;
        // What this position may see: its own segment, up to itself.
        const visible = Array.from({ length: position - line + 1 }, (_, i) => line + i)
          .filter((at) => segments[at] === segments[position])
          .map((at) => batch.ids[at]);
        expect(visible).toEqual([...prompt, ...completion.slice(0, done.length)]);
        expect(batch.inverse[position]).toBe(row);
      }
    }
    given.forEach((sample, i) => expect(seen.get(i)).toEqual(sample.completion));
  });

  // Catches a packing that pads as much as none.
  it('fill lines to more than nine tenths', () => {
    const given = samples(300, 3);
    const batches = packedBatches(given, { ...limits, lineLength: 192 });
    const real = given.reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length - 1, 0);
    expect(real / batches.reduce((sum, { batch, length }) => sum + batch * length, 0)).toBeGreaterThan(0.9);
  });

  it('give a sequence that is longer than a line one of its own', () => {
    const long = { prompt: [1, 3], completion: Array.from({ length: 60 }, () => 5) };
    const given = [...samples(6, 4).map((s) => ({ ...s, completion: s.completion.slice(0, 4) })), long];
    const batches = packedBatches(given, { ...limits, lineLength: 32 });
    expect(batches.flatMap((batch) => [...batch.samples]).sort()).toEqual(given.map((_, i) => i));
    expect(batches.find((batch) => batch.samples.includes(6))).toMatchObject({ length: 64, samples: [6] });
  });
});
