import { expect, it } from 'vitest';
import { promptsSchema, type RecipePrompts } from '../../../preload/contract/recipe-prompts.js';
import { draftOf, partsOf, problemsOf } from './parts.js';

const shipped = {
  chat: true,
  challenger: { system: 'Be a setter.', text: 'Ask.' },
  solver: { system: 'Think.', text: '{{question}}' },
};
const NONE: RecipePrompts = { challenger_system: null, challenger: null, solver_system: null, solver: null };

// Would catch: a shipped text saved as one's own, after which a later version of it never arrives.
it('keeps only what differs from the shipped text', () => {
  const now = { ...shipped, solver: { system: 'Think hard.', text: '{{question}}' } };
  expect(draftOf(shipped, shipped)).toEqual(NONE);
  expect(draftOf(shipped, now)).toEqual({ ...NONE, solver_system: 'Think hard.' });
});

// Would catch: an editor that lets through what the recipe then refuses, or refuses what it takes.
it('finds wrong exactly what the recipe finds wrong', () => {
  const texts = ['', 'Q {{question}}', '{{ question }}', '{{qestion}}', 'no placeholder', '\\boxed{}', null];
  for (const key of Object.keys(NONE) as (keyof RecipePrompts)[]) {
    for (const text of texts) {
      const draft = { ...NONE, [key]: text };
      expect(problemsOf(draft, { shipped, drawsTopics: false }).size === 0, `${key} ${JSON.stringify(text)}`).toBe(
        promptsSchema.safeParse(draft).success,
      );
    }
  }
});

// Would catch: a prompt that never tells the topic which the record then says the question is about, or one that shows {{topic}} to a model.
it('wants {{topic}} exactly where topics are drawn', () => {
  const wrong = (draft: RecipePrompts, drawsTopics: boolean): readonly string[] => [
    ...problemsOf(draft, { shipped, drawsTopics }).keys(),
  ];
  expect(wrong(NONE, false)).toEqual([]);
  expect(wrong(NONE, true)).toEqual(['challenger']);
  expect(wrong({ ...NONE, challenger: 'About {{topic}}.' }, true)).toEqual([]);
  expect(wrong({ ...NONE, challenger_system: 'You know {{ topic }}.' }, true)).toEqual([]);
  expect(wrong({ ...NONE, challenger: 'About {{topic}}.' }, false)).toEqual(['challenger']);
});

it('shows no system message where there is no chat', () => {
  expect(partsOf({ chat: false }, 'solver').map(({ key }) => key)).toEqual(['solver']);
  expect(partsOf({ chat: true }, 'challenger').map(({ key }) => key)).toEqual(['challenger_system', 'challenger']);
});
