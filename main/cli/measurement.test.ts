import { describe, expect, it } from 'vitest';
import type { RunInfo } from '../../preload/contract/runs.js';
import { LabError } from '../lib/errors.js';
import { measurementOf } from './measurement.js';

const guard = (value: number) => ({ greedy: { value, low: 0, high: 1, n: 10 } });
const summaries = [0.5, 0.75, 0.75, 0.25].map((value, iteration) => ({ iteration, guard: guard(value) }));
const runs: Readonly<Record<string, unknown>> = {
  tuned: { id: 'nano-1', name: 'tuned', summaries },
  unguarded: { id: 'nano-2', name: 'unguarded', summaries: summaries.map((one) => ({ ...one, guard: null })) },
  'odd@best': { id: 'nano-3', name: 'odd@best', summaries },
  broken: null,
};
const lab = {
  run: (name: string): RunInfo => {
    if (runs[name]) return runs[name] as RunInfo;
    if (name === 'broken@1') throw new LabError('database', 'The record is damaged.');
    throw new LabError('not-found', `There is no run "${name}".`);
  },
};
const of = (named: string) => measurementOf(lab, named);

describe('a measurement as it is named', () => {
  // Would catch: an iteration read as part of a name or a name as an iteration, base taken for "none named", and of two
  // equally good iterations the later.
  it.each([
    ['tuned', 'nano-1', null],
    ['tuned@last', 'nano-1', null],
    ['tuned@base', 'nano-1', 0],
    ['tuned@0', 'nano-1', 0],
    ['tuned@12', 'nano-1', 12],
    ['tuned@best', 'nano-1', 1],
    ['odd@best', 'nano-3', null],
    ['odd@best@best', 'nano-3', 1],
    ['odd@best@2', 'nano-3', 2],
  ])('%s is iteration %s', (named, run, iteration) => expect(of(named)).toEqual({ run, iteration }));

  it.each(['tuned@', 'tuned@-1', 'tuned@2.5', 'tuned@bst', 'tuned@12345', 'tuned@1e2'])('refuses %s', (named) =>
    expect(() => of(named)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('no iteration') as string }),
    ),
  );

  // Would catch: an empty name that fits every run, a damaged record told as a missing run, a best by nothing.
  it('names what is missing', () => {
    expect(() => of('@best')).toThrow('"@best" names no run.');
    expect(() => of('nobody@best')).toThrow('There is no run "nobody".');
    expect(() => of('nobody')).toThrow('There is no run "nobody".');
    expect(() => of('broken@1')).toThrow('The record is damaged.');
    expect(() => of('unguarded@best')).toThrow('no guard benchmark');
  });
});
