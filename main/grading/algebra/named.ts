/** What an answer names: `x = 3` is 3 with a name, `x = 2, y = 5` is a point, `f(x) = x^2` is a formula. */
import type { Answer } from './answer.js';
import { readAnswer } from './read-answer.js';

const NAME =
  /^[a-zA-Z]\^\{-1\}\s*\([a-zA-Z]\)$|^\\frac\{d[a-zA-Z]\}\{d[a-zA-Z]\}$|^(?:[a-zA-Z]|\\(?!frac|sqrt|sin|cos|tan|ln|log|pi|infty)[a-z]+)(?:_(?:\w|\{[\w\s,]+\}))?'?$|^[a-zA-Z]'?(?:_\w)?\s*\([a-zA-Z](?:,\s*[a-zA-Z])*\)$|^[A-Z]{2,3}$|^[A-Za-z]{3,}(?: [A-Za-z]+){0,3}$|^\\(?:vec|mathbf|angle|triangle)\s*\{?\s*[A-Za-z]{1,3}\s*\}?$/;
const TUPLE_OF_NAMES = /^\(\s*[a-zA-Z](?:_\w)?(?:\s*,\s*[a-zA-Z](?:_\w)?)+\s*\)$/;

export interface Named {
  readonly name: string;
  readonly value: Answer;
}

/** Null for an answer without a name. */
export function namedValue(answer: Answer): Named | null {
  if (answer.kind !== 'relation' || answer.signs.some((sign) => sign !== '=')) return null;
  const [first = '', ...rest] = answer.sides;
  const last = rest.at(-1) ?? '';
  if (TUPLE_OF_NAMES.test(first)) return { name: plainName(first), value: readAnswer(last, 1) };
  if (NAME.test(first)) return { name: plainName(first), value: readAnswer(last, 1) };
  if (rest.length === 1 && NAME.test(last)) return { name: plainName(last), value: readAnswer(first, 1) };
  return null;
}

/** `(y, x) = (2, 1)` as (1, 2): in the order of the names. Anything else as it is. */
export function inOrderOfNames({ name, value }: Named): Named {
  const names = name.startsWith('(') ? name.slice(1, -1).split(',') : [];
  if (value.kind !== 'tuple' || value.parts.length !== names.length || names.length < 2) return { name, value };
  const order = [...names.keys()].sort((i, j) => ((names[i] as string) < (names[j] as string) ? -1 : 1));
  const parts = order.map((i) => value.parts[i] as Answer);
  return { name: `(${order.map((i) => names[i]).join(',')})`, value: { ...value, parts } };
}

const plainName = (name: string): string => name.replace(/[\s{}]/g, '');
/** `x_1` and `x_2` are two values of one unknown. */
export const withoutIndex = (name: string): string => name.replace(/_.*$/, '');

/** A list of named values: by name where the names are of different unknowns. Null for anything else. */
export function assignment(answer: Answer): ReadonlyMap<string, Answer> | null {
  if (answer.kind !== 'set' || answer.parts.length < 2) return null;
  const named = answer.parts.map(namedValue);
  if (named.some((n) => n === null || n.name === '')) return null;
  const values = named as Named[];
  if (new Set(values.map(({ name }) => withoutIndex(name))).size === 1) return null;
  const map = new Map(values.map(({ name, value }) => [name, value]));
  return map.size === values.length ? map : null;
}
