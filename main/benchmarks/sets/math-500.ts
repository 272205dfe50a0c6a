/** MATH-500: the 500 problems of MATH (Hendrycks et al., arXiv 2103.03874) that Lightman et al. (2305.20050) held out. */
import { cellFault, has, optionalText, type SetRow, textOf } from './cells.js';
import type { BenchmarkSet } from './set.js';

export const math500: BenchmarkSet = {
  name: 'math-500',
  title: 'MATH-500',
  answers: 'math',
  samples: null,
  counts: [500],
  licence: 'MIT (as MATH; the repository states none)',
  sources: [{ id: 'HuggingFaceH4/MATH-500', files: [/^test\.jsonl$/], config: 'default', split: 'test' }],
  reading: '"answer" as it stands, LaTeX',
  knows: (table) => has(table, 'problem', 'answer', 'subject', 'level'),
  read(row) {
    const subject = optionalText(row, 'subject');
    return {
      question: textOf(row, 'problem'),
      answer: textOf(row, 'answer'),
      difficulty: levelOf(row),
      ...(subject !== null && { subject }),
    };
  },
};

/** 1 to 5; written "Level 3" in some copies. */
function levelOf(row: SetRow): number | null {
  const level = row.cells['level'];
  if (level === null || level === undefined) return null;
  const value = typeof level === 'string' ? Number(level.replace(/^level\s*/i, '') || Number.NaN) : level;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw cellFault(row, 'level', `is ${JSON.stringify(level)}, not a whole number`, 'Levels are 1 to 5.');
}
