import { describe, expect, it } from 'vitest';
import { domainNamed } from './named-domain.js';
import { RandomKey } from '../lib/random.js';
import { type DiversityOptions, nearDuplicates } from './near-duplicates.js';
import { sentenceBleu } from './rewards/bleu.js';

const math = domainNamed('math');
const options = (threshold: number, keepPerCluster = 1): DiversityOptions => ({
  normalise: math.normaliseQuestion,
  bleuTokens: math.bleuTokens,
  smoothing: 'epsilon',
  threshold,
  keepPerCluster,
});

describe('diversity filter', () => {
  const questions = [
    'A train travels 60 km in 2 hours, what is its speed?',
    'What is the sum of the first ten primes?',
    'A train travels 60 km in 2 hours, what is its speed?',
    'a train  travels 60 km in 2 hours, what is its speed',
    'A train travels 90 km in 2 hours, what is its speed?',
    'A train travels 90 km in 3 hours, what is its speed?',
  ];

  it('names why a question goes and which earlier one it repeats', () => {
    expect(nearDuplicates(questions, options(0))).toEqual([
      { kept: true },
      { kept: true },
      { kept: false, reason: 'exact duplicate', of: 0 },
      { kept: false, reason: 'same normal form', of: 0 },
      { kept: true },
      { kept: true },
    ]);
    // One word differs from the first in the fifth, two in the sixth.
    expect(nearDuplicates(questions, options(0.5)).slice(4)).toEqual([
      { kept: false, reason: 'cluster duplicate', of: 0 },
      { kept: true },
    ]);
    expect(nearDuplicates(questions, options(0.7)).map((v) => v.kept)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(nearDuplicates(questions, options(0.7, 2)).map((v) => v.kept)).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it('keeps no two questions within the threshold, and drops none without a kept one within it', () => {
    const random = RandomKey.of(5, 'diversity').stream();
    const words = ['sum', 'of', 'two', 'primes', 'is', 'odd', 'find', 'x'];
    const texts = Array.from({ length: 200 }, () =>
      Array.from({ length: 1 + random.int(8) }, () => words[random.int(words.length)]).join(' '),
    );
    const distance = (a: string, b: string): number => {
      const [x, y] = [math.bleuTokens(a), math.bleuTokens(b)];
      return 1 - (sentenceBleu(x, y, 'epsilon') + sentenceBleu(y, x, 'epsilon')) / 2;
    };
    const verdicts = nearDuplicates(texts, options(0.6));
    const kept = texts.filter((_, i) => verdicts[i]?.kept);
    kept.forEach((a, i) => kept.slice(0, i).forEach((b) => expect(distance(a, b)).toBeGreaterThan(0.6)));
    const dropped = verdicts.flatMap((v, i) => (v.kept || v.reason !== 'cluster duplicate' ? [] : [{ i, of: v.of }]));
    for (const { i, of } of dropped) {
      expect(of).toBeLessThan(i);
      expect(verdicts[of]).toEqual({ kept: true });
      expect(distance(texts[i] as string, texts[of] as string)).toBeLessThanOrEqual(0.6);
    }
    expect(dropped.length).toBeGreaterThan(10);
  });
});
