import { describe, expect, it } from 'vitest';
import { loadRecipe } from '../coevolution/recipe.js';
import { canonicalRecipe } from './canonical-recipe.js';
import { FAMILIES } from './families.js';
import { identityOf, studyId } from './identity.js';
import { planArms } from './plan.js';
import type { InputReader, Inputs } from './inputs.js';

const INPUTS: Inputs = { model: 'm', domain: 'd', benchmarks: { benchmark: 'b' } };
const nano = (...set: string[]) => loadRecipe('nano', { set });
const id = (...set: string[]): string => identityOf(nano(...set), INPUTS).identity;

describe('the identity of a run', () => {
  // Would catch: a run made again because of what it is called or how often it was saved.
  it('is the same for what changes no result', () => {
    const plain = id();
    expect(id('name=other', 'description=x')).toBe(plain);
    expect(id('checkpoint.every_steps=5', 'checkpoint.keep_last=9')).toBe(plain);
    // A default that is written out, and a key that says what is the default anyway.
    expect(id('challenger.reward.repetition_weight=1', 'roles=two', 'guards.action=warn')).toBe(plain);
  });

  // Would catch: runs of other results taken for one arm.
  it.each(['seed=1', 'solver.steps=41', 'roles=one', 'challenger.train=false', 'prompts.solver="{{question}}"'])(
    'is another with %s',
    (set) => expect(id(set)).not.toBe(id()),
  );

  it('is another where the contents of model, domain or benchmark are', () => {
    expect(identityOf(nano(), { ...INPUTS, model: 'n' }).identity).not.toBe(id());
    expect(identityOf(nano(), { ...INPUTS, domain: 'e' }).identity).not.toBe(id());
    expect(identityOf(nano(), { ...INPUTS, benchmarks: { benchmark: 'c' } }).identity).not.toBe(id());
    // Where they lie does not count.
    expect(id('model=/somewhere/else', 'evaluation.benchmark=/elsewhere.jsonl')).toBe(id());
  });

  // Would catch: a canonical form that forgets what a recipe must have.
  it('rests on what differs from the defaults', () => {
    expect(canonicalRecipe(nano())).toMatchObject({
      model: 'builtin:nano',
      solver: { steps: 40, questions_per_step: 32 },
    });
    expect(canonicalRecipe(nano())).not.toHaveProperty('reviews');
    expect(canonicalRecipe(nano()).curriculum).not.toHaveProperty('filter');
  });
});

describe('the arms of the studies', () => {
  const inputs: Pick<InputReader, 'of'> = { of: () => Promise.resolve(INPUTS) };
  const arms = async (name: string, ...set: string[]) => {
    const family = FAMILIES.find((f) => f.name === name);
    if (!family) throw new Error(name);
    return planArms({ family, recipe: nano(...set), seeds: [0, 3] }, inputs as InputReader);
  };

  // Would catch: an arm that differs from the recipe in nothing, or in what makes no difference.
  it.each(FAMILIES.map((f) => f.name))('of %s are all different runs', async (name) => {
    const planned = await arms(name);
    expect(new Set(planned.map((a) => a.identity)).size).toBe(planned.length);
  });

  // Would catch: a study whose comparisons look at a row, or a row at an arm, that it does not have.
  it.each(FAMILIES)('of $name fit its rows', (family) => {
    const design = family.design(nano());
    const names = design.arms.map((a) => a.name);
    const keys = design.rows.map((r) => r.key);
    expect(new Set([...names, ...keys]).size).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
    for (const [i, { after }] of design.arms.entries())
      if (after !== undefined) expect(names.slice(0, i)).toContain(after);
    for (const row of design.rows) {
      expect(names).toContain(row.arm);
      for (const key of row.against) expect(keys).toContain(key);
    }
  });

  // Would catch: the same work done twice, because two studies describe it in two ways.
  it('are shared between studies, and with the recipe as a person runs it', async () => {
    const [main, ablation, decay, roles] = await Promise.all(
      ['main-table', 'ablation', 'label-decay', 'roles'].map((n) => arms(n)),
    );
    const of = (planned: typeof main, arm: string) => planned?.find((a) => a.arm === arm && a.seed === 3)?.identity;
    expect(of(main, 'full')).toBe(id('seed=3'));
    expect(of(ablation, 'full')).toBe(of(main, 'full'));
    expect(of(decay, 'full')).toBe(of(main, 'full'));
    expect(of(roles, 'full')).toBe(of(main, 'full'));
    expect(of(ablation, 'base-challenger')).toBe(of(main, 'base-challenger'));
  });

  // Would catch: R-Zero run again for the amplifier, and fine-tunings that differ in more than where they begin.
  it('of the amplifier share R-Zero, and fine-tune alike', async () => {
    const [zero, alone, after] = await arms('amplifier', 'seed=0');
    expect(zero?.identity).toBe(id('seed=0'));
    expect(after?.recipe).toEqual(alone?.recipe);
    expect(alone?.recipe).toMatchObject({ iterations: 0, sft: { data: 'chains-sft', patience: 0, weights: 'last' } });
    expect(() => FAMILIES.find((f) => f.name === 'amplifier')?.design({ ...nano(), iterations: 0 })).toThrow(
      /no iterations/,
    );
  });

  // Would catch: a guard of the recipe that cuts an arm short, so that arms of unlike length are compared.
  it('are never paused or rolled back by a guard', async () => {
    const planned = await arms('iterations', 'guards.action=rollback', 'reviews.pause_after_curriculum=true');
    expect(planned.map((a) => a.recipe.guards.action)).toEqual(['warn', 'warn']);
    expect(planned.map((a) => a.recipe.reviews.pause_after_curriculum)).toEqual([false, false]);
    expect(planned.map((a) => a.recipe.iterations)).toEqual([8, 8]);
  });

  it('a study is named by its recipe, whatever seeds it has', () => {
    expect(studyId('ablation', nano('seed=4'))).toBe(studyId('ablation', nano()));
    expect(studyId('ablation', nano('solver.steps=7'))).not.toBe(studyId('ablation', nano()));
    expect(studyId('ablation', nano())).toMatch(/^ablation-nano-[0-9a-f]{6}$/);
  });
});
