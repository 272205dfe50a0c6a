/**
 * A filter of questions in words, and in the address: `?filter=<JSON>`. What an address holds was written by anybody, so
 * it is checked by the contract's schema. Pure.
 */
import { questionFilterSchema, type QuestionFilter } from '../../../preload/contract/questions.js';
import { oneLine } from './one-line.js';

export type FilterKey = keyof QuestionFilter;

export interface Chip {
  readonly key: FilterKey;
  readonly words: string;
}

type Words = { readonly [K in FilterKey]-?: (value: NonNullable<QuestionFilter[K]>) => string };
const number = (value: number): string => String(Number(value.toPrecision(4)));

function range(name: string, { min, max }: { readonly min?: number; readonly max?: number }): string {
  if (min !== undefined && max !== undefined)
    return number(min) === number(max) ? `${name} = ${number(min)}` : `${name} ${number(min)} to ${number(max)}`;
  if (min !== undefined) return `${name} ≥ ${number(min)}`;
  return max === undefined ? `${name} known` : `${name} ≤ ${number(max)}`;
}

const REVIEWS: Readonly<Record<NonNullable<QuestionFilter['review']>, string>> = {
  reviewed: 'reviewed',
  unreviewed: 'not reviewed',
  discarded: 'discarded in review',
  correct: 'reviewed: correct',
  'wrong-label': 'reviewed: wrong label',
  ambiguous: 'reviewed: ambiguous',
  unsolvable: 'reviewed: unsolvable',
  duplicate: 'reviewed: duplicate',
  'not-correct': 'reviewed: not correct',
};

const HELD_OUT_WORDS: Readonly<Record<NonNullable<QuestionFilter['heldOut']>, string>> = {
  exact: 'a benchmark’s question',
  near: 'nearly a benchmark’s question',
  any: 'a benchmark’s question, or nearly',
  none: 'no benchmark’s question',
};

function judgedWords({ by, as }: NonNullable<QuestionFilter['judged']>): string {
  const who = by === undefined ? 'a judge' : `judge ${by}`;
  if (as === 'not-judged') return by === undefined ? 'not judged' : `not judged by judge ${by}`;
  return `${who}: ${as.replace('-', ' ')}`;
}

/** In the order in which chips are shown. */
const WORDS: Words = {
  search: (search) => `“${oneLine(search)}”`,
  iteration: (iteration) => `iteration ${iteration}`,
  phase: (phase) => (phase === 'challenger' ? 'Challenger phase' : 'curriculum'),
  step: (step) => `step ${step + 1}`,
  valid: (valid) => (valid ? 'valid' : 'invalid'),
  labelled: (labelled) => (labelled ? 'voted on' : 'not voted on'),
  kept: (kept) => (kept ? 'kept' : 'not kept'),
  reason: (reason) => `out: ${oneLine(reason)}`,
  heldOut: (which) => HELD_OUT_WORDS[which],
  pHat: (of) => range('p̂', of),
  difficulty: (of) => range('difficulty', of),
  topic: (topic) => `topic: ${oneLine(topic)}`,
  label: (label) => `label ${label}`,
  review: (review) => REVIEWS[review],
  judged: judgedWords,
  used: (used) => (used ? 'used by the Solver' : 'not used'),
  usedIn: ({ iteration, step }) => `used in iteration ${iteration}${step === undefined ? '' : `, step ${step + 1}`}`,
  cluster: ({ iteration, step, cluster }) => `cluster ${cluster} of iteration ${iteration}, step ${step + 1}`,
  clusterSize: (of) => range('cluster size', of),
};

export function chipsOf(filter: QuestionFilter): Chip[] {
  return (Object.keys(WORDS) as FilterKey[]).flatMap((key) => {
    const value = filter[key];
    return value === undefined ? [] : [{ key, words: (WORDS[key] as (value: unknown) => string)(value) }];
  });
}

/** A changed filter; `undefined` takes a part away. */
export function withPart<K extends FilterKey>(
  filter: QuestionFilter,
  key: K,
  value: QuestionFilter[K] | undefined,
): QuestionFilter {
  const next = { ...filter, [key]: value };
  if (value === undefined || value === '') delete next[key];
  return next;
}

export function filterText(filter: QuestionFilter): string | undefined {
  return Object.keys(filter).length === 0 ? undefined : JSON.stringify(filter);
}

/** `wrong` says why the address was not followed. */
export function filterOf(address: unknown): { readonly filter: QuestionFilter; readonly wrong: string | null } {
  if (typeof address !== 'string' || address === '') return { filter: {}, wrong: null };
  let value: unknown;
  try {
    value = JSON.parse(address);
  } catch {
    return { filter: {}, wrong: 'it is no JSON' };
  }
  const parsed = questionFilterSchema.safeParse(value);
  if (parsed.success) return { filter: parsed.data, wrong: null };
  const issue = parsed.error.issues[0];
  return { filter: {}, wrong: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}` };
}
