/** Recipes that are another's but for what they say: the paper's, by model. */
import { describe, expect, it } from 'vitest';
import { extended } from './recipe-extends.js';
import { checkRecipe, loadRecipe, parseRecipe, shippedRecipes, shippedText, wholeRecipes } from './recipe.js';

const parse = (raw: object): unknown => parseRecipe(raw, { source: 'own' });

describe('extends', () => {
  // Would catch: a group that replaces the other's whole group, a list that is joined, or a name that is taken over.
  it('takes from the other what is not said, key by key', () => {
    const base = { name: 'base', description: 'of base', a: { b: 1, c: { d: [1, 2] } }, e: null };
    expect(extended({ extends: 'base', name: 'own', a: { c: { d: [3] } } }, () => base)).toEqual({
      name: 'own',
      a: { b: 1, c: { d: [3] } },
      e: null,
    });
    expect(base.a.c.d).toEqual([1, 2]);
  });

  it('goes on through the one that is named', () => {
    const shipped = (name: string) => (name === 'two' ? { extends: 'one', y: 2 } : { x: 1, y: 1, z: 1 });
    expect(extended({ extends: 'two', z: 3 }, shipped)).toEqual({ x: 1, y: 2, z: 3 });
  });

  // Would catch: a remedy that names nothing, and a recipe whose misspelt base is quietly left out.
  it('refuses what does not ship', () => {
    expect(() => parse({ extends: 'r-zero-papr', name: 'own' })).toThrow(/no shipped recipe "r-zero-papr"/);
    expect(() => parse({ extends: 3, name: 'own' })).toThrow(/extends must be the name/);
    expect(checkRecipe('extends: nan\nname: own').issues).toHaveLength(1);
  });

  it('is overruled by --set, and its own keys are checked like any', () => {
    const set = ['solver.steps=3'];
    expect(parseRecipe({ extends: 'nano', name: 'own' }, { source: 'own', set }).solver.steps).toBe(3);
    expect(() => parse({ extends: 'nano', name: 'own', solver: { stepz: 3 } })).toThrow(/stepz/);
    expect(() => parse({ extends: 'nano' })).toThrow(/name is missing/);
  });
});

describe("the paper's recipes", () => {
  const paper = loadRecipe('r-zero-paper');

  // Would catch: a variant that says it has the paper's values and does not.
  it.each([
    ['r-zero-qwen3-4b', 'Qwen/Qwen3-4B-Base'],
    ['r-zero-qwen3-8b', 'Qwen/Qwen3-8B-Base'],
    ['octothinker-3b', 'OctoThinker/OctoThinker-3B-Hybrid-Base'],
    ['octothinker-8b', 'OctoThinker/OctoThinker-8B-Hybrid-Base'],
  ])('%s is the paper of another model, measured as the paper measures', (name, model) => {
    const { evaluation, ...rest } = loadRecipe(name);
    const { description } = rest;
    expect(rest).toEqual({ ...paper, evaluation: undefined, name, model, description });
    expect(evaluation.sampling).toEqual(paper.evaluation.sampling);
    expect(evaluation.samples).toBe(0);
    expect([evaluation.benchmark, ...evaluation.others.map(({ benchmark }) => benchmark)]).toEqual([
      ...['math-500', 'gsm8k', 'amc-23', 'minerva-math', 'olympiadbench', 'aime-2024', 'aime-2025'],
    ]);
  });

  // Would catch: a variant that changes more of the method than it says.
  it.each(['r-zero-qwen3-4b', 'r-zero-qwen3-8b', 'octothinker-3b', 'octothinker-8b'])(
    '%s-lora is the same with adapters, a higher rate for them and shorter answers',
    (name) => {
      const [base, own] = [loadRecipe(name), loadRecipe(`${name}-lora`)];
      const most = own.solver.sampling.max_new_tokens;
      const cut = <T extends { sampling: object }>(part: T): T => ({
        ...part,
        sampling: { ...part.sampling, max_new_tokens: most },
        ...('vote_sampling' in part && { vote_sampling: { ...(part.vote_sampling as object), max_new_tokens: most } }),
        ...('optimiser' in part && { optimiser: { ...(part.optimiser as object), learning_rate: 1e-5 } }),
      });
      expect(own).toEqual({
        ...base,
        ...{ name: own.name, description: own.description, lora: own.lora },
        ...{ challenger: cut(base.challenger), curriculum: cut(base.curriculum) },
        ...{ solver: cut(base.solver), evaluation: cut(base.evaluation) },
      });
      expect(own.lora).toMatchObject({ rank: 16, base_dtype: 'bfloat16', reference: 'base' });
    },
  );

  it('are no recipes to copy: those are whole', () => {
    expect(wholeRecipes()).toContain('r-zero-paper');
    for (const name of wholeRecipes()) expect(shippedText(name)).not.toMatch(/^extends:/m);
    expect(shippedRecipes().length).toBeGreaterThan(wholeRecipes().length);
  });
});
