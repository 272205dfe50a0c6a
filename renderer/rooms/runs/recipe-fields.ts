/** A recipe's fields in the order in which one fills them in: the few that make a run what it is, then the sections. Pure. */
import { fieldsOf, type Field, type Json, type Schema } from '../../form/fields.js';
import { valueAt } from '../../form/values.js';

/** With a title of their own where they leave their section. */
const BASIC: Readonly<Record<string, string | null>> = {
  name: 'Recipe name',
  model: null,
  domain: null,
  iterations: null,
  'challenger.steps': 'Challenger steps',
  'curriculum.questions': 'Questions in a curriculum',
  'curriculum.votes': 'Votes for each question',
  'solver.steps': 'Solver steps',
  'solver.optimiser.learning_rate': 'Solver learning rate',
};
/** Filled in beside the form. */
const ELSEWHERE = ['seed'];

export interface RecipeFields {
  readonly all: readonly Field[];
  readonly basic: readonly Field[];
  /** Groups with what is left of them. */
  readonly sections: readonly Field[];
}

function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.kind === 'group' ? flat(field.fields) : [field]));
}

function without(fields: readonly Field[], paths: readonly string[]): Field[] {
  return fields.flatMap((field): Field[] => {
    if (paths.includes(field.path)) return [];
    return field.kind === 'group' ? [{ ...field, fields: without(field.fields, paths) }] : [field];
  });
}

/** What one began with takes the place of the defaults: that is what a change is a change of. */
function asIn(preset: Json, fields: readonly Field[]): Field[] {
  return fields.map((field) => {
    if (field.kind === 'group') return { ...field, fields: asIn(preset, field.fields) };
    const standard = valueAt(preset, field.path);
    return standard === undefined ? field : { ...field, standard };
  });
}

export function recipeFields(schema: Schema, preset: Json = {}): RecipeFields {
  const all = asIn(preset, without(fieldsOf(schema), ELSEWHERE));
  const byPath = new Map(flat(all).map((field) => [field.path, field]));
  const basic = Object.entries(BASIC).flatMap(([path, title]): Field[] => {
    const field = byPath.get(path);
    return field ? [{ ...field, title: title ?? field.title }] : [];
  });
  const rest = without(all, Object.keys(BASIC));
  const loose = rest
    .filter(({ kind }) => kind !== 'group')
    .map((field) => (field.path === 'sft' ? { ...field, title: 'Fine-tuning (SFT)' } : field));
  return { all, basic: [...basic, ...loose], sections: rest.filter(({ kind }) => kind === 'group') };
}
