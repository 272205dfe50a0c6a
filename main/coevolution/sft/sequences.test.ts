import { describe, expect, it } from 'vitest';
import { RandomKey } from '../../lib/random.js';
import type { SupervisedExample } from '../executor.js';
import { batchesOf } from './batches.js';
import type { Example } from './examples.js';
import { sequencesOf, type SequencesOptions } from './sequences.js';

const codes = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));
const learner = {
  maxLength: 100,
  encode: ({ prompt, completion }: SupervisedExample) => ({
    prompt: codes(prompt.kind === 'text' ? prompt.text : ''),
    completion: [...codes(completion), 0],
  }),
};
const example = (text: string, completion: string): Example => ({
  ...{ questions: [text], group: text },
  ...{ prompt: { kind: 'text', text }, completion },
});
const examples = Array.from({ length: 60 }, (_, i) => example(`prompt ${i % 40}`, `completion ${i}`));

function options(changes: Partial<SequencesOptions['recipe']> = {}): SequencesOptions {
  return {
    ...{ file: 'data.jsonl', learner, isHeldOut: () => false, key: RandomKey.of(1, 'split') },
    recipe: { max_length: 50, too_long: 'leave_out', held_out: 0.25, ...changes },
  };
}
const text = (tokens: readonly number[]): string => String.fromCharCode(...tokens);

describe('sequencesOf', () => {
  // Catches a held-out share that measures what was learnt: the same prompt on both sides.
  it('holds out whole prompts, the same ones whatever the order and the rest of the file', () => {
    const { train, heldOut } = sequencesOf(examples, options());
    const prompts = (of: typeof train): Set<string> => new Set(of.map(({ prompt }) => text(prompt)));
    expect(prompts(heldOut).size).toBe(10);
    expect(train.length + heldOut.length).toBe(60);
    expect([...prompts(train)].filter((one) => prompts(heldOut).has(one))).toEqual([]);
    const reversed = sequencesOf([...examples].reverse(), options());
    expect(prompts(reversed.heldOut)).toEqual(prompts(heldOut));
    const other = sequencesOf(examples, { ...options(), key: RandomKey.of(2, 'split') });
    expect(prompts(other.heldOut)).not.toEqual(prompts(heldOut));
    expect(other.digest).not.toBe(sequencesOf(examples, options()).digest);
  });

  it('leaves out what a benchmark asks and what is too long, and counts both', () => {
    const given = [...examples, example('of a benchmark', 'x'), example('long', 'y'.repeat(60))];
    const isHeldOut = (question: string): boolean => question === 'of a benchmark';
    const { train, heldOut, leftOut, truncated } = sequencesOf(given, { ...options(), isHeldOut });
    expect({ leftOut, truncated }).toEqual({ leftOut: { benchmark: 1, tooLong: 1 }, truncated: 0 });
    expect(train.length + heldOut.length).toBe(60);
  });

  // Catches an end token that is learnt where the text was cut off, and a prompt that is learnt for want of a completion.
  it('cuts the end off where it is told to, the end token too', () => {
    const given = [...examples, example('long', 'y'.repeat(60)), example('p'.repeat(50), 'never seen')];
    const { train, heldOut, leftOut, truncated } = sequencesOf(given, options({ too_long: 'truncate' }));
    expect({ leftOut, truncated }).toEqual({ leftOut: { benchmark: 0, tooLong: 1 }, truncated: 1 });
    const cut = [...train, ...heldOut].find(({ prompt }) => text(prompt) === 'long');
    expect(text(cut?.completion ?? [])).toBe('y'.repeat(46));
  });

  it('refuses where nothing is left to learn or to hold out', () => {
    expect(() => sequencesOf(examples, options({ max_length: 3 }))).toThrow(
      /nothing is left of its 60 examples: 0 .*, 60 are longer than 3/,
    );
    const two = [example('a', 'x'), example('a', 'y')];
    expect(() => sequencesOf(two, options())).toThrow(/its 1 prompt cannot be parted/);
    expect(sequencesOf(two, options({ held_out: 0 })).train.length).toBe(2);
  });
});

describe('batchesOf', () => {
  const key = RandomKey.of(3);
  const lengths = Array.from({ length: 25 }, (_, i) => 10 + i);
  const wish = { epochs: 2, steps: null, batch: 8, batch_unit: 'sequences' } as const;

  // Catches a sequence learnt twice in an epoch, or never.
  it('takes every sequence once an epoch, in another order each time', () => {
    const batches = batchesOf(lengths, wish, key);
    expect(batches.map((batch) => batch.length)).toEqual([8, 8, 8, 1, 8, 8, 8, 1]);
    const [first, second] = [batches.slice(0, 4).flat(), batches.slice(4).flat()];
    expect([...first].sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    expect([...second].sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    expect(first).not.toEqual(second);
    expect(batchesOf(lengths, wish, key)).toEqual(batches);
  });

  it('counts steps or parts of epochs', () => {
    expect(batchesOf(lengths, { ...wish, steps: 11 }, key).length).toBe(11);
    expect(batchesOf(lengths, { ...wish, epochs: 1.5 }, key).length).toBe(6);
    expect(batchesOf(lengths, { ...wish, epochs: 0.01 }, key).length).toBe(1);
  });

  it('fills batches of tokens, but never over the edge where more than one is in them', () => {
    const batches = batchesOf(lengths, { ...wish, epochs: 1, batch: 60, batch_unit: 'tokens' }, key);
    const sums = batches.map((batch) => batch.reduce((sum, i) => sum + (lengths[i] as number), 0));
    expect(Math.max(...sums)).toBeLessThanOrEqual(60);
    expect(batches.flat().length).toBe(25);
    expect(batchesOf([99, 99], { ...wish, epochs: 1, batch: 60, batch_unit: 'tokens' }, key)).toHaveLength(2);
  });
});
