/** The routes of recipes: what ships, and whether a text is a recipe. */
import { implement } from '@orpc/server';
import { z } from 'zod';
import { recipeSchema, type Recipe } from '../../../preload/contract/recipe.js';
import { recipesContract, type RecipeSource } from '../../../preload/contract/recipes.js';
import { benchmarksHere } from '../../benchmarks/find.js';
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

type Json = z.core.JSONSchema.BaseSchema;

/** A form offers the domains that ship and the benchmarks of this machine by name, and takes the path of another. */
function formSchema(): Json {
  const benchmark = named(benchmarksHere(), 'a file, or another name');
  return changed(z.toJSONSchema(recipeSchema, { io: 'input' }), {
    domain: named(shippedDomains(), 'a folder of your own'),
    evaluation: (evaluation) =>
      changed(evaluation, {
        ...{ benchmark, guard_benchmark: benchmark },
        others: (others) => ({ ...others, items: changed(others.items as Json, { benchmark }) }),
      }),
  });
}

function changed(schema: Json, changes: Readonly<Record<string, (property: Json) => Json>>): Json {
  const properties = { ...schema.properties };
  for (const [key, change] of Object.entries(changes)) properties[key] = change(properties[key] as Json);
  return { ...schema, properties };
}

/** A text as one of these names, or another; null stays a choice where it was one. */
function named(names: readonly string[], title: string): (property: Json) => Json {
  const words = names.map((name) => ({ type: 'string' as const, const: name }));
  return ({ description, default: standard, anyOf, ...text }) => {
    const [other = text, ...rest] = [...((anyOf as Json[] | undefined) ?? [])].sort(
      (a, b) => Number(a.type === 'null') - Number(b.type === 'null'),
    );
    return {
      ...{ description, anyOf: [...rest, ...words, { ...other, title }] },
      ...(standard !== undefined && { default: standard }),
    };
  };
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
