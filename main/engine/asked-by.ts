/** The recipe and the domain by which a model is asked that is not in a run just now. */
import type { Recipe } from '../../preload/contract/recipe.js';
import { domainNamed } from '../coevolution/named-domain.js';
import { loadRecipe, shippedRecipes } from '../coevolution/recipe.js';
import type { Domain } from '../domains/domain.js';
import { domainOf } from '../domains/index.js';
import type { OpenedModel } from './open-model.js';

interface Asked {
  readonly recipe: Recipe;
  readonly domain: Domain;
}

/**
 * @param named a recipe that was asked for; null: that of the model's run, with the domain as the run keeps it, or the usual one
 * @param model as it was named
 */
export function askedBy(
  { recipe: own, domain: kept }: Pick<OpenedModel, 'recipe' | 'domain'>,
  named: Recipe | null,
  model: string,
): Asked {
  if (named === null && own && kept) return { recipe: own, domain: domainOf(kept, own.prompts) };
  const recipe = named ?? own ?? loadRecipe(usualRecipe(model));
  return { recipe, domain: domainNamed(recipe.domain, recipe.prompts) };
}

/** For models that no recipe is made for: the method as it was published. */
const PUBLISHED = 'r-zero-paper';

/** Prompts and sampling for a model that comes without a run: a model that ships has a recipe made for it. */
function usualRecipe(model: string): string {
  const own = model.startsWith('builtin:') ? shippedRecipes() : [];
  return own.find((name) => loadRecipe(name).model === model) ?? PUBLISHED;
}
