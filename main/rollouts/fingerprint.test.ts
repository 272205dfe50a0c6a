import { describe, expect, it } from 'vitest';
import { RandomKey } from '../lib/random.js';
import { compare, type Print } from './fingerprint.js';

const random = RandomKey.of(1, 'prints').stream();
const print = (): number[] => Array.from({ length: 100 }, () => -3 * random.uniform());
const near = (of: Print, by: number): number[] => of.map((value) => value + by * random.normal());

describe('a fingerprint', () => {
  const old = print();

  // Would catch: a server that is believed because a step of training moves the weights by less than the tolerance.
  it('tells stale weights that differ by less than the tolerance', () => {
    const wanted = near(old, 1e-4);
    const before = [{ version: 'solver-12', values: old }];
    const held = { wanted, before, tolerance: 1e-2 };
    expect(compare(near(wanted, 1e-6), held)).toMatchObject({ kind: 'same', told: true });
    expect(compare(near(old, 1e-6), held)).toMatchObject({ kind: 'stale', version: 'solver-12' });
  });

  // Would catch: a bfloat16 server refused at random as stale, or believed without a word, where its rounding hides the step.
  it('accuses nobody where rounding hides the difference, and says so', () => {
    const wanted = near(old, 1e-5);
    for (let i = 0; i < 50; i += 1) {
      const found = compare(near(wanted, 0.03), { wanted, before: [{ version: 'a', values: old }], tolerance: 0.3 });
      expect(found).toMatchObject({ kind: 'same', told: false });
    }
  });

  // Would catch: NaN, a print of another length or other weights taken for a match.
  it('takes nothing else for a match', () => {
    const held = { wanted: old, before: [], tolerance: 1e-3 };
    expect(compare(print(), held).kind).toBe('other');
    expect(compare([...old.slice(1), Number.NaN], held).kind).toBe('other');
    expect(compare(old.slice(1), held).kind).toBe('other');
    expect(compare([], { ...held, wanted: [] }).kind).toBe('other');
    expect(compare(old, { ...held, before: [{ version: 'the same again', values: old }] })).toMatchObject({
      kind: 'same',
      told: true,
    });
  });
});
