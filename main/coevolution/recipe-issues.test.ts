/** What is said of a wrong recipe: in the lab's words, and of where the wrong value came from. */
import { expect, it } from 'vitest';
import { loadRecipe } from './recipe.js';

const said = (...set: string[]): string => {
  try {
    loadRecipe('nano', { set });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing';
};

// Would catch: "Invalid input: expected number, received string", a library's words for a library's user.
it.each([
  ['solver.steps=many', 'solver.steps is "many": must be a number.'],
  ['solver.steps=1.5', 'solver.steps is 1.5: must be a whole number.'],
  ['solver.steps=0', 'solver.steps is 0: must be more than 0.'],
  ['solver.sampling.top_p=2', 'solver.sampling.top_p is 2: must be at most 1.'],
  ['curriculum.filter=maybe', 'curriculum.filter is "maybe": must be true or false.'],
  ['curriculum.labelling=oracle', 'curriculum.labelling is "oracle": must be one of "majority", "pooled".'],
  ['solver.grpo=3', 'solver.grpo is 3: must be a group of keys.'],
  ['checkpoint.every_steps=often', 'checkpoint.every_steps is "often": is none of what is allowed here.'],
])('%s is refused in plain words', (assignment, words) => {
  expect(said(assignment)).toBe(`--set ${assignment}: ${words}`);
});

// Would catch: a shipped file blamed for what an assignment did to the group that a rule is about.
it('blames the assignment within a group, and the file where there is none', () => {
  expect(said('curriculum.band.high=0.01')).toBe(
    '--set curriculum.band.high=0.01: curriculum.band: low must not exceed high.',
  );
  expect(said('solver.steps=0', 'curriculum.votes=3')).toMatch(/^--set solver\.steps=0: /);
});

// Would catch: "--set sft.epochs=2" blamed on the recipe's file, without a word of what is to be learnt from.
it('says what is missing beside what was assigned, and what to give', () => {
  expect(() => loadRecipe('nano', { set: ['sft.epochs=2'] })).toThrow(
    '--set sft.epochs=2: sft.data is missing: name a file, or what ships: sft.data=chains-sft.',
  );
});
