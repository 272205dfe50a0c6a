/** The recipe and the domain by which a model is asked that is not in a run just now. */
import type { Asked as AskedWords } from '../../preload/contract/measured.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import { domainNamed } from '../coevolution/named-domain.js';
import { loadRecipe, shippedRecipes } from '../coevolution/recipe.js';
import type { Domain } from '../domains/domain.js';
import { domainOf } from '../domains/index.js';
import type { OpenedModel } from './open-model.js';
import { shippedKin } from './shipped-kin.js';

interface Asked {
  readonly recipe: Recipe;
  readonly domain: Domain;
  readonly chosen: AskedWords['chosen'];
}

/**
 * @param named a recipe that was asked for; null: that of the model's run, with the domain as the run keeps it, or one that fits
 * @param reference the model as it was named
 */
export function askedBy(
  { recipe: own, domain: kept, model }: Pick<OpenedModel, 'recipe' | 'domain' | 'model'>,
  named: Recipe | null,
  reference: string,
): Asked {
  if (named === null && own && kept) return { recipe: own, domain: domainOf(kept, own.prompts), chosen: 'run' };
  const chosen = named ?? own;
  if (chosen) return { ...withDomain(chosen), chosen: named ? 'named' : 'run' };
  const kin = reference.startsWith('builtin:') ? reference : shippedKin(model);
  const fitting = kin === null ? null : madeFor(kin);
  return fitting
    ? { ...withDomain(fitting), chosen: 'model' }
    : { ...withDomain(loadRecipe(PUBLISHED)), chosen: 'usual' };
}

/** For models that no recipe is made for: the method as it was published. */
const PUBLISHED = 'r-zero-paper';

function madeFor(model: string): Recipe | null {
  return (
    shippedRecipes()
      .map((name) => loadRecipe(name))
      .find((recipe) => recipe.model === model) ?? null
  );
}

function withDomain(recipe: Recipe): Pick<Asked, 'recipe' | 'domain'> {
  return { recipe, domain: domainNamed(recipe.domain, recipe.prompts) };
}
