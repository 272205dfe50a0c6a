/** Votes by equality: what is counted as one answer, and when anybody else is asked. */
import { describe, expect, it } from 'vitest';
import { ScriptedExecutor } from '../../test/support/scripted-executor.js';
import { readDomain } from './domain-folder.js';
import { domainOf } from '../domains/index.js';
import { type AnswerEquality, canonicalEquality } from '../grading/equality.js';
import { RandomKey } from '../lib/random.js';
import type { Policy } from './executor.js';
import { contextOf } from './make-context.js';
import { loadRecipe } from './recipe.js';
import { collectVotes } from './voting.js';

const math = domainOf(readDomain('math').description);

/** Says the same texts to every question, boxed. */
const saying = (...answers: readonly string[]): Policy =>
  ({
    sample: (requests) =>
      Promise.resolve(
        requests.map(() =>
          answers.map((answer) => ({ text: `so \\boxed{${answer}}`, tokens: [1, 2], finish: 'stop' as const })),
        ),
      ),
  }) satisfies Pick<Policy, 'sample'> as unknown as Policy;

/** Takes all forms with the same letters and digits, in any order, for equal. */
const anagrams: AnswerEquality = {
  ...canonicalEquality,
  unify: (groups) =>
    Promise.resolve(
      groups.map((group) => {
        const sorted = (form: string): string => form.replace(/\W/g, '').split('').sort().join('');
        return group.map((form) => form && (group.find((other) => other && sorted(other) === sorted(form)) as string));
      }),
    ),
};

const votes = (answers: readonly string[], equality: AnswerEquality) =>
  collectVotes({ solver: saying(...answers), domain: math, equality }, ['What is it?'], {
    samples: answers.length,
    sampling: loadRecipe('nano').solver.sampling,
    key: RandomKey.of(1, 'votes'),
    source: 'vote',
    signal: new AbortController().signal,
  });

describe('votes', () => {
  // Would catch: an answer that is equal to the majority's and counted against it, which makes p-hat too low.
  it('are counted by equality, under the form that was given first', async () => {
    const answers = ['x+1', '7', '1+x', 'x+1', '3+x'];
    const [byForm] = await votes(answers, canonicalEquality);
    expect(byForm).toMatchObject({ label: 'x+1', share: 0.4 });
    const [byAlgebra] = await votes(answers, anagrams);
    expect(byAlgebra).toMatchObject({ label: 'x+1', share: 0.6 });
    expect(byAlgebra?.answers.map(({ canonical }) => canonical)).toEqual(['x+1', '7', 'x+1', 'x+1', '3+x']);
    // What was said stays as it was said.
    expect(byAlgebra?.answers.map(({ answer }) => answer)).toEqual(answers);
  });
});

// Would catch: a run of the nano task, or of words, that starts a process it has no use for.
it.each([
  ['nano', false],
  ['multiple-choice', false],
  ['short-facts', false],
  ['r-zero-paper', true],
] as const)('recipe %s asks algebra: %s', async (name, asks) => {
  const hooks = { emit: () => undefined, signal: new AbortController().signal, iterationSeconds: () => 0 };
  const recipe = { ...loadRecipe(name), evaluation: loadRecipe('nano').evaluation };
  const context = await contextOf(recipe, new ScriptedExecutor(), { ...hooks, algebra: anagrams });
  expect(context.equality).toBe(asks ? anagrams : canonicalEquality);
});
