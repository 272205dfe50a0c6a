/** What makes a score one of the way of asking rather than of the model, and what to change. Pure. */
import type { Asked, MeasuredBenchmark } from '../../preload/contract/measured.js';
import { unknownText } from '../../preload/contract/unknown-text.js';

type Measured = Pick<MeasuredBenchmark, 'benchmark' | 'answers' | 'unreadable'>;
type Warning = MeasuredBenchmark['warnings'][number];

export function evaluationWarnings(measured: Measured, asked: Asked): Warning[] {
  const { questions, of } = measured.unreadable;
  // What cannot be read cannot be answered: then the way of asking is not to blame.
  return [...unreadable(measured), ...(2 * questions > of ? [] : withoutAnswers(measured, asked))];
}

function unreadable({ benchmark, unreadable: { questions, of, characters, around } }: Measured): Warning[] {
  return [
    ...(questions > 0
      ? [
          {
            message: `${questions} of ${of} questions of ${benchmark} hold ${unknownText(characters)}: it cannot read them.`,
            remedy: 'Measure it on questions in characters that it knows, or measure another model.',
          },
        ]
      : []),
    ...(around.length > 0
      ? [
          {
            message: `The prompt around the questions of ${benchmark} holds ${unknownText(around)}.`,
            remedy: 'Ask with a recipe whose prompt the model can read (--recipe on the command line).',
          },
        ]
      : []),
  ];
}

function withoutAnswers({ benchmark, answers: { greedy, sampled } }: Measured, asked: Asked): Warning[] {
  const total = greedy.asked + sampled.asked;
  const none = greedy.none + sampled.none;
  const cutOff = greedy.cutOff + sampled.cutOff;
  if (2 * Math.max(none, cutOff) <= total) return [];
  const share = (count: number): string => `${((100 * count) / total).toFixed(1)} %`;
  const { recipe, maxNewTokens } = asked;
  return [
    {
      message:
        `Of all answers to ${benchmark} ${share(none)} hold none that can be read, and ${share(cutOff)} were cut off: ` +
        `the score may be that of the way of asking (recipe ${recipe}, at most ${maxNewTokens} tokens an answer).`,
      remedy: `Ask with the recipe the model was trained with (--recipe on the command line)${2 * cutOff > total ? longer(asked) : ''}.`,
    },
  ];
}

function longer({ maxNewTokens, positions }: Asked): string {
  return maxNewTokens < positions
    ? ', or allow longer answers (--max-new-tokens)'
    : `; longer answers it cannot write, for it reads ${positions} tokens`;
}
