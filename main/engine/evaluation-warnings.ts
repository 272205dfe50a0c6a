/** What makes a score one of the way of asking rather than of the model, and what to change. Pure. */
import type { Asked, MeasuredBenchmark } from '../../preload/contract/measured.js';

type Measured = Pick<MeasuredBenchmark, 'benchmark' | 'answers'>;
type Warning = MeasuredBenchmark['warnings'][number];

export function evaluationWarnings(measured: Measured, asked: Asked): Warning[] {
  return [...withoutAnswers(measured, asked)];
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
