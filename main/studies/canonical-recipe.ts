/**
 * A recipe as far as it decides results: keys that hold their default are left out, so that a recipe keeps its identity
 * when a later version of the program knows more keys; so are what it is called and when it is saved. Pure.
 */
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import { isRecord } from '../coevolution/recipe-issues.js';

type Tree = Record<string, unknown>;

/** Decide no result: a run saved at other times makes the same rows, and a pause changes nothing. */
const WITHOUT_EFFECT: readonly (readonly string[])[] = [
  ['name'],
  ['description'],
  ['seed'],
  ['checkpoint', 'every_steps'],
  ['checkpoint', 'keep_last'],
  ['reviews', 'pause_after_curriculum'],
];

/** JSON with the keys of every object in alphabetical order. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    isRecord(node) ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) : node,
  );
}

export function canonicalRecipe(recipe: Recipe): Tree {
  const whole = stableJson(recipe);
  const tree = structuredClone(recipe) as unknown as Tree;
  const sameWithout = (): boolean => {
    const parsed = recipeSchema.safeParse(tree);
    return parsed.success && stableJson(parsed.data) === whole;
  };
  leaveOutDefaults(tree, sameWithout);
  for (const path of WITHOUT_EFFECT) remove(tree, path);
  return tree;
}

function leaveOutDefaults(node: Tree, sameWithout: () => boolean): void {
  for (const [key, value] of Object.entries(node)) {
    delete node[key];
    if (sameWithout()) continue;
    node[key] = value;
    if (isRecord(value)) leaveOutDefaults(value, sameWithout);
  }
}

/** Takes a key out, and groups of keys that are empty then. */
export function remove(node: Tree, [key, ...rest]: readonly string[]): void {
  if (key === undefined) return;
  if (rest.length === 0) delete node[key];
  else if (isRecord(node[key])) {
    remove(node[key], rest);
    if (Object.keys(node[key]).length === 0) delete node[key];
  }
}
