import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Node, recipePage, recipeTables } from './recipe-page.js';

const PAGE = resolve(import.meta.dirname, '..', '..', 'docs', 'recipe.md');

// Would catch: a key added, described or bounded otherwise without the page being made again.
it('is what docs/recipe.md holds', async () => {
  const made = await recipePage(PAGE);
  expect(
    readFileSync(PAGE, 'utf8') === made,
    'docs/recipe.md is not what the schema says: run npm run docs:recipe, and commit it',
  ).toBe(true);
});

// Would catch: a limit turned round, a limit of exact numbers taken for one, a group's default passed over, a bar that
// ends a cell, a section that does not say what it is.
it('tells type, default, range and meaning of a key', () => {
  const schema: Node = {
    properties: {
      rounds: { type: 'integer', default: 3, exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      band: {
        default: { low: 0.25 },
        properties: { low: { type: 'number', minimum: 0, maximum: 1, description: 'a|b' } },
        required: ['low'],
      },
      extras: {
        type: 'array',
        default: [],
        items: { properties: { name: { type: 'string' }, k: { type: 'integer', default: 2 } }, required: ['name'] },
      },
      solver: {
        description: 'the role that answers',
        properties: {
          rate: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
          every: { anyOf: [{ type: 'integer', exclusiveMinimum: 0 }, { const: 'auto' }], default: 'auto' },
        },
        required: ['rate'],
      },
    },
    required: ['solver'],
  };
  const rows = recipeTables(schema).split('\n');
  expect(rows).toContain('| `rounds` | whole number | `3` | ≥ 1 |  |');
  expect(rows).toContain('| `band.low` | number | `0.25` | ≥ 0, ≤ 1 | a\\|b |');
  expect(rows).toContain('| `extras` | list of groups | `[]` |  |  |');
  expect(rows).toContain('| `extras[].name` | text | **must be given** |  |  |');
  expect(rows).toContain('| `extras[].k` | whole number | `2` |  |  |');
  expect(rows.slice(rows.indexOf('## solver')).slice(2, 4)).toEqual(['The role that answers.', '']);
  expect(rows).toContain('| `solver.rate` | number | **must be given** | > 0, < 1 |  |');
  expect(rows).toContain('| `solver.every` | whole number or `auto` | `auto` | ≥ 1 |  |');
});
