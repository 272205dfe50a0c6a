/** The routes of recipes: what ships, and whether a text is a recipe. */
import { implement } from '@orpc/server';
import { z } from 'zod';
import { recipeSchema, type Recipe } from '../../../preload/contract/recipe.js';
import { recipesContract, type RecipeSource } from '../../../preload/contract/recipes.js';
import { shippedDomains } from '../../coevolution/domain-folder.js';
import { checkRecipe, loadRecipe, shippedRecipes, shippedText } from '../../coevolution/recipe.js';
import { describeIssues } from '../../coevolution/recipe-issues.js';
import { LabError } from '../../lib/errors.js';

interface Choice {
  readonly recipe: RecipeSource;
  readonly set: readonly string[];
  readonly seed: number | null;
}

export function recipesRouter() {
  const os = implement(recipesContract);
  return os.router({
    list: os.list.handler(() => shippedRecipes().map((name) => ({ name, recipe: loadRecipe(name) }))),
    get: os.get.handler(({ input: { name } }) => ({ recipe: loadRecipe(shipped(name)), text: shippedText(name) })),
    schema: os.schema.handler(() => formSchema() as Record<string, z.core.util.JSONType>),
    validate: os.validate.handler(({ input }) => {
      const { recipe, issues } = check(input);
      return recipe ? { valid: true, recipe } : { valid: false, issues: [...issues] };
    }),
  });
}

/** A form offers the domains that ship by name, and takes the path of another. */
function formSchema(): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input' });
  const { description, ...path } = schema.properties?.['domain'] as z.core.JSONSchema.BaseSchema;
  const names = shippedDomains().map((name) => ({ type: 'string' as const, const: name }));
  const domain = { description, anyOf: [...names, { ...path, title: 'a folder of your own' }] };
  return { ...schema, properties: { ...schema.properties, domain } };
}

/** @throws LabError('recipe') with everything that is wrong. */
export function chosenRecipe(choice: Choice): Recipe {
  const { recipe, issues } = check(choice);
  if (recipe) return recipe;
  const source = choice.recipe.kind === 'text' ? 'The recipe' : choice.recipe.name;
  throw new LabError('recipe', describeIssues(issues, { source, set: choice.set }));
}

export function recipeText(recipe: RecipeSource): string {
  return recipe.kind === 'text' ? recipe.text : shippedText(shipped(recipe.name));
}

function check({ recipe, set, seed }: Choice): ReturnType<typeof checkRecipe> {
  return checkRecipe(recipeText(recipe), { set, ...(seed !== null && { seed }) });
}

/** A page never names files of this machine. */
function shipped(name: string): string {
  if (shippedRecipes().includes(name)) return name;
  throw new LabError('recipe', `There is no shipped recipe "${name}".`, {
    remedy: `Shipped: ${shippedRecipes().join(', ')}.`,
  });
}
