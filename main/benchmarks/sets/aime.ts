/** AIME of 2024 and of 2025: 30 problems each (two papers of 15), whose answers are whole numbers from 0 to 999. */
import type { BenchmarkQuestion } from '../benchmark.js';
import { cellFault, has, hasOnly, type SetRow, type SetTable, textOf } from './cells.js';
import { boxedOf, integerOf } from './gold.js';
import type { BenchmarkSet } from './set.js';

const LIMITS = { min: 0, max: 999 };
const COMMON = {
  answers: 'math',
  samples: 32,
  counts: [30],
  reading: '"answer" as a whole number (025 is 25); where there is none, the last \\boxed{} of "solution"',
  read: readAime,
} as const;

export const aime2024: BenchmarkSet = {
  name: 'aime-2024',
  title: 'AIME 2024',
  ...COMMON,
  licence: 'not stated by this copy; Apache-2.0 of its origin',
  sources: [
    { id: 'HuggingFaceH4/aime_2024', files: [/^data\/train-.*\.parquet$/], config: 'default', split: 'train' },
    { id: 'Maxwell-Jia/AIME_2024', files: [/^aime_2024_problems\.parquet$/], config: 'default', split: 'train' },
    { id: 'math-ai/aime24', files: [/^test-.*\.parquet$/], config: 'default', split: 'test' },
  ],
  knows: (table) =>
    isAime(table) && (of(table, 2024) || (!has(table, 'answer') && allBoxed(table) && !of(table, 2025))),
};

export const aime2025: BenchmarkSet = {
  name: 'aime-2025',
  title: 'AIME 2025',
  ...COMMON,
  licence: 'Apache-2.0 (math-ai), MIT (opencompass)',
  sources: [
    { id: 'math-ai/aime25', files: [/^test\.jsonl$/], config: 'default', split: 'test' },
    { id: 'opencompass/AIME2025', files: [/^aime2025-II?\.jsonl$/], config: 'AIME2025-I', split: 'test' },
    { id: 'yentinglin/aime_2025', files: [/^data\/train-.*\.parquet$/], config: 'default', split: 'train' },
  ],
  knows: (table) => (isAime(table) && of(table, 2025)) || (hasOnly(table, 'problem', 'answer', 'id') && allAime(table)),
};

/** The columns of its copies: `id`, `problem`, a solution or an address, and mostly an answer. */
function isAime(table: SetTable): boolean {
  return has(table, 'id', 'problem') && (has(table, 'solution') || has(table, 'url')) && !has(table, 'subject');
}

/** By what a copy says of its year: a column, an address, or names like 2024-II-4. */
function of({ rows }: SetTable, year: number): boolean {
  const address = new RegExp(`${year}[-_ ]AIME|AIME[-_ ]?${year}`, 'i');
  return rows.every(
    ({ cells }) =>
      Number(cells['year']) === year ||
      (typeof cells['url'] === 'string' && address.test(cells['url'])) ||
      (typeof cells['id'] === 'string' && cells['id'].startsWith(`${year}-`)),
  );
}

function allAime({ rows }: SetTable): boolean {
  return rows.every(({ cells }) => /^(?:\d{1,3}|\d{1,3}\s*\^\s*\{?\\circ\}?)$/.test(String(cells['answer']).trim()));
}

/** One copy has the answer alone in the place of a solution. */
function allBoxed({ rows }: SetTable): boolean {
  return rows.every(({ cells }) => /^\s*\\boxed\{\d{1,3}\}\s*$/.test(String(cells['solution'])));
}

function readAime(row: SetRow): BenchmarkQuestion {
  return {
    question: textOf(row, 'problem' in row.cells ? 'problem' : 'question'),
    answer: answerIn(row),
    difficulty: null,
  };
}

function answerIn(row: SetRow): string {
  if ('answer' in row.cells) return integerOf(row, 'answer', LIMITS);
  const boxed = boxedOf(row, 'solution');
  if (/^\d{1,3}$/.test(boxed)) return String(Number(boxed));
  throw cellFault(
    row,
    'solution',
    `ends in ${JSON.stringify(boxed)}, not a whole number from 0 to 999`,
    'Mend the answer.',
  );
}
