/** The routes of prompts: what a recipe asks with, and its text with other prompts in it. */
import { implement } from '@orpc/server';
import { parseDocument } from 'yaml';
import { promptsContract } from '../../../preload/contract/prompts.js';
import type { RecipePrompts } from '../../../preload/contract/recipe-prompts.js';
import type { RecipeSource } from '../../../preload/contract/recipes.js';
import { readDomain } from '../../coevolution/domain-folder.js';
import { withPrompts } from '../../domains/prompts.js';
import { aboutOf } from './domains.js';
import { chosenRecipe, recipeText } from './recipes.js';

export function promptsRouter() {
  const os = implement(promptsContract);
  return os.router({
    of: os.of.handler(({ input }) => {
      const recipe = chosenRecipe({ recipe: input.recipe, set: [], seed: null });
      const { description } = readDomain(recipe.domain);
      const { prompts: shipped } = description;
      const now = withPrompts(shipped, recipe.prompts);
      return { recipe, shipped, now, domain: aboutOf({ reference: recipe.domain, description }) };
    }),
    compose: os.compose.handler(({ input }) => {
      const text = composed(input);
      return { text, recipe: chosenRecipe({ recipe: { kind: 'text', text }, set: [], seed: null }) };
    }),
  });
}

interface Wish {
  readonly recipe: RecipeSource;
  readonly prompts: RecipePrompts;
  readonly domain: string | null;
}

function composed({ recipe: source, prompts, domain }: Wish): string {
  // Told with its place and remedy where it is not a recipe to begin with.
  chosenRecipe({ recipe: source, set: [], seed: null });
  const document = parseDocument(recipeText(source));
  const own = Object.fromEntries(Object.entries(prompts).filter(([, text]) => text !== null));
  if (Object.keys(own).length === 0) document.delete('prompts');
  else document.set('prompts', document.createNode(own));
  if (domain !== null) document.set('domain', domain);
  return document.toString({ lineWidth: 0 });
}
