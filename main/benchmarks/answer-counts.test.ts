import { expect, it } from 'vitest';
import { countAnswers } from './answer-counts.js';
import type { GradedAnswer } from '../../preload/contract/answers.js';

const graded = (change: Partial<GradedAnswer>): GradedAnswer => ({
  ...{ text: 'x', extracted: '1', verdict: 'equal', reason: null, tokens: 3, finish: 'stop' },
  ...change,
});

// Would catch: a question too long to be asked, or one that could not be decided, counted as answered with nothing.
it('tells answers that are none from those that were cut off, undecided or never asked for', () => {
  const unasked = graded({ text: '', extracted: null, verdict: 'undecided', tokens: 0, finish: 'length' });
  const rows = [
    { greedy: graded({}), samples: [graded({ extracted: null, verdict: 'different' }), graded({ finish: 'length' })] },
    { greedy: graded({ verdict: 'undecided' }), samples: [graded({}), graded({})] },
    { greedy: unasked, samples: [unasked, unasked] },
  ];
  expect(countAnswers(rows)).toEqual({
    greedy: { asked: 2, none: 0, cutOff: 0 },
    sampled: { asked: 4, none: 1, cutOff: 1 },
  });
});
