/** What is wrong with a recipe, said so that one can mend it: where, which value, what is allowed, what was probably meant. */
import { z } from 'zod';
import type { RecipeIssue } from '../../preload/contract/recipes.js';
import { recipeSchema } from '../../preload/contract/recipe.js';
import { nearest } from '../lib/text.js';

export function recipeIssues(error: z.ZodError): RecipeIssue[] {
  return issuesOf(error, recipeSchema);
}

/** What is wrong with anything a schema describes. */
export function issuesOf(error: z.ZodError, schema: z.ZodType): RecipeIssue[] {
  return error.issues.flatMap((issue): RecipeIssue[] => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code !== 'unrecognized_keys') return [{ path, message: messageOf(issue) }];
    const allowed = keysAt(path, schema);
    return issue.keys.map((name) => {
      const guess = nearest(name, allowed);
      const meant = guess ? ` Did you mean "${[...path, guess].join('.')}"?` : '';
      return { path: [...path, name], message: `unknown key.${meant} Allowed here: ${allowed.join(', ')}` };
    });
  });
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

/** What is allowed, where the schema alone says it; a rule of our own has its own words. */
function limitOf(issue: z.core.$ZodIssue): string {
  const long = 'origin' in issue && (issue.origin === 'string' || issue.origin === 'array');
  const unit = long ? (issue.origin === 'string' ? ' characters' : ' entries') : '';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? `a ${issue.expected}`}${exampleFor(issue)}`;
    case 'too_small':
      return `must ${long ? 'have' : 'be'} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit}`;
    case 'too_big':
      return `must ${long ? 'have' : 'be'} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_union':
      return 'is none of what is allowed here';
    default:
      return issue.message;
  }
}

/** Where one would expect to give a name alone. */
function exampleFor({ path, input }: z.core.$ZodIssue): string {
  if (path[0] !== 'evaluation' || path[1] !== 'others' || path.length > 3) return '';
  const name = typeof input === 'string' ? input : 'gsm8k';
  const one = `{benchmark: ${/^[\w./-]+$/.test(name) ? name : JSON.stringify(name)}}`;
  return `, such as ${path.length === 2 ? `[${one}]` : one}`;
}

const MISSING = 'is missing';

export const isMissing = (message: string): boolean => message.startsWith(MISSING);

/** What the value is, where it is one, and what is wrong with it. */
function messageOf(issue: z.core.$ZodIssue): string {
  const { input } = issue;
  if (input === undefined) return issue.message.startsWith('Invalid input') ? MISSING : `${MISSING}: ${issue.message}`;
  const message = limitOf(issue);
  return typeof input === 'object' && input !== null ? message : `is ${JSON.stringify(input).slice(0, 80)}: ${message}`;
}

/** For the terminal: each issue with where its value came from, the recipe or an assignment of `--set`. */
export function describeIssues(
  issues: readonly RecipeIssue[],
  { source, set }: { readonly source: string; readonly set: readonly string[] },
): string {
  const assigned = (fits: (name: string) => boolean): string | undefined =>
    set.findLast((assignment) => fits(`${assignment.slice(0, assignment.indexOf('=')).trim()}.`));
  // Of what does not fit together the part that was assigned is to blame: the rest stood together before.
  const origin = (key: string): string | undefined =>
    assigned((name) => `${key}.`.startsWith(name)) ??
    (key === '' ? undefined : assigned((name) => name.startsWith(`${key}.`)));
  const said = new Set<string>();
  const sentences = issues.map((issue) => {
    // What is missing may be missing only because something beside it was assigned.
    const group = isMissing(issue.message) ? issue.path.slice(0, -1).join('.') : '';
    const assignment =
      origin(issue.path.join('.')) ?? (group === '' ? undefined : assigned((name) => name.startsWith(`${group}.`)));
    const where = assignment === undefined ? `${source}: ` : `--set ${assignment}: `;
    const again = said.has(where);
    said.add(where);
    return `${again ? '' : where}${describeIssue(issue)}`;
  });
  return sentences.join(' ');
}

function describeIssue({ path, message }: RecipeIssue): string {
  const key = path.join('.') || 'recipe';
  if (message.startsWith('unknown key.')) return `unknown key "${key}".${message.slice('unknown key.'.length)}.`;
  return message.startsWith('is ') ? `${key} ${message}.` : `${key}: ${message}.`;
}

/** The keys that may stand at a path, read from the schema itself. */
function keysAt(path: readonly PropertyKey[], schema: z.ZodType): string[] {
  let node: unknown = z.toJSONSchema(schema, { io: 'input' });
  for (const part of path) node = typeof part === 'number' ? itemsOf(node) : propertiesOf(node)?.[String(part)];
  return Object.keys(propertiesOf(node) ?? {});
}

/** Of a group that may also be null, too. */
function propertiesOf(node: unknown): Record<string, unknown> | null {
  const group = alternativesOf(node).find((one) => isRecord(one['properties']));
  return (group?.['properties'] as Record<string, unknown> | undefined) ?? null;
}

function itemsOf(node: unknown): unknown {
  return alternativesOf(node).find((one) => 'items' in one)?.['items'];
}

function alternativesOf(node: unknown): Record<string, unknown>[] {
  if (!isRecord(node)) return [];
  const { anyOf } = node;
  return Array.isArray(anyOf) ? anyOf.flatMap(alternativesOf) : [node];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
