/** The nano model's answers: a trace of running values, then a whole number after `#`. */
import type { AnswerReader } from '../answers.js';

export const chainAnswers: AnswerReader = {
  extract(completion, finish) {
    if (finish === 'length') return null;
    const mark = completion.lastIndexOf('#');
    if (mark < 0) return null;
    const answer = completion.slice(mark + 1);
    return /^-?[0-9]+$/.test(answer) ? answer : null;
  },
  // -0 and 007 are legal to write and equal to 0 and 7.
  canonical: (answer) => (/^-?[0-9]{1,40}$/.test(answer) ? BigInt(answer).toString() : answer),
};
