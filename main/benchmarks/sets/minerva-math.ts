/**
 * Minerva Math: 272 problems of courses at MIT, with which Minerva was measured (Lewkowycz et al., arXiv 2206.14858). Units stand
 * outside the box, so true answers have none. Not the task of the same name elsewhere that is MATH with another prompt.
 */
import { has, hasOnly, optionalText, textOf, type SetTable } from './cells.js';
import { boxedOf } from './gold.js';
import type { BenchmarkSet } from './set.js';

export const minervaMath: BenchmarkSet = {
  name: 'minerva-math',
  title: 'Minerva Math',
  answers: 'math',
  samples: null,
  counts: [272],
  licence: 'not stated (questions of MIT OpenCourseWare, CC BY-NC-SA)',
  sources: [
    { id: 'math-ai/minervamath', files: [/^test\.jsonl$/], config: 'default', split: 'test' },
    { id: 'zwhe99/simplerl-minerva-math', files: [/test.*\.(?:parquet|jsonl)$/], config: 'default', split: 'test' },
    { id: 'svc-huggingface/minerva-math', files: [/^test\.jsonl$/], config: 'default', split: 'test' },
  ],
  reading: '"answer"; where there is none, the last \\boxed{} of "solution"',
  knows: (table) =>
    hasOnly(table, 'problem', 'solution', 'type', 'idx') ||
    hasOnly(table, 'problem', 'solution', 'type', 'idx', 'answer') ||
    (has(table, 'problem', 'solution', 'type') && ofCourses(table)),
  read(row) {
    const subject = optionalText(row, 'type');
    return {
      question: textOf(row, 'question' in row.cells ? 'question' : 'problem'),
      answer: optionalText(row, 'answer') ?? boxedOf(row, 'solution'),
      difficulty: null,
      ...(subject !== null && { subject }),
    };
  },
};

function ofCourses({ rows }: SetTable): boolean {
  return rows.some(({ cells }) => typeof cells['type'] === 'string' && /courses?\b|mit\b/i.test(cells['type']));
}
