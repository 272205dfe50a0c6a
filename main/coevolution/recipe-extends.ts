/**
 * `extends: NAME` in a recipe: what it does not say is as in the shipped recipe of that name. Groups of keys are joined key
 * by key; a value or a list takes the place of the other's. Name and description are never inherited.
 */
import { LabError } from '../lib/errors.js';
import { isRecord } from './recipe-issues.js';

type Keys = Record<string, unknown>;

/** What a recipe says of itself. */
const OF_ITS_OWN = ['name', 'description'];

/** @param shipped the raw keys of a shipped recipe @throws LabError('recipe') where there is none of the name */
export function extended(raw: Keys, shipped: (name: string) => Keys): Keys {
  const { extends: base, ...own } = raw;
  if (base === undefined) return raw;
  if (typeof base !== 'string') {
    throw new LabError('recipe', 'extends must be the name of a shipped recipe.', {
      remedy: 'For example extends: r-zero-paper.',
    });
  }
  const inherited = Object.entries(extended(shipped(base), shipped)).filter(([key]) => !OF_ITS_OWN.includes(key));
  return joined(Object.fromEntries(inherited), own);
}

function joined(base: Keys, own: Keys): Keys {
  const made = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(own)) {
    const before = made.get(key);
    made.set(key, isRecord(before) && isRecord(value) ? joined(before, value) : value);
  }
  return Object.fromEntries(made);
}
