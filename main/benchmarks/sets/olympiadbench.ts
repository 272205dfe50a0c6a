/**
 * OlympiadBench (He et al., arXiv 2402.14008), as papers on mathematics use it: open-ended problems in English, text only
 * (OE_TO_maths_en_COMP). Several answers stand in one text, parted by commas. A tolerance of its own (one row) is not used.
 */
import { cellFault, has, listOf, optionalText, refusePictures, textOf } from './cells.js';
import type { BenchmarkSet } from './set.js';

const CONFIG = 'OE_TO_maths_en_COMP';

export const olympiadbench: BenchmarkSet = {
  name: 'olympiadbench',
  title: 'OlympiadBench',
  answers: 'math',
  samples: null,
  counts: [674, 675],
  licence: 'Apache-2.0',
  sources: [
    {
      id: 'Hothan/OlympiadBench',
      files: [/(?:^|\/)OE_TO_maths_en_COMP\.parquet$/],
      config: CONFIG,
      split: 'train',
    },
    { id: 'math-ai/olympiadbench', files: [/test.*\.(?:parquet|jsonl)$/], config: 'default', split: 'test' },
    { id: 'zwhe99/simplerl-OlympiadBench', files: [/test.*\.(?:parquet|jsonl)$/], config: 'default', split: 'test' },
  ],
  reading: 'the texts of "final_answer", joined by commas, without "$" and a full stop at the end',
  knows: (table) =>
    has(table, 'question', 'final_answer') && (has(table, 'is_multiple_answer') || has(table, 'answer_type')),
  read(row) {
    refusePictures(row);
    const context = optionalText(row, 'context');
    const subject = optionalText(row, 'subfield');
    const answer = listOf(row, 'final_answer')
      .map((text) =>
        text
          .replace(/(?<!\\)\$/g, '')
          .trim()
          .replace(/\.$/, ''),
      )
      .join(', ');
    if (answer === '') {
      throw cellFault(
        row,
        'final_answer',
        'holds no answer (a proof?)',
        'Take a configuration of open-ended problems (OE).',
      );
    }
    return {
      question: context === null ? textOf(row, 'question') : `${context}\n\n${textOf(row, 'question')}`,
      answer,
      difficulty: null,
      ...(subject !== null && { subject }),
    };
  },
};
