/** Reads a recipe: YAML from resources/recipes or a path, then `--set` assignments, then the schema. One place, once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { type Recipe, recipeSchema } from '../../preload/contract/recipe.js';
import type { RecipeIssue } from '../../preload/contract/recipes.js';
import { runModelName } from '../../preload/contract/run-model.js';
import { absoluteReference } from '../benchmarks/find.js';
import { LabError } from '../lib/errors.js';
import { resourcesDir } from '../lib/paths.js';
import { nearest } from '../lib/text.js';
import { shippedData } from '../tables/shipped.js';
import { readDomain } from './domain-folder.js';
import { domainIssues } from './recipe-domain.js';
import { extended } from './recipe-extends.js';
import { describeIssues, isMissing, isRecord, recipeIssues } from './recipe-issues.js';

export interface RecipeOverrides {
  /** `key.path=value`, the value a YAML scalar or flow collection. */
  readonly set?: readonly string[];
  readonly seed?: number;
}

/** Where the recipe's domain is to be had. */
interface DomainPlace {
  /** The folder of the recipe's file: a domain may lie beside it. */
  readonly beside?: string;
  /** The domain as a run keeps it: then none is looked for. */
  readonly domain?: DomainDescription;
}

export function shippedRecipes(): string[] {
  return readdirSync(join(resourcesDir(), 'recipes'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** Those that give every key themselves: to copy, and to begin with on a model of one's own. */
export function wholeRecipes(): string[] {
  return shippedRecipes().filter((name) => !('extends' in shippedKeys(name)));
}

/** The text of a shipped recipe. */
export function shippedText(name: string): string {
  return readFileSync(join(resourcesDir(), 'recipes', `${name}.yaml`), 'utf8');
}

function shippedKeys(name: string): Record<string, unknown> {
  const names = shippedRecipes();
  if (names.includes(name)) return parseText(shippedText(name), name) as Record<string, unknown>;
  const guess = nearest(name, names);
  throw new LabError('recipe', `extends: there is no shipped recipe "${name}".`, {
    remedy: `${guess ? `Did you mean "${guess}"? ` : ''}Shipped: ${names.join(', ')}.`,
  });
}

/** @throws LabError('recipe') that names the key, the limit and the remedy. */
export function loadRecipe(nameOrPath: string, overrides: RecipeOverrides = {}): Recipe {
  const path = findRecipe(nameOrPath);
  const raw = parseText(readFileSync(path, 'utf8'), path);
  return parseRecipe(raw, { ...overrides, source: path, beside: dirname(path) });
}

export function parseRecipe(
  raw: unknown,
  { source, ...options }: RecipeOverrides & DomainPlace & { readonly source: string },
): Recipe {
  if (!isRecord(raw)) {
    throw new LabError('recipe', `${source} is not a recipe: it must be a mapping of keys to values.`, {
      remedy: `${join(resourcesDir(), 'recipes', 'nano.yaml')} is one to copy.`,
    });
  }
  const { recipe, issues } = checked(raw, options);
  if (recipe) return recipe;
  const short =
    options.beside !== undefined && issues.some(({ path, message }) => path.length === 1 && isMissing(message));
  throw new LabError(
    'recipe',
    describeIssues(issues, { source, set: options.set ?? [] }),
    short ? { remedy: copyRemedy(raw) } : {},
  );
}

/** Nobody writes a hundred keys from nothing: the shipped recipe that is nearest is the place to begin. */
function copyRemedy({ domain, model }: Record<string, unknown>): string {
  const ofDomain = wholeRecipes().find((name) => loadRecipe(name).domain === domain);
  const small = typeof model !== 'string' || model.startsWith('builtin:');
  const path = join(resourcesDir(), 'recipes', `${ofDomain ?? (small ? 'nano' : 'r-zero-paper')}.yaml`);
  return `A recipe gives all of these. Begin with a copy of one that ships, ${path}, and change what is to be another; or run that one with --set key=value.`;
}

export type CheckedRecipe =
  | { readonly recipe: Recipe; readonly issues: readonly [] }
  | { readonly recipe: null; readonly issues: readonly RecipeIssue[] };

/** As `parseRecipe` of a text, but tells what is wrong place by place instead of throwing. */
export function checkRecipe(text: string, overrides: RecipeOverrides = {}): CheckedRecipe {
  try {
    const raw = parseText(text, 'The text');
    if (!isRecord(raw)) return { recipe: null, issues: [{ path: [], message: 'must be a mapping of keys to values' }] };
    return checked(raw, overrides);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { recipe: null, issues: [{ path: [], message: error.message }] };
  }
}

function checked(raw: Record<string, unknown>, options: RecipeOverrides & DomainPlace): CheckedRecipe {
  const whole = extended(raw, shippedKeys);
  const result = recipeSchema.safeParse(withOverrides(whole, options), { reportInput: true });
  if (!result.success) return { recipe: null, issues: recipeIssues(result.error) };
  const recipe = withAbsolutePaths(result.data);
  try {
    const { reference, description } = options.domain
      ? { reference: recipe.domain, description: options.domain }
      : readDomain(recipe.domain, options.beside ?? null);
    const issues = domainIssues(recipe, description);
    return issues.length > 0 ? { recipe: null, issues } : { recipe: { ...recipe, domain: reference }, issues: [] };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { message, remedy } = error;
    return {
      recipe: null,
      issues: [{ path: ['domain'], message: `${message} ${remedy ?? ''}`.trim().replace(/\.$/, '') }],
    };
  }
}

function parseText(text: string, source: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    // A YAMLParseError knows the place; text with too many aliases is refused with a plain ReferenceError.
    const why = error instanceof YAMLParseError ? error.message.split('\n')[0] : String(error);
    throw new LabError('recipe', `${source} is not valid YAML: ${why ?? ''}`, { cause: error });
  }
}

function withOverrides(raw: Record<string, unknown>, { set = [], seed }: RecipeOverrides): Record<string, unknown> {
  const merged = structuredClone(raw);
  for (const assignment of set) assign(merged, assignment);
  if (seed !== undefined) merged['seed'] = seed;
  return merged;
}

/** Paths count from where the recipe is given, so that a run can go on from any folder. What does not exist stays as typed. */
function withAbsolutePaths(recipe: Recipe): Recipe {
  const absolute = (path: string): string => (existsSync(path) ? resolve(path) : path);
  const { model, evaluation, sft } = recipe;
  const guard = evaluation.guard_benchmark;
  return {
    ...recipe,
    model: model.startsWith('builtin:') || runModelName(model) ? model : absolute(model),
    evaluation: {
      ...evaluation,
      benchmark: absoluteReference(evaluation.benchmark),
      guard_benchmark: guard === null ? null : absoluteReference(guard),
      others: evaluation.others.map((other) => ({ ...other, benchmark: absoluteReference(other.benchmark) })),
    },
    sft: sft && { ...sft, data: shippedData().includes(sft.data) ? sft.data : absolute(sft.data) },
  };
}

function findRecipe(nameOrPath: string): string {
  const shipped = join(resourcesDir(), 'recipes', `${nameOrPath}.yaml`);
  if (/^[\w-]+$/.test(nameOrPath) && existsSync(shipped)) return shipped;
  const path = resolve(nameOrPath);
  if (/\.ya?ml$/.test(nameOrPath) && existsSync(path)) return path;
  const names = shippedRecipes();
  const guess = nearest(nameOrPath, names);
  throw new LabError('recipe', `There is no recipe "${nameOrPath}".`, {
    remedy: `${guess ? `Did you mean "${guess}"? ` : ''}Shipped: ${names.join(', ')}; or give the path of a YAML file.`,
  });
}

function assign(target: Record<string, unknown>, assignment: string): void {
  const at = assignment.indexOf('=');
  if (at < 1) {
    throw new LabError('usage', `--set ${assignment}: expected key.path=value.`, {
      remedy: 'For example --set solver.steps=20.',
    });
  }
  const path = assignment.slice(0, at).trim().split('.');
  // Anyone may send assignments: one must not reach the prototype that all objects share.
  if (path.includes('__proto__')) throw new LabError('recipe', `--set ${assignment}: "__proto__" is no key.`);
  const last = path.pop() as string;
  let node = target;
  for (const part of path) {
    const next = (Object.hasOwn(node, part) ? node[part] : null) ?? (node[part] = {});
    if (!isRecord(next))
      throw new LabError('recipe', `--set ${assignment}: "${part}" is a value, not a group of keys.`);
    node = next;
  }
  try {
    node[last] = parseYaml(assignment.slice(at + 1)) as unknown;
  } catch (error) {
    throw new LabError('recipe', `--set ${assignment}: the value is not valid YAML.`, { cause: error });
  }
}
