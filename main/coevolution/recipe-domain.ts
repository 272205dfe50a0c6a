/** What a recipe says and its domain does not allow. Pure. */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import { promptFaults, type PromptFault } from '../../preload/contract/recipe-prompts.js';
import type { RecipeIssue } from '../../preload/contract/recipes.js';
import { withPrompts } from '../domains/prompts.js';

const keyOf = ({ role, part }: PromptFault): keyof Recipe['prompts'] => (part === 'system' ? `${role}_system` : role);

export function domainIssues(recipe: Recipe, description: DomainDescription): RecipeIssue[] {
  const { name, prompts, topics, rewriting } = description;
  const faults = promptFaults(withPrompts(prompts, recipe.prompts), topics !== null);
  const issues: RecipeIssue[] = faults.map((fault) => ({
    path: ['prompts', keyOf(fault)],
    message: fault.message.replace('the domain', `the domain ${name}`),
  }));
  if (recipe.curriculum.labelling === 'pooled' && rewriting === null) {
    const message = `is "pooled", but the domain ${name} cannot rewrite a question; use majority`;
    issues.push({ path: ['curriculum', 'labelling'], message });
  }
  return issues;
}
