/** SuperGPQA (M-A-P, arXiv 2502.14739): 285 graduate fields, up to 10 options. "answer" is the option's text, not its letter. */
import { cellFault, has, optionalText, type SetRow, textOf } from './cells.js';
import { letterOf, withOptions } from './choices.js';
import type { BenchmarkSet } from './set.js';

const DIFFICULTIES = ['easy', 'middle', 'hard'];

export const superGpqa: BenchmarkSet = {
  name: 'supergpqa',
  title: 'SuperGPQA',
  answers: 'choice',
  samples: null,
  counts: [26529],
  licence: 'ODC-BY',
  sources: [{ id: 'm-a-p/SuperGPQA', files: [/^SuperGPQA-all\.jsonl$/], config: 'default', split: 'train' }],
  reading: 'the letter in "answer_letter"; the text in "answer" must not be another option\'s',
  knows: (table) => has(table, 'question', 'options', 'answer_letter'),
  read(row) {
    const options = withOptions(textOf(row, 'question'), row, 'options');
    const answer = letterOf(row, 'answer_letter', options);
    const said = optionalText(row, 'answer');
    const texts = [...options.texts.values()];
    if (said !== null && said !== options.texts.get(answer) && texts.includes(said)) {
      const why = `is the text of another option than ${answer}, which "answer_letter" names`;
      throw cellFault(row, 'answer', why, 'Find out which is right and mend the row.');
    }
    const subject = optionalText(row, 'discipline');
    return { question: options.question, answer, difficulty: difficultyOf(row), ...(subject !== null && { subject }) };
  },
};

/** easy 1, middle 2, hard 3 */
function difficultyOf(row: SetRow): number | null {
  const word = optionalText(row, 'difficulty');
  if (word === null) return null;
  const at = DIFFICULTIES.indexOf(word.toLowerCase());
  if (at >= 0) return at + 1;
  throw cellFault(row, 'difficulty', `is ${JSON.stringify(word)}`, `It is one of ${DIFFICULTIES.join(', ')}.`);
}
