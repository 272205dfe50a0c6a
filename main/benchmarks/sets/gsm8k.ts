/** GSM8K (Cobbe et al., arXiv 2110.14168): grade-school word problems. The answer ends a worked solution, after "####". */
import { cellFault, hasOnly, textOf } from './cells.js';
import type { BenchmarkSet } from './set.js';

const MARK = '####';

export const gsm8k: BenchmarkSet = {
  name: 'gsm8k',
  title: 'GSM8K',
  answers: 'math',
  samples: null,
  counts: [1319],
  licence: 'MIT',
  sources: [{ id: 'openai/gsm8k', files: [/^main\/test-.*\.parquet$/], config: 'main', split: 'test' }],
  reading: 'what follows the last "####" of "answer", without separators of thousands',
  // A column of its own besides belongs to one of its revisions; what counts is how answers end.
  knows: (table) =>
    (hasOnly(table, 'question', 'answer') || hasOnly(table, 'question', 'answer', 'cleaning_status')) &&
    table.rows.some(({ cells }) => typeof cells['answer'] === 'string' && /^#### *\S/m.test(cells['answer'])),
  read(row) {
    const solution = textOf(row, 'answer');
    const at = solution.lastIndexOf(MARK);
    const answer =
      at < 0
        ? ''
        : solution
            .slice(at + MARK.length)
            .trim()
            .replaceAll(',', '');
    if (answer === '') {
      throw cellFault(row, 'answer', `has no answer after "${MARK}", as other rows have`, 'Mend the row.');
    }
    return { question: textOf(row, 'question'), answer, difficulty: null };
  },
};
