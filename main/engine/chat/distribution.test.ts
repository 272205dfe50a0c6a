import { expect, it } from 'vitest';
import { RandomKey } from '../../lib/random.js';
import { distributionOf } from './distribution.js';
import { drawToken } from './draw.js';

const ALL = { temperature: 1, topK: 0, topP: 1 };

// Would catch: probabilities that do not add up, alternatives out of order, an overflow of exp, an entropy of the wrong sign.
it('tells the distribution of logits however large they are', () => {
  const logits = Float32Array.of(1000, 1000 + Math.log(2), 1000 + Math.log(5), Number.NEGATIVE_INFINITY);
  const { top, entropy, logTotal } = distributionOf(logits, 10);
  expect(top.map(({ id }) => id)).toEqual([2, 1, 0, 3]);
  expect(top.map(({ logprob }) => Math.exp(logprob))).toEqual(
    [5 / 8, 2 / 8, 1 / 8, 0].map((p) => expect.closeTo(p, 4) as number),
  );
  expect(Math.exp((logits[1] as number) - logTotal)).toBeCloseTo(0.25, 4);
  const expected = -[5 / 8, 2 / 8, 1 / 8].reduce((sum, p) => sum + p * Math.log(p), 0);
  expect(entropy).toBeCloseTo(expected, 4);
  expect(distributionOf(Float32Array.of(3, 3, 3), 2).top.map(({ id }) => id)).toEqual([0, 1]);
});

// Would catch: a token drawn that was cut off, top-p that drops the likeliest, a temperature that turns things round.
it('draws by temperature, top-k and top-p in the order of transformers', () => {
  const logits = Float32Array.from([0.5, 0.3, 0.15, 0.05].map(Math.log));
  expect([0, 0.49, 0.51, 0.79, 0.81, 0.94, 0.96].map((u) => drawToken(logits, u, ALL))).toEqual([0, 0, 1, 1, 2, 2, 3]);
  expect(drawToken(logits, 0.99, { ...ALL, temperature: 0 })).toBe(0);
  expect(drawToken(logits, 0.999, { ...ALL, topK: 2 })).toBe(1);
  expect(drawToken(logits, 0.999, { ...ALL, topP: 0.8 })).toBe(1);
  expect(drawToken(logits, 0.999, { ...ALL, topP: 0.1 })).toBe(0);
  // Of the two that top-k leaves, the first has 0.625: top-p counts among what is left.
  expect(drawToken(logits, 0.999, { ...ALL, topK: 2, topP: 0.6 })).toBe(0);
  // At temperature 0.5 the probabilities are squared: 25 : 9 : 2.25 : 0.25.
  expect(drawToken(logits, 25 / 36.5 - 0.01, { ...ALL, temperature: 0.5 })).toBe(0);
  expect(drawToken(logits, 25 / 36.5 + 0.01, { ...ALL, temperature: 0.5 })).toBe(1);
});

// Would catch: a draw that favours some tokens of a large vocabulary, or never meets its end.
it('draws as often as the probabilities say', () => {
  const stream = RandomKey.of(7, 'draws').stream();
  const logits = Float32Array.from({ length: 1000 }, (_, id) => (id === 999 ? Math.log(999) : 0));
  let last = 0;
  for (let i = 0; i < 2000; i++) if (drawToken(logits, stream.uniform(), ALL) === 999) last++;
  expect(last / 2000).toBeGreaterThan(0.45);
  expect(last / 2000).toBeLessThan(0.55);
});
