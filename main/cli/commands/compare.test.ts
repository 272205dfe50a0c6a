import { expect, it } from 'vitest';
import { areFiles, requireTwo } from './compare.js';

const side = (run: string, iteration: number) => ({ run, name: `the run ${run}`, iteration, zeroData: true });

// Would catch: a run compared with itself, however it was named, that is told as "no difference, p = 1".
it('refuses to compare a measurement with itself', () => {
  expect(() => requireTwo({ a: side('x', 3), b: side('x', 3) })).toThrow('A and B are the same measurement: the run x');
  expect(() => requireTwo({ a: side('x', 3), b: side('x', 2) })).not.toThrow();
  expect(() => requireTwo({ a: side('x', 3), b: side('y', 3) })).not.toThrow();
});

// Would catch: a run that cannot be compared because of its name, and a file held against a run without a word why not.
it('tells files of answers from runs by their names', () => {
  expect(areFiles('a.jsonl', './b.JSONL')).toBe(true);
  expect(areFiles(import.meta.filename, 'b.jsonl')).toBe(true);
  expect(areFiles('last@base', 'study/arm/1')).toBe(false);
  expect(() => areFiles('last', 'b.jsonl')).toThrow('b.jsonl is a file of answers, and last a run');
});
