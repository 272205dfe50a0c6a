/** How many there are of something, in the texts of grade, benchmark and judge. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/support/store-fixtures.js';
import { lookInto } from '../../benchmarks/catalogue.js';
import { benchmarkText } from './benchmark-text.js';
import { gradedSummary } from './graded-text.js';
import { doneText, planText, type Done } from './judge-text.js';

const plan = {
  ...{ host: 'h', items: 4, frame: 9, decided: 1, cached: 0, toAsk: 1 },
  ...{ inputTokens: 1, outputTokens: 7, usd: null },
};
const none = { correct: 0, wrong: 0, ambiguous: 0, unsolvable: 0, undecided: 0 };
const done: Done = {
  ...{ state: 'done', host: 'h', total: 3, decided: 3, left: 0, verdicts: none, requests: 0, usd: null },
  ...{ cached: 0, retries: 0, inputTokens: 0, outputTokens: 0, trouble: null },
};

// Would catch: "1 pairs".
it('are one thing or several', () => {
  expect(gradedSummary({ equal: 1, different: 0, undecided: 0 })).toMatch(/^1 pair: 1 equal/);
  expect(gradedSummary({ equal: 1, different: 1, undecided: 0 })).toMatch(/^2 pairs: /);
  expect(planText(plan, 'labels').join('\n')).toMatch(/\n1 request to h\n.*about 1 token in and 7 out\n/);
});

// Would catch: answers "at hand" in a run that nobody has judged yet, and nobody knows whose they are.
it('say why an answer needs no request', () => {
  const [, line] = planText({ ...plan, toAsk: 3, cached: 1 }, 'labels');
  expect(line).toBe(
    '3 requests to h; 1 answer needs none: asked before, or the same question and label twice, which is asked once',
  );
});

// Would catch: "no verdict" under a judgement that is complete.
it('tell a call that had nothing to ask from one that got no verdict', () => {
  expect(doneText(done)).toContain('this call: nothing was left to ask');
  expect(doneText({ ...done, left: 1, decided: 2, requests: 1 })).toContain('this call: no verdict');
  expect(doneText({ ...done, left: 1 }).at(-1)).toBe('1 is left: call again to go on.');
});

// Would catch: questions of one's own said to be under the licence of a public set, for their columns are alike.
it('claim no licence for a file of your own with the columns of a public set', async () => {
  const place = temporaryDirectory();
  const file = join(place.path, 'mine.jsonl');
  writeFileSync(file, JSON.stringify({ question: 'What is 1+1?', answer: 'It is 2.\n#### 2' }));
  const look = await lookInto(file, 1);
  expect(look).toMatchObject({ set: 'gsm8k', ownFile: true, licence: null });
  const text = benchmarkText(look).join('\n');
  expect(text).toContain('mine (with the columns of GSM8K), 1 question\n');
  expect(text).not.toContain('licence');
  place.remove();
});
