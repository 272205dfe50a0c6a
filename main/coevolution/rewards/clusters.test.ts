import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleQuestion } from '../../domains/chains/question.js';
import { RandomKey } from '../../lib/random.js';
import { bleuDistances, sentenceBleu } from './bleu.js';
import { averageLinkage, clusterByBleu } from './clusters.js';

interface Golden {
  readonly bleu: readonly { readonly hypothesis: string; readonly reference: string; readonly bleu: number }[];
  readonly linkage: readonly {
    readonly n: number;
    readonly upper: readonly number[];
    readonly cuts: Readonly<Record<string, readonly number[]>>;
  }[];
  readonly batch: { readonly texts: readonly string[]; readonly clusters: Readonly<Record<string, readonly number[]>> };
}

// Made by scripts/golden/clusters.py with nltk and scipy.
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/clusters.json', import.meta.url), 'utf8'),
) as Golden;

const words = (text: string): string[] => text.split(' ');
const key = RandomKey.of(11, 'clusters');

/** Numbers clusters by first appearance, so that partitions can be compared. */
function partition(names: Iterable<number>): number[] {
  const numbers = new Map<number, number>();
  return Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

function square(n: number, upper: readonly number[]): Float64Array {
  const full = new Float64Array(n * n);
  let k = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) full[i * n + j] = full[j * n + i] = upper[k++] as number;
  }
  return full;
}

/** Repeatedly joins the closest two clusters by the mean over all pairs: the definition, in O(n⁴). */
function byDefinition(n: number, distances: Float64Array, weights: readonly number[], threshold: number): number[] {
  const clusters = Array.from({ length: n }, (_, i) => [i]);
  const linkage = (a: readonly number[], b: readonly number[]): number => {
    let sum = 0;
    let weight = 0;
    for (const i of a) {
      for (const j of b) {
        const w = (weights[i] as number) * (weights[j] as number);
        sum += w * (distances[i * n + j] as number);
        weight += w;
      }
    }
    return sum / weight;
  };
  for (;;) {
    let best = { d: Infinity, a: 0, b: 0 };
    clusters.forEach((x, a) =>
      clusters.forEach((y, b) => {
        const d = a < b ? linkage(x, y) : Infinity;
        if (d < best.d) best = { d, a, b };
      }),
    );
    if (best.d > threshold) break;
    (clusters[best.a] as number[]).push(...(clusters.splice(best.b, 1)[0] as number[]));
  }
  const names = new Array<number>(n);
  clusters.forEach((items, c) => items.forEach((i) => (names[i] = c)));
  return partition(names);
}

describe('BLEU', () => {
  it('agrees with nltk, method 1, on words', () => {
    for (const { hypothesis, reference, bleu } of golden.bleu) {
      expect(sentenceBleu(words(hypothesis), words(reference), 'epsilon')).toBeCloseTo(bleu, 12);
    }
    expect(golden.bleu.filter((g) => g.bleu > 0.3 && g.bleu < 0.99).length).toBeGreaterThan(5);
  });

  it('agrees with the reference of the nano recipe, add-one, on characters', () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ['3+8-5', '3+8-5', 1],
      ['3+8', '3+8-5', 0.513417119032592],
      ['3+8-5', '3+8', 0.4949232003839765],
      ['1+2', '3+4', 0.4854917717073234],
      ['9-8+7-6', '6-7+8-9', 0.2626909894424158],
      ['1+2', '1+3', 0.6865890479690392],
    ];
    for (const [a, b, bleu] of cases) expect(sentenceBleu([...a], [...b], 'add-one')).toBeCloseTo(bleu, 12);
    expect(sentenceBleu([...'1+1'], [...'2-2'], 'add-one')).toBe(0);
    expect(sentenceBleu([], ['a'], 'epsilon')).toBe(0);
  });

  it('gives for all pairs at once what it gives one by one', () => {
    const texts = Array.from({ length: 25 }, (_, i) => [...sampleQuestion(key.child('pairs', i), 2 + (i % 9))]);
    for (const smoothing of ['add-one', 'epsilon'] as const) {
      const all = bleuDistances(texts, smoothing);
      texts.forEach((a, i) =>
        texts.forEach((b, j) => {
          const both = (sentenceBleu(a, b, smoothing) + sentenceBleu(b, a, smoothing)) / 2;
          expect(all[i * texts.length + j]).toBe(i === j ? 0 : 1 - both);
        }),
      );
    }
  });
});

describe('average linkage', () => {
  it('agrees with scipy on random matrices', () => {
    for (const { n, upper, cuts } of golden.linkage) {
      for (const [threshold, expected] of Object.entries(cuts)) {
        const names = averageLinkage(square(n, upper), new Array<number>(n).fill(1), Number(threshold));
        expect(partition(names), `n = ${n}, cut at ${threshold}`).toEqual(expected);
      }
    }
  });

  it('agrees with the definition for weighted items (a wrong update rule would pass where weights are 1)', () => {
    const random = key.child('weights').stream();
    for (let round = 0; round < 40; round++) {
      const n = 2 + random.int(13);
      const upper = Array.from({ length: (n * (n - 1)) / 2 }, () => random.uniform());
      const weights = Array.from({ length: n }, () => 1 + random.int(5));
      for (const threshold of [0.1, 0.3, 0.5]) {
        const distances = square(n, upper);
        const expected = byDefinition(n, distances, weights, threshold);
        expect(partition(averageLinkage(distances, weights, threshold))).toEqual(expected);
      }
    }
  });

  it('leaves no two clusters within the cut, however many distances are equal', () => {
    const random = key.child('ties').stream();
    for (let round = 0; round < 30; round++) {
      const n = 20;
      const upper = Array.from({ length: (n * (n - 1)) / 2 }, () => random.int(6) / 5);
      const names = averageLinkage(square(n, upper), new Array<number>(n).fill(1), 0.4);
      const distances = square(n, upper);
      for (const a of new Set(names)) {
        for (const b of new Set(names)) {
          if (a === b) continue;
          const between = [...names].flatMap((x, i) =>
            [...names].flatMap((y, j) => (x === a && y === b ? [distances[i * n + j] as number] : [])),
          );
          expect(between.reduce((sum, d) => sum + d, 0) / between.length).toBeGreaterThan(0.4 - 1e-12);
        }
      }
    }
  });

  it('takes nothing and one', () => {
    expect([...averageLinkage(new Float64Array(0), [], 0.5)]).toEqual([]);
    expect([...averageLinkage(new Float64Array(1), [1], 0.5)]).toEqual([0]);
    expect(clusterByBleu([], { threshold: 0.5, smoothing: 'epsilon' })).toEqual({ clusterOf: [], sizes: [] });
  });
});

describe('clusters of a batch', () => {
  it('agrees with nltk and scipy together', () => {
    for (const [threshold, expected] of Object.entries(golden.batch.clusters)) {
      const { clusterOf } = clusterByBleu(golden.batch.texts.map(words), {
        threshold: Number(threshold),
        smoothing: 'epsilon',
      });
      expect(clusterOf, `cut at ${threshold}`).toEqual(expected);
    }
  });

  it('agrees with the reference of the nano recipe on chains, repeats included', () => {
    const chains =
      '9+5-9+9 7-8+3 8-6+3+8-0+2 4-8+3 6-6-9-8-9+5+4+5 9+3-4+1-7+5+6 4-6+0 0-9-8-8+0-0+1+3-4 4-6+9 4-6+9 2+5-5-9-7+9+0-4 9-2-2-5-4 8-6+3+8-0+6 4-9+3 8-6+7+8-0+6 4-9+8 8+0-8-8-3+9 9+5-9+1 8-3+8-0 0-6+9 9-0-3-9-0-5 7-8+1 8-5+5+5-6-5-3 1+8+6+9+0-7 6-9+3 0-5-1-1 8-0+3+8-0+6 8-1+5+5-6-5-3 8-6+8+8-0+6 4-9+7 4-6+9 2-3-7+6 9+7+7+6+7+3 1+4+3-2+9+4+0-2-1 0-8+1 4-0-3-9-0-5 1+8+6+9+0-5 4-5-3-9-0-5 9+5-9+0 0-9-3-8+0-0+1+3-4';
    const expected = [
      0, 1, 2, 1, 3, 4, 5, 6, 5, 5, 7, 8, 2, 9, 2, 9, 10, 0, 11, 5, 12, 1, 13, 14, 9, 15, 2, 13, 2, 9, 5, 16, 17, 18, 1,
      12, 14, 12, 0, 6,
    ];
    const { clusterOf } = clusterByBleu(
      chains.split(' ').map((q) => [...q]),
      { threshold: 0.5, smoothing: 'add-one' },
    );
    expect(clusterOf).toEqual(expected);
  });

  it('does not depend on the order of a batch full of ties', () => {
    const random = key.child('order').stream();
    for (let round = 0; round < 20; round++) {
      // Two and three terms of a small alphabet: many equal texts, and many equal distances between different ones.
      const texts = Array.from({ length: 60 }, (_, i) =>
        sampleQuestion(key.child('order', round, i), 2 + random.int(2)),
      );
      const cluster = (items: readonly string[]): Map<string, readonly string[]> => {
        const result = clusterByBleu(
          items.map((t) => [...t]),
          { threshold: 0.5, smoothing: 'add-one' },
        );
        const members = result.sizes.map((_, c) => items.filter((__, i) => result.clusterOf[i] === c).sort());
        expect(members.map((m) => m.length)).toEqual(result.sizes);
        return new Map(items.map((t, i) => [t, members[result.clusterOf[i] as number] as string[]]));
      };
      expect(cluster(random.shuffled(texts))).toEqual(cluster(texts));
    }
  });

  it('counts equal texts as one cluster even where smoothing would not (three words have no 4-gram)', () => {
    const texts = ['a b c', 'a b c', 'x y z'].map(words);
    expect(clusterByBleu(texts, { threshold: 0.5, smoothing: 'epsilon' })).toEqual({
      clusterOf: [0, 0, 1],
      sizes: [2, 1],
    });
  });
});
