import { describe, expect, it } from 'vitest';
import { fill, promptsSchema } from '../../preload/contract/recipe-prompts.js';
import { checkRecipe, shippedText } from '../coevolution/recipe.js';
import { domainNamed } from '../coevolution/named-domain.js';

const own = (part: object) => promptsSchema.parse(part);
const nano = (...set: string[]) => checkRecipe(shippedText('nano'), { set });

describe('prompts of a recipe', () => {
  // Would catch: an override that is kept in the recipe and never reaches the model, or takes the other role's place.
  it("take the place of the domain's, each for itself", () => {
    const math = domainNamed(
      'math',
      own({ solver: 'Answer: {{ question }} Box it: \\boxed{}', challenger_system: 'Be brief.' }),
    );
    expect(math.solverPrompt('1+1?')).toMatchObject({
      kind: 'chat',
      messages: [
        { role: 'system', content: 'Reason step by step. End with the final answer in \\boxed{}.' },
        { role: 'user', content: 'Answer: 1+1? Box it: \\boxed{}' },
      ],
    });
    expect(math.challengerPrompt()).toMatchObject({
      messages: [
        { content: 'Be brief.' },
        { content: expect.stringContaining('one new, difficult problem') as string },
      ],
    });
    expect(domainNamed('chains', own({ challenger: '<bos><gen><gen>' })).challengerPrompt()).toEqual({
      kind: 'text',
      text: '<bos><gen><gen>',
    });
  });

  // Would catch: the shipped prompts changed while they were moved: the nano model knows these tokens and no others.
  it("without any are the domain's own, to the letter", () => {
    const chains = domainNamed('chains', own({}));
    expect(chains.challengerPrompt()).toEqual({ kind: 'text', text: '<bos><gen>' });
    expect(chains.solverPrompt('3+8')).toEqual({ kind: 'text', text: '<bos><question>3+8</question>' });
  });

  // Would catch: a question with $& or {{question}} in it that changes the prompt around it.
  it('take a question as it is', () => {
    expect(fill('Q {{question}}.', { question: "$& $1 {{question}} $'" })).toBe("Q $& $1 {{question}} $'.");
    expect(fill('{{toString}} {x} {{}}', { question: '?' })).toBe('{{toString}} {x} {{}}');
  });
});

describe('a wrong placeholder', () => {
  // Would catch: a misspelt placeholder that a model is asked with for hours.
  it('is an error that names it and where it stands', () => {
    expect(nano("prompts.solver='<bos>{{qestion}}'").issues).toEqual([
      {
        path: ['prompts', 'solver'],
        message: expect.stringContaining('{{qestion}} is not a placeholder here; allowed: {{question}}') as string,
      },
    ]);
    expect(nano("prompts.challenger='<bos>{{question}}'").issues).toMatchObject([
      { path: ['prompts', 'challenger'], message: expect.stringContaining('allowed: {{topic}}') as string },
    ]);
    expect(nano("prompts.challenger='<bos>{{topic}}'").issues).toMatchObject([
      { path: ['prompts', 'challenger'], message: expect.stringContaining('chains draws no topics') as string },
    ]);
    expect(nano("prompts.solver='<bos><gen>'").issues).toMatchObject([
      { path: ['prompts', 'solver'], message: expect.stringContaining('lacks {{question}}') as string },
    ]);
    expect(nano('prompts.solver_system=Think.').issues).toMatchObject([
      { path: ['prompts', 'solver_system'], message: expect.stringContaining('chains has no chat') as string },
    ]);
    expect(nano("prompts.solver='<bos>{{ question }} \\boxed{}'").recipe?.prompts.solver).toBe(
      '<bos>{{ question }} \\boxed{}',
    );
  });
});
