import { expect, it } from 'vitest';
import { databasePerTest } from '../../test/support/database-per-test.js';
import { testRecipe } from '../../test/support/store-fixtures.js';
import type { Database } from './database.js';
import { createRun } from './runs.js';
import { readRunResult } from './study-results.js';

let db: Database;
databasePerTest((opened) => (db = opened));

// Would catch: a run of an earlier version, whose recipe has no such key, told to have been fine-tuned; or one that was, not.
it('knows which runs began with fine-tuning', () => {
  const { number } = createRun(db, { recipe: testRecipe() });
  const fineTuned = (): boolean => readRunResult(db, number).fineTuned;
  expect(fineTuned()).toBe(false);
  db.run("UPDATE runs SET recipe = json_remove(recipe, '$.sft') WHERE number = ?", number);
  expect(fineTuned()).toBe(false);
  db.run(`UPDATE runs SET recipe = json_set(recipe, '$.sft', json('{"data": "x"}')) WHERE number = ?`, number);
  expect(fineTuned()).toBe(true);
});
