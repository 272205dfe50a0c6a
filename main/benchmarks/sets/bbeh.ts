/**
 * BIG-Bench Extra Hard (Kazemi et al., arXiv 2502.19187): 23 tasks of reasoning whose answers are texts of many forms, judged by
 * its authors' rule (main/grading/bbeh.ts). Its files ask that nobody trains on them.
 */
import { answerOf, has, hasOnly, optionalText, type SetTable, textOf } from './cells.js';
import type { BenchmarkSet } from './set.js';

const TASKS = new Set(
  (
    'boardgame_qa boolean_expressions buggy_tables causal_understanding disambiguation_qa dyck_languages ' +
    'geometric_shapes hyperbaton linguini movie_recommendation multistep_arithmetic nycc object_counting ' +
    'object_properties sarc_triples shuffled_objects spatial_reasoning sportqa temporal_sequence time_arithmetic ' +
    'web_of_lies word_sorting zebra_puzzles'
  ).split(' '),
);

export const bbeh: BenchmarkSet = {
  name: 'bbeh',
  title: 'BBEH',
  answers: 'text',
  samples: null,
  rule: 'bbeh',
  counts: [4520, 460],
  licence: 'CC BY 4.0 (data), Apache-2.0 (code)',
  sources: [
    { id: 'BBEH/bbeh', files: [/train.*\.(?:parquet|jsonl)$/], config: 'default', split: 'train' },
    { id: 'MrLight/bbeh-eval', files: [/^train\.jsonl$/], config: 'default', split: 'train' },
  ],
  reading: '"target" (or "answer") as it stands, by the rule of its authors',
  // The files of its authors have no more than two columns; their folders say what they are.
  knows: (table) =>
    ((hasOnly(table, 'input', 'target') || hasOnly(table, 'input', 'target', 'subtask')) && /bbeh/i.test(table.file)) ||
    ((has(table, 'input', 'target', 'task') || hasOnly(table, 'question', 'answer', 'task')) && ofTasks(table)),
  read(row) {
    const subject = optionalText(row, 'task');
    const [question, answer] =
      'input' in row.cells ? (['input', 'target'] as const) : (['question', 'answer'] as const);
    return {
      question: textOf(row, question),
      answer: answerOf(row, answer),
      difficulty: null,
      ...(subject !== null && { subject: taskName(subject) }),
    };
  },
};

/** Copies write `boardgame qa`, `bbeh_boardgame_qa` and the like. */
function taskName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/^bbeh_/, '');
}

function ofTasks({ rows }: SetTable): boolean {
  return rows.every(({ cells }) => typeof cells['task'] === 'string' && TASKS.has(taskName(cells['task'])));
}
