/** The domains by the name a recipe gives them. */
import type { Recipe } from '../../preload/contract/recipe.js';
import { createChainsDomain } from './chains/domain.js';
import type { Domain } from './domain.js';
import { createMathDomain } from './math/domain.js';

const DOMAINS: Readonly<Record<Recipe['domain'], () => Domain>> = {
  chains: createChainsDomain,
  math: createMathDomain,
};

export function domainOf(name: Recipe['domain']): Domain {
  return DOMAINS[name]();
}
