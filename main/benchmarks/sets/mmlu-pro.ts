/** MMLU-Pro (Wang et al., arXiv 2406.01574): 14 subjects, 3 to 10 options, the true one by its letter. */
import { has, optionalText, textOf } from './cells.js';
import { checkIndex, letterOf, withOptions } from './choices.js';
import type { BenchmarkSet } from './set.js';

export const mmluPro: BenchmarkSet = {
  name: 'mmlu-pro',
  title: 'MMLU-Pro',
  answers: 'choice',
  samples: null,
  counts: [12032],
  licence: 'MIT',
  sources: [{ id: 'TIGER-Lab/MMLU-Pro', files: [/^data\/test-.*\.parquet$/], config: 'default', split: 'test' }],
  reading: 'the letter in "answer"; "answer_index", from 0, must say the same',
  knows: (table) => has(table, 'question', 'options', 'answer', 'answer_index') && !has(table, 'answer_letter'),
  read(row) {
    const options = withOptions(textOf(row, 'question'), row, 'options');
    const answer = letterOf(row, 'answer', options);
    checkIndex(row, 'answer_index', answer);
    const subject = optionalText(row, 'category');
    return { question: options.question, answer, difficulty: null, ...(subject !== null && { subject }) };
  },
};
