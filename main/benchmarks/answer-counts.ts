/** How answers came out, apart from whether they are right: a model that was asked in a way it does not know gives none. */
import type { GradedAnswer } from '../../preload/contract/answers.js';
import type { AnswerCounts, MeasuredBenchmark } from '../../preload/contract/measured.js';
import type { EvaluatedQuestion } from './evaluate.js';

export function countAnswers(
  rows: readonly Pick<EvaluatedQuestion, 'greedy' | 'samples'>[],
): MeasuredBenchmark['answers'] {
  return { greedy: counts(rows.map(({ greedy }) => greedy)), sampled: counts(rows.flatMap(({ samples }) => samples)) };
}

function counts(answers: readonly GradedAnswer[]): AnswerCounts {
  // A question too long for the model was not asked.
  const given = answers.filter(({ extracted, verdict }) => extracted !== null || verdict !== 'undecided');
  return {
    asked: given.length,
    none: given.filter(({ extracted }) => extracted === null).length,
    cutOff: given.filter(({ finish }) => finish === 'length').length,
  };
}
