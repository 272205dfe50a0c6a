/**
 * The texts a model is asked with: a recipe may put its own in the place of its domain's. `{{question}}` stands for the
 * question; braces that are not doubled (`\boxed{}`) are ordinary text. Preview is a route of models.
 */
import { z } from 'zod';
import { domainAboutSchema } from './domains.js';
import { recipeSourceSchema } from './recipes.js';
import { recipeSchema } from './recipe.js';
import { promptsSchema } from './recipe-prompts.js';
import { call, text } from './route.js';

/** A prompt whole: what stands in the system's place (null: nothing, or the domain has no chat) and what is asked. */
const partSchema = z.strictObject({ system: text.nullable(), text });
export const promptSetSchema = z.strictObject({
  chat: z.boolean().describe('false: the text goes to the model as it is, without a chat template'),
  challenger: partSchema,
  solver: partSchema,
});
export type PromptSet = z.output<typeof promptSetSchema>;

export const promptsContract = {
  /** The prompts of a recipe as they stand, and those its domain ships with. */
  of: call(
    z.strictObject({ recipe: recipeSourceSchema }),
    z.strictObject({
      recipe: recipeSchema,
      shipped: promptSetSchema,
      now: promptSetSchema,
      domain: domainAboutSchema,
    }),
  ),
  /** The recipe's text with other prompts in it, all else and its comments as they were. Null takes the domain's own. */
  compose: call(
    z.strictObject({
      recipe: recipeSourceSchema,
      prompts: promptsSchema,
      domain: z.string().trim().min(1).max(4000).nullable().default(null).describe('another one; null: as it is'),
    }),
    z.strictObject({ text, recipe: recipeSchema }),
  ),
};
