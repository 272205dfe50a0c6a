/**
 * AMC 23: 40 problems of the AMC 12 of 2023, reworded so that the answer is a whole number. Another set (83 rows) holds
 * those of 2022 as well; it has the same columns and is not this one.
 */
import { has, type SetTable, textOf } from './cells.js';
import { integerOf } from './gold.js';
import type { BenchmarkSet } from './set.js';

const ANY = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

export const amc23: BenchmarkSet = {
  name: 'amc-23',
  title: 'AMC 23',
  answers: 'math',
  samples: 32,
  counts: [40],
  licence: 'Apache-2.0',
  sources: [
    {
      id: 'math-ai/amc23',
      files: [/^test-.*\.parquet$/, /^data\/test-.*\.parquet$/],
      config: 'default',
      split: 'test',
    },
    { id: 'zwhe99/amc23', files: [/^data\/test-.*\.parquet$/, /^test\.jsonl$/], config: 'default', split: 'test' },
  ],
  reading: '"answer", a whole number (27.0 is 27)',
  knows: (table) =>
    has(table, 'id', 'answer', 'url') && (has(table, 'question') || has(table, 'problem')) && of2023(table),
  read: (row) => ({
    question: textOf(row, 'question' in row.cells ? 'question' : 'problem'),
    answer: integerOf(row, 'answer', ANY),
    difficulty: null,
  }),
};

function of2023({ rows }: SetTable): boolean {
  return rows.every(
    ({ cells }) =>
      typeof cells['url'] === 'string' && /2023[-_ ]AMC|AMC[-_ ]?(?:12[AB]?[-_ ])?2023/i.test(cells['url']),
  );
}
