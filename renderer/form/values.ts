/** Values of a form by path: read, changed without touching the old ones, and what a field shows. Pure. */
import type { Field, Json } from './fields.js';

type Plain = Readonly<Record<string, Json>>;
const isPlain = (value: Json | undefined): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function valueAt(values: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((value, key) => {
    if (Array.isArray(value)) return (value as readonly Json[])[Number(key)];
    return isPlain(value) ? value[key] : undefined;
  }, values);
}

/** `undefined` takes a value away, so that the default holds again. */
export function withValue(values: Json | undefined, path: string, to: Json | undefined): Json {
  const [key = '', ...rest] = path.split('.');
  if (Array.isArray(values)) {
    const copy = [...(values as readonly Json[])];
    copy[Number(key)] = rest.length > 0 ? withValue(copy[Number(key)], rest.join('.'), to) : (to ?? null);
    return copy;
  }
  const copy: Record<string, Json> = isPlain(values) ? { ...values } : {};
  if (rest.length > 0) copy[key] = withValue(copy[key], rest.join('.'), to);
  else if (to === undefined) delete copy[key];
  else copy[key] = to;
  return copy;
}

/** What is in force: the value given, or else the default. */
export function inForce(field: Field, values: Json): Json | undefined {
  const own = valueAt(values, field.path);
  return own === undefined ? field.standard : own;
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function jsonText(value: Json | undefined): string {
  if (value === undefined || value === '') return 'empty';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(jsonText).join(', ');
  if (typeof value !== 'object') return String(value);
  const set = Object.entries(value).filter(([, inner]) => inner !== null);
  return set.map(([key, inner]) => `${key} ${jsonText(inner)}`).join(' ');
}

/** What was typed into a number field: the number, or the text itself, which the check then names. */
export function typedNumber(text: string): Json | undefined {
  const clean = text.trim().replace(',', '.');
  if (clean === '') return undefined;
  const value = Number(clean);
  return Number.isFinite(value) ? value : text;
}
