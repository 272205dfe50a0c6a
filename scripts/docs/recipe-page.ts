/**
 * docs/recipe.md from the schema of recipes: every key with its type, default, range and meaning. A page that is written by
 * hand would be out of date with the first key that is added. Left out: rules between keys, which the page names in words.
 */
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { recipeSchema } from '../../preload/contract/recipe.js';

/** The part of JSON Schema that the recipe's schema comes out as. */
export interface Node {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly prefixItems?: readonly Node[];
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface Key {
  readonly path: string;
  readonly node: Node;
  readonly needed: boolean;
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
/** What would end a cell, or be taken for a tag. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/<(?=[a-z/!])/gi, '&lt;')
    .replaceAll('\n', ' ');

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

function typeOf(node: Node): string {
  if (node.anyOf) return node.anyOf.map(typeOf).join(' or ');
  if (node.enum) return node.enum.map(code).join(' or ');
  if (node.const !== undefined) return code(node.const);
  if (node.prefixItems) return `list of ${node.prefixItems.length}: ${node.prefixItems.map(typeOf).join(', ')}`;
  switch (node.type) {
    case 'integer':
      return 'whole number';
    case 'string':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return 'empty (`null`)';
    case 'array':
      return node.items?.properties ? 'list of groups' : 'list';
    default:
      return node.type ?? 'anything';
  }
}

/** The lowest and the highest value; what only says that a number is exact in JavaScript is no limit. */
function rangeOf(node: Node): string {
  if (node.anyOf)
    return node.anyOf
      .map(rangeOf)
      .filter((range) => range !== '')
      .join('; ');
  if (node.prefixItems) return [...new Set(node.prefixItems.map(rangeOf))].join('; ');
  const { minimum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength } = node;
  const maximum = node.maximum === Number.MAX_SAFE_INTEGER ? undefined : node.maximum;
  // Above 0 is from 1 on for a whole number.
  const whole = node.type === 'integer' && exclusiveMinimum !== undefined;
  const ends = [
    whole ? `≥ ${exclusiveMinimum + 1}` : exclusiveMinimum === undefined ? null : `> ${exclusiveMinimum}`,
    minimum === undefined ? null : `≥ ${minimum}`,
    exclusiveMaximum === undefined ? null : `< ${exclusiveMaximum}`,
    maximum === undefined ? null : `≤ ${maximum}`,
    maxLength === undefined ? null : `${minLength ?? 0} to ${maxLength.toLocaleString('en-US')} characters`,
    minLength !== undefined && maxLength === undefined ? 'not empty' : null,
  ];
  return ends.filter((end) => end !== null).join(', ');
}

function defaultOf({ node, needed }: Key): string {
  if (needed) return '**must be given**';
  if (node.default === undefined) return '';
  return node.default === '' ? 'empty' : node.default === null ? 'empty' : code(node.default);
}

/** The keys that hold a value, also those of the entries of a list, and the groups that have something to say. A default of a group replaces those inside. */
function keysOf(node: Node, path: string, given?: unknown): Key[] {
  const standard = node.default ?? given;
  const inside = (name: string): unknown => (standard as Readonly<Record<string, unknown>> | undefined)?.[name];
  return Object.entries(node.properties ?? {}).flatMap(([name, written]): Key[] => {
    const child = orNone(written);
    const own = path === '' ? name : `${path}.${name}`;
    const fallback = inside(name);
    if (child.properties) {
      const said = child.description === undefined ? [] : [{ path: own, node: child, needed: false }];
      return [...said, ...keysOf(child, own, fallback)];
    }
    if (child.items?.properties) return [{ path: own, node: child, needed: false }, ...keysOf(child.items, `${own}[]`)];
    const needed = child.default === undefined && fallback === undefined && (node.required ?? []).includes(name);
    return [{ path: own, node: fallback === undefined ? child : { ...child, default: fallback }, needed }];
  });
}

/** A group that may be left out as a whole is documented like any other: what must be given in it must where it is there. */
function orNone(node: Node): Node {
  const group = node.anyOf?.length === 2 ? node.anyOf.find(({ properties }) => properties) : undefined;
  if (!group || !node.anyOf?.some(({ type }) => type === 'null')) return node;
  return { ...group, ...(node.description !== undefined && { description: node.description }) };
}

function row(key: Key): string {
  const { path, node } = key;
  const cells = node.properties
    ? [code(`${path}.*`), 'group', '', '']
    : [code(path), typeOf(node), defaultOf(key), rangeOf(node)];
  return `| ${[...cells, node.description ?? ''].map(cell).join(' | ')} |`;
}

function table(keys: readonly Key[]): string {
  return ['| key | type | default | range | meaning |', '| --- | --- | --- | --- | --- |', ...keys.map(row)].join('\n');
}

const HEAD = `# Recipe keys

Every key of a recipe, with its type, its default, the values it takes, and what it means. A key is written \`key.path=value\` after \`--set\`, or
nested in a YAML file; \`resources/recipes/\` has the shipped ones. A key that is not here is refused. “Must be given” stands where there is
no default: the shipped recipes give all of these, but for those of \`sft\`, which only a run that is fine-tuned first has.

This page is made from the schema (\`preload/contract/recipe.ts\` and what it is made of) by \`npm run docs:recipe\`.

A recipe that begins with \`extends: NAME\` takes what it does not give from the shipped recipe of that name, key by key; lists are taken whole, and
\`name\` must be its own.

Rules between keys: \`iterations\` may be 0 only where there is \`sft\`; \`sft.weights=best\` needs \`sft.held_out\` above 0;
\`curriculum.band.low\` must not exceed \`curriculum.band.high\`; \`guards.action=rollback\` needs
\`evaluation.guard_benchmark\`, by which the best checkpoint is chosen; a domain without chat (\`chains\`) takes no system prompts, and \`{{topic}}\` in a
prompt needs a domain that draws topics; \`curriculum.labelling=pooled\` needs one that rewrites questions ([domains.md](domains.md)). What
a fork may change is in [decisions/forking.md](decisions/forking.md), what the figures mean in [reading-the-numbers.md](reading-the-numbers.md).
`;

/** @param schema the recipe's as JSON Schema, of what one writes */
export function recipeTables(schema: Node): string {
  const keys = keysOf(schema, '');
  const section = ({ path }: Key): string => path.split('.')[0] ?? '';
  const nested = new Set(keys.filter(({ path, node }) => path.includes('.') || node.properties).map(section));
  const whole = keys.filter((key) => !nested.has(section(key)));
  const parts = [...nested].map((name) => {
    const about = keys.find(({ path }) => path === name)?.node.description;
    const rows = table(keys.filter((key) => section(key) === name && key.path !== name));
    return [`## ${name}`, ...(about === undefined ? [] : [sentence(about)]), rows].join('\n\n');
  });
  return [`## The run\n\n${table(whole)}`, ...parts].join('\n\n');
}

/** The whole page as it is to stand in `path`. */
export async function recipePage(path: string): Promise<string> {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input' }) as Node;
  const options = await resolveConfig(path);
  return format(`${HEAD}\n${recipeTables(schema)}\n`, { ...options, filepath: path });
}
