import { expect, it } from 'vitest';
import type { Verdict } from '../../preload/contract/answers.js';
import { databasePerTest } from '../../test/support/database-per-test.js';
import { testRecipe } from '../../test/support/store-fixtures.js';
import type { Database } from './database.js';
import { insertEvaluationAnswers } from './evaluations.js';
import { createRun } from './runs.js';
import { readQuestionResults } from './study-results.js';

let db: Database;
databasePerTest((opened) => (db = opened));

// Would catch: answers that could not be decided counted as wrong, in the greedy score or among the samples.
it('leaves undecided answers out of the results of questions', () => {
  const run = createRun(db, { recipe: testRecipe() });
  const answer = (item: number, sample: number, verdict: Verdict) => ({
    ...{ item, sample, verdict, text: '7', extracted: '7', tokens: 1, finish: 'stop' as const },
    reason: verdict === 'undecided' ? 'out of time' : null,
  });
  const verdicts: readonly Verdict[][] = [
    ['undecided', 'equal', 'undecided', 'different'],
    ['different', 'undecided', 'undecided', 'undecided'],
    ['equal', 'equal', 'equal', 'different'],
  ];
  const answers = verdicts.flatMap((row, item) => row.map((verdict, sample) => answer(item, sample, verdict)));
  insertEvaluationAnswers(db, run.number, 1, { iteration: 2, benchmark: 'b', answers });
  insertEvaluationAnswers(db, run.number, 1, { iteration: 1, benchmark: 'b', answers: [answer(0, 0, 'equal')] });
  expect(readQuestionResults(db, run.id, { iteration: 2, benchmark: 'b' })).toEqual([
    { item: 0, greedy: null, right: 1, k: 2 },
    { item: 1, greedy: 0, right: 0, k: 0 },
    { item: 2, greedy: 1, right: 2, k: 3 },
  ]);
});
