import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import { workOn } from '../../test/support/scripted-run.js';
import { loadRecipe } from '../coevolution/recipe.js';
import { readAnswers } from '../store/answers.js';
import { Database } from '../store/database.js';
import { readQuestions } from '../store/questions.js';
import { createRun } from '../store/runs.js';

let dir: ReturnType<typeof temporaryDirectory>;
beforeEach(() => (dir = temporaryDirectory()));
afterEach(() => dir.remove());

const most = (answers: readonly (string | null)[]): number =>
  Math.max(...answers.map((a) => (a === null ? 0 : answers.filter((b) => a === b).length)));

// Would catch: a pooled label told as the majority of the question's own votes, repeats recorded with 0 votes.
it("a question's votes and majority are its own, its label that of all votes", async () => {
  const db = Database.open(dir.path);
  const sizes = ['challenger.steps=1', 'solver.steps=1', 'iterations=1', 'curriculum.questions=150'];
  const votes = [
    'challenger.votes=4',
    'challenger.rollouts_per_prompt=300',
    'curriculum.votes=6',
    'evaluation.samples=0',
  ];
  const run = createRun(db, { recipe: loadRecipe('nano-rewrite', { set: [...sizes, ...votes] }) });
  await workOn(dir.path, run.id);
  const repeats = readQuestions(db, run.number, { iteration: 1, phase: 'challenger' }).filter(
    (q) => q.generated.sameAs !== null,
  );
  expect(repeats.length).toBeGreaterThan(0);
  for (const q of repeats) expect(q.votes?.votes).toBe(4);
  let differing = 0;
  for (const { key, votes: own, label } of readQuestions(db, run.number, { iteration: 1, phase: 'curriculum' })) {
    if (!own || !label) continue;
    const said = readAnswers(db, run.number, { from: key, to: key + 1, source: 'vote' }).map((a) => a.canonical);
    expect(own.votes).toBe(6);
    expect(said.filter((a) => a !== null && a === own.majority)).toHaveLength(
      said.every((a) => a === null) ? 0 : most(said),
    );
    if (label.label !== own.majority) differing++;
  }
  expect(differing).toBeGreaterThan(0);
  db.close();
});
