import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recipeSchema } from '../../preload/contract/recipe.js';
import { checkFields } from './check.js';
import { fieldsOf, type Field, type Json, type Schema } from './fields.js';
import { jsonText, typedNumber, valueAt, withValue } from './values.js';

const fields = fieldsOf(z.toJSONSchema(recipeSchema, { io: 'input' }) as Schema);
const flat = (list: readonly Field[]): Field[] =>
  list.flatMap((field) => (field.kind === 'group' ? [field, ...flat(field.fields)] : [field]));
const at = (path: string): Field | undefined => flat(fields).find((field) => field.path === path);

describe('the form of a recipe', () => {
  it('would catch a parameter of the recipe that no control is made for', () => {
    expect(flat(fields).filter(({ kind }) => kind === 'json')).toEqual([]);
    expect(flat(fields).length).toBeGreaterThan(80);
    expect(at('checkpoint.every_steps')).toMatchObject({ kind: 'choice', words: ['auto'], other: { kind: 'number' } });
    expect(at('evaluation.guard_benchmark')).toMatchObject({ kind: 'choice', words: [null], other: { kind: 'text' } });
    expect(at('solver.optimiser.betas')).toMatchObject({ kind: 'list', fixed: true, standard: [0.9, 0.999] });
    expect(at('solver.grpo.clip')).toMatchObject({
      standard: 0.2,
      help: 'ε: ratio clipping, both sides',
      min: 0,
      minAllowed: false,
    });
  });

  it('would catch a form that allows what the recipe refuses, limit by limit', () => {
    const wrong: [string, Json][] = [
      ['solver.optimiser.learning_rate', 0],
      ['solver.grpo.clip', 1],
      ['iterations', 1.5],
      ['iterations', 101],
      ['name', ''],
      ['domain', ''],
      ['checkpoint.every_steps', 'sometimes'],
      ['checkpoint.every_steps', 0],
      ['solver.optimiser.betas', [0.9, 1]],
      ['solver.optimiser.betas', [0.9]],
      ['seed', 'abc'],
    ];
    for (const [path, value] of wrong) {
      const messages = checkFields(fields, withValue({}, path, value));
      expect([path, Object.keys(messages).some((key) => key.startsWith(path))]).toEqual([path, true]);
    }
  });

  it('would catch a complaint about what is right or left to its default', () => {
    const right: [string, Json][] = [
      ['solver.optimiser.learning_rate', 1e-6],
      ['checkpoint.every_steps', 'auto'],
      ['checkpoint.every_steps', 7],
      ['evaluation.guard_benchmark', null],
      ['solver.optimiser.betas', [0.9, 0.95]],
    ];
    for (const [path, value] of right)
      expect(
        Object.keys(checkFields(fields, withValue({}, path, value))).filter((key) => key.startsWith(path)),
      ).toEqual([]);
    const needed = Object.values(checkFields(fields, {}));
    expect(new Set(needed)).toEqual(new Set(['A value is needed.']));
  });
});

describe('values', () => {
  it('would catch a change that reaches into the old values, or a removal that leaves null', () => {
    const before: Json = { a: { b: 1, c: [1, 2] } };
    const after = withValue(before, 'a.c.1', 9);
    expect([valueAt(before, 'a.c.1'), valueAt(after, 'a.c.1')]).toEqual([2, 9]);
    expect(withValue(before, 'a.b', undefined)).toEqual({ a: { c: [1, 2] } });
    expect(withValue({}, 'x.y', 1)).toEqual({ x: { y: 1 } });
  });

  it('would catch a number lost while it is typed', () => {
    expect(['1e-6', '0,5', '1e', '', ' 7 '].map(typedNumber)).toEqual([1e-6, 0.5, '1e', undefined, 7]);
  });

  it('would catch program text shown to people for a list of parts', () => {
    const others = [
      { benchmark: 'chains-oneway', samples: null },
      { benchmark: 'aime', samples: 32 },
    ];
    expect(jsonText(others)).toBe('benchmark chains-oneway, benchmark aime samples 32');
    expect([jsonText([0.9, 0.999]), jsonText([]), jsonText(null), jsonText(true)]).toEqual([
      '0.9, 0.999',
      'none',
      'none',
      'yes',
    ]);
  });
});
