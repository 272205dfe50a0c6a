/**
 * BLEU-4 between short texts (Papineni et al. 2002): the geometric mean of clipped n-gram precisions for n = 1 to 4,
 * times the brevity penalty; one reference. Distances are symmetrised: 1 - (BLEU(a,b) + BLEU(b,a)) / 2, so that a
 * batch's order does not matter. (R-Zero's public code takes the earlier text as hypothesis only.)
 *
 * A sentence seldom shares a 4-gram with another, so zero matches are smoothed, in one of two ways:
 * - `epsilon`: a zero numerator counts as 0.1 (Chen & Cherry 2014, method 1). R-Zero's public code uses this on words.
 * - `add-one`: one is added to numerator and denominator for n > 1 (Lin & Och 2004). For the nano model's characters;
 *   an order too long for the text then counts as 1 rather than as a miss.
 * Without a single token in common BLEU is 0 either way.
 *
 * All pairs of a batch go through an inverted index of interned n-grams: the work is the number of n-grams that two
 * texts really share. Clipped matches are symmetric, so both directions come from one count.
 */
/** What a domain asks for by the same names (domains/domain.ts). */
export type BleuSmoothing = 'add-one' | 'epsilon';

const ORDERS = 4;
const EPSILON = 0.1;
/** Above any id an n-gram or a token can get, so that a pair of ids packs into one exact number. */
const PAIR = 2 ** 26;

/** A text's n-grams: ids and counts, one list per order. */
export interface Profile {
  readonly length: number;
  readonly grams: readonly (readonly { readonly id: number; readonly count: number }[])[];
}

/** BLEU of a hypothesis of `length` tokens with `matches[order - 1]` clipped n-gram matches. */
function bleuOf(length: number, reference: number, matches: ArrayLike<number>, smoothing: BleuSmoothing): number {
  if (length === 0 || matches[0] === 0) return 0;
  let product = 1;
  for (let order = 1; order <= ORDERS; order++) {
    const matched = matches[order - 1] as number;
    const possible = Math.max(length - order + 1, 0);
    if (smoothing === 'epsilon') product *= (matched === 0 ? EPSILON : matched) / Math.max(possible, 1);
    else product *= order === 1 ? matched / possible : (matched + 1) / (possible + 1);
  }
  const brevity = length > reference ? 1 : Math.exp(1 - reference / length);
  // Square roots are exact to the last bit on every machine, powers are not.
  return brevity * Math.sqrt(Math.sqrt(product));
}

/** Interns n-grams and answers "how far is this text from each text added so far". */
export class BleuIndex {
  private readonly tokens = new Map<string, number>();
  private readonly ids = Array.from({ length: ORDERS }, () => new Map<number, number>());
  /** Per order and n-gram: text, count, text, count, … */
  private readonly postings: number[][][] = Array.from({ length: ORDERS }, () => []);
  private readonly lengths: number[] = [];
  private matches = new Int32Array(0);

  constructor(private readonly smoothing: BleuSmoothing) {}

  get size(): number {
    return this.lengths.length;
  }

  profile(tokens: readonly string[]): Profile {
    const words = tokens.map((token) => intern(this.tokens, token));
    const grams: { id: number; count: number }[][] = [];
    let prefixes = words;
    for (let order = 1; order <= ORDERS; order++) {
      const ids = this.ids[order - 1] as Map<number, number>;
      const current: number[] = [];
      const counts = new Map<number, number>();
      for (let i = 0; i + order <= words.length; i++) {
        const pair =
          order === 1 ? (words[i] as number) : (prefixes[i] as number) * PAIR + (words[i + order - 1] as number);
        const id = intern(ids, pair);
        current.push(id);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      grams.push([...counts].map(([id, count]) => ({ id, count })));
      prefixes = current;
    }
    return { length: words.length, grams };
  }

  add(profile: Profile): void {
    const text = this.lengths.push(profile.length) - 1;
    profile.grams.forEach((grams, order) => {
      const lists = this.postings[order] as number[][];
      for (const { id, count } of grams) (lists[id] ??= []).push(text, count);
    });
  }

  /** The distance to each added text, in the order of adding, written to `out` from `offset`. */
  distances(profile: Profile, out: Float64Array, offset = 0): void {
    const matches = this.countMatches(profile);
    const own = new Int32Array(ORDERS);
    for (let text = 0; text < this.size; text++) {
      for (let order = 0; order < ORDERS; order++) own[order] = matches[text * ORDERS + order] as number;
      const length = this.lengths[text] as number;
      const there = bleuOf(profile.length, length, own, this.smoothing);
      const back = bleuOf(length, profile.length, own, this.smoothing);
      out[offset + text] = 1 - (there + back) / 2;
    }
  }

  /** Clipped matches with each added text, (texts, orders). */
  private countMatches(profile: Profile): Int32Array {
    const needed = this.size * ORDERS;
    if (this.matches.length < needed) this.matches = new Int32Array(Math.max(needed, 2 * this.matches.length));
    const matches = this.matches;
    matches.fill(0, 0, needed);
    for (let order = 0; order < ORDERS; order++) {
      const lists = this.postings[order] as number[][];
      for (const { id, count } of profile.grams[order] ?? []) {
        const list = lists[id];
        if (list === undefined) continue;
        for (let i = 0; i < list.length; i += 2) {
          const cell = (list[i] as number) * ORDERS + order;
          const theirs = list[i + 1] as number;
          matches[cell] = (matches[cell] as number) + (theirs < count ? theirs : count);
        }
      }
    }
    return matches;
  }
}

function intern<K>(ids: Map<K, number>, key: K): number {
  const known = ids.get(key);
  if (known !== undefined) return known;
  ids.set(key, ids.size);
  return ids.size - 1;
}

/** BLEU-4 of one hypothesis against one reference, in [0, 1]. */
export function sentenceBleu(
  hypothesis: readonly string[],
  reference: readonly string[],
  smoothing: BleuSmoothing,
): number {
  const index = new BleuIndex(smoothing);
  const [a, b] = [index.profile(hypothesis), index.profile(reference)];
  const matches = a.grams.map((grams, order) => {
    const theirs = new Map((b.grams[order] ?? []).map(({ id, count }) => [id, count]));
    return grams.reduce((sum, { id, count }) => sum + Math.min(count, theirs.get(id) ?? 0), 0);
  });
  return bleuOf(a.length, b.length, matches, smoothing);
}

/** Symmetrised distances between all texts, (n, n) row-major; the diagonal is 0. */
export function bleuDistances(texts: readonly (readonly string[])[], smoothing: BleuSmoothing): Float64Array {
  const n = texts.length;
  const distances = new Float64Array(n * n);
  const index = new BleuIndex(smoothing);
  texts.forEach((tokens, i) => {
    const profile = index.profile(tokens);
    index.distances(profile, distances, i * n);
    index.add(profile);
  });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) distances[j * n + i] = distances[i * n + j] as number;
  return distances;
}
