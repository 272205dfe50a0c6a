/** A domain by its name or the path of its folder, ready to be asked. */
import type { RecipePrompts } from '../../preload/contract/recipe-prompts.js';
import type { Domain } from '../domains/domain.js';
import { domainOf } from '../domains/index.js';
import { readDomain } from './domain-folder.js';

/** @param prompts what a recipe puts in the place of the domain's own */
export function domainNamed(nameOrPath: string, prompts: RecipePrompts | null = null): Domain {
  return domainOf(readDomain(nameOrPath).description, prompts);
}
