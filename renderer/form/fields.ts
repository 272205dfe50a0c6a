/**
 * A JSON Schema (what zod writes for a recipe) as fields of a form. Covered: objects, numbers with limits, texts, enums,
 * booleans, lists, tuples, and a value or one of a few words ('auto', none). What is not covered is a field of JSON text.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Base {
  /** Dotted, as messages name it: challenger.sampling.top_p. */
  readonly path: string;
  readonly key: string;
  readonly title: string;
  readonly help: string | null;
  readonly standard: Json | undefined;
  readonly required: boolean;
}
export interface NumberField extends Base {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly min: number | null;
  readonly max: number | null;
  /** Whether the limits themselves are allowed. */
  readonly minAllowed: boolean;
  readonly maxAllowed: boolean;
}
export interface TextField extends Base {
  readonly kind: 'text';
  readonly shortest: number;
  readonly longest: number | null;
}
export interface GroupField extends Base {
  readonly kind: 'group';
  readonly fields: readonly Field[];
}
export interface ListField extends Base {
  readonly kind: 'list';
  readonly item: (index: number) => Field;
  readonly fewest: number;
  readonly most: number | null;
  /** A tuple: neither longer nor shorter. */
  readonly fixed: boolean;
}
/** One of some words, or a value of another kind. */
export interface ChoiceField extends Base {
  readonly kind: 'choice';
  readonly words: readonly (string | null)[];
  readonly other: Field;
}
export type Field =
  | NumberField
  | TextField
  | GroupField
  | ListField
  | ChoiceField
  | (Base & { readonly kind: 'enum'; readonly options: readonly string[] })
  | (Base & { readonly kind: 'boolean' })
  | (Base & { readonly kind: 'json' });

const LARGEST = Number.MAX_SAFE_INTEGER;

export function titleOf(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function numberField(base: Base, schema: Schema): NumberField {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const max = exclusiveMaximum ?? maximum ?? null;
  return {
    ...base,
    kind: 'number',
    integer: schema.type === 'integer',
    min: exclusiveMinimum ?? minimum ?? null,
    max: max !== null && max >= LARGEST ? null : max,
    minAllowed: exclusiveMinimum === undefined,
    maxAllowed: exclusiveMaximum === undefined,
  };
}

function choice(base: Base, options: readonly Schema[]): Field {
  const isWord = (option: Schema): boolean => option.type === 'null' || typeof option.const === 'string';
  const words = options.filter(isWord).map((option) => (option.type === 'null' ? null : String(option.const)));
  const rest = options.filter((option) => !isWord(option));
  const [other] = rest;
  if (!other && !words.includes(null)) return { ...base, kind: 'enum', options: words.map(String) };
  if (!other || rest.length > 1 || words.length === 0) return { ...base, kind: 'json' };
  const another = { ...base, required: true, standard: undefined, title: other.title ?? base.title };
  return { ...base, kind: 'choice', words, other: toField(another, other) };
}

function list(base: Base, schema: Schema): ListField {
  const { prefixItems, items, minItems = 0, maxItems = null } = schema;
  const item = (index: number): Field => {
    const own = prefixItems?.[index] ?? (typeof items === 'object' ? items : {});
    const key = String(index);
    const path = `${base.path}.${key}`;
    return toField(
      { path, key, title: `${base.title}, ${index + 1}`, help: null, standard: undefined, required: true },
      own,
    );
  };
  return { ...base, kind: 'list', item, fewest: minItems, most: maxItems, fixed: prefixItems !== undefined };
}

function toField(base: Base, schema: Schema): Field {
  if (schema.anyOf) return choice(base, schema.anyOf);
  if (schema.enum) return { ...base, kind: 'enum', options: schema.enum.map(String) };
  switch (schema.type) {
    case 'object':
      return { ...base, kind: 'group', fields: fieldsOf(schema, base.path) };
    case 'number':
    case 'integer':
      return numberField(base, schema);
    case 'boolean':
      return { ...base, kind: 'boolean' };
    case 'array':
      return list(base, schema);
    case 'string':
      return { ...base, kind: 'text', shortest: schema.minLength ?? 0, longest: schema.maxLength ?? null };
    default:
      return { ...base, kind: 'json' };
  }
}

export function fieldsOf(schema: Schema, path = ''): Field[] {
  return Object.entries(schema.properties ?? {}).map(([key, own]) =>
    toField(
      {
        path: path === '' ? key : `${path}.${key}`,
        key,
        title: own.title ?? titleOf(key),
        help: own.description ?? null,
        standard: own.default as Json | undefined,
        required: (schema.required ?? []).includes(key) && own.default === undefined,
      },
      own,
    ),
  );
}
