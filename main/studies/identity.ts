/**
 * The identity of an arm: a hash of all that its results follow from. Runs of equal identity are the same run made twice,
 * so that one is enough. What computes (TensorFlow, WebGPU, WASM) is left out: it changes last bits, which a study's seeds
 * cover, and is told of each run.
 */
import { createHash } from 'node:crypto';
import type { Recipe } from '../../preload/contract/recipe.js';
import { METHOD_VERSION } from '../coevolution/method.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import type { RunIdentity } from '../store/run-identities.js';
import { canonicalRecipe, remove, stableJson } from './canonical-recipe.js';
import type { Inputs } from './inputs.js';

/** Where contents lie; digests of the contents stand in their place. */
const NAMED: readonly (readonly string[])[] = [
  ['model'],
  ['domain'],
  ['evaluation', 'benchmark'],
  ['evaluation', 'guard_benchmark'],
  ['sft', 'data'],
];

/** @param recipe complete; its seed is the run's */
export function identityOf(recipe: Recipe, { model, domain, benchmarks, data }: Inputs): RunIdentity {
  const tree = canonicalRecipe(recipe);
  for (const path of NAMED) remove(tree, path);
  const parts = {
    recipe: tree,
    model,
    domain,
    benchmarks,
    ...(data !== undefined && { data }),
    seed: recipe.seed,
    method: METHOD_VERSION,
    grader: GRADER_VERSION,
  };
  return { identity: sha256(stableJson(parts)).slice(0, 32), parts };
}

/** Names a study of a family over a base recipe; seeds may be added later. */
export function studyId(family: string, recipe: Recipe): string {
  const what = recipe.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${family}-${what || 'recipe'}-${sha256(stableJson(canonicalRecipe(recipe))).slice(0, 6)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
