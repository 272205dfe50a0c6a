/** Which shipped recipes go with a domain, variants of others left out: those made for it and, for a folder of one's own, those of a domain with such questions and answers. */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { findBenchmark } from '../benchmarks/find.js';
import { LabError } from '../lib/errors.js';
import { readDomain } from './domain-folder.js';
import { loadRecipe, wholeRecipes } from './recipe.js';

export interface FittingRecipe {
  readonly name: string;
  /** It names this domain itself; else the domain is set. */
  readonly own: boolean;
  /** What it leaves open: keys that name nothing that is here. */
  readonly open: readonly ('model' | 'evaluation.benchmark')[];
}

/** In alphabetical order; none where no shipped recipe asks for such questions. */
export function recipesFor(reference: string, description: DomainDescription): FittingRecipe[] {
  return wholeRecipes().flatMap((name): FittingRecipe[] => {
    const { domain, model, evaluation, sft } = loadRecipe(name);
    const own = domain === reference;
    // What a recipe fine-tunes on speaks of its own questions.
    if (!own && !(sft === null && isAlike(readDomain(domain).description, description) && takes(name, reference)))
      return [];
    // The paper's recipes name a model of the Hub, and a benchmark of nobody: both are to be given.
    const open = [
      ...(model.startsWith('builtin:') ? [] : (['model'] as const)),
      ...(findBenchmark(evaluation.benchmark) ? [] : (['evaluation.benchmark'] as const)),
    ];
    return [{ name, own, open }];
  });
}

function isAlike(a: DomainDescription, b: DomainDescription): boolean {
  const [one, other] = [a, b].map(({ question, answers }) => JSON.stringify([question.form, answers.kind]));
  return one === other;
}

/** Whether the recipe may name the domain: not every one can be relabelled, say. */
function takes(recipe: string, domain: string): boolean {
  try {
    loadRecipe(recipe, { set: [`domain=${JSON.stringify(domain)}`] });
    return true;
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}
