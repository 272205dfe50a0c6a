/**
 * The identity of an arm: a hash of all that its results follow from. Runs of equal identity are the same run made twice,
 * so that one is enough. What computes (TensorFlow, WebGPU, WASM) is left out: it changes last bits, which a study's seeds
 * cover, and is told of each run.
 */
import type { Recipe } from '../../preload/contract/recipe.js';
import { METHOD_VERSION } from '../coevolution/method.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import type { RunIdentity } from '../store/run-identities.js';
import { canonicalRecipe, remove, stableJson } from './canonical-recipe.js';
import { weightsOn, type Inputs } from './inputs.js';
import { sha256 } from '../lib/sha256.js';

/** Where contents lie; digests of the contents stand in their place. */
const NAMED: readonly (readonly string[])[] = [
  ['model'],
  ['evaluation', 'benchmark'],
  ['domain'],
  ['evaluation', 'guard_benchmark'],
  ['evaluation', 'others'],
  ['sft', 'data'],
];

/** @param recipe complete; its seed is the run's */
export function identityOf(recipe: Recipe, { model, domain, benchmarks, data }: Inputs): RunIdentity {
  const tree = canonicalRecipe(recipe);
  for (const path of NAMED) remove(tree, path);
  return hashed({
    recipe: tree,
    model,
    domain,
    benchmarks,
    ...(data !== undefined && { data }),
    seed: recipe.seed,
    method: METHOD_VERSION,
    grader: GRADER_VERSION,
  });
}

/**
 * Of an arm whose model another arm has yet to become: that arm stands in the place of its weights. No run has such an
 * identity.
 */
export function identityBefore({ parts }: RunIdentity, from: RunIdentity): RunIdentity {
  return hashed({ ...(parts as Parts), after: from.identity });
}

/**
 * The same when the weights are there: what `identityOf` says of the recipe with the model RUN@last. The run's id is no part
 * of it, so runs that became the same give one identity.
 * @param weights SHA-256 of their file
 */
export function identityAfter({ parts }: RunIdentity, weights: string): RunIdentity {
  const own = withoutAfter(parts as Parts);
  return hashed({ ...own, model: weightsOn(baseOf(own), weights) });
}

/** Whether two are the same but for the weights of another run that they begin with. */
export function equalButWeights(a: RunIdentity, b: RunIdentity): boolean {
  const bare = ({ parts }: RunIdentity): string => {
    const own = withoutAfter(parts as Parts);
    return stableJson({ ...own, model: baseOf(own) });
  };
  return bare(a) === bare(b);
}

/** What is hashed. */
interface Parts extends Inputs {
  readonly recipe: unknown;
  readonly seed: number;
  readonly method: number;
  readonly grader: typeof GRADER_VERSION;
  /** Identity of the arm whose weights are to be the model's. */
  after?: string;
}

function withoutAfter(parts: Parts): Parts {
  const own = { ...parts };
  delete own.after;
  return own;
}

/** Of weights on a model, the model. */
const baseOf = ({ model }: Parts): string => model.slice(model.indexOf(' ') + 1);

function hashed(parts: Parts): RunIdentity {
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
