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

/** A text's n-grams of one order: ids in ascending order, and how often each occurs. */
export interface Grams {
  readonly ids: Int32Array;
  readonly counts: Int32Array;
}

export interface Profile {
  readonly length: number;
  /** One entry per order, 1 to 4. */
  readonly grams: readonly Grams[];
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

/** Gives tokens and n-grams numbers that hold for all texts it has seen. */
export class Profiler {
  private readonly tokens = new Map<string, number>();
  private readonly ids = Array.from({ length: ORDERS }, () => new Map<number, number>());

  profile(tokens: readonly string[]): Profile {
    const words = tokens.map((token) => intern(this.tokens, token));
    const grams: Grams[] = [];
    let prefixes = words;
    for (let order = 1; order <= ORDERS; order++) {
      const ids = this.ids[order - 1] as Map<number, number>;
      const current: number[] = [];
      for (let i = 0; i + order <= words.length; i++) {
        const last = words[i + order - 1] as number;
        current.push(intern(ids, order === 1 ? last : (prefixes[i] as number) * PAIR + last));
      }
      grams.push(counted(current));
      prefixes = current;
    }
    return { length: words.length, grams };
  }
}

function counted(occurrences: readonly number[]): Grams {
  const sorted = Int32Array.from(occurrences).sort();
  const ids: number[] = [];
  const counts: number[] = [];
  for (const id of sorted) {
    if (ids[ids.length - 1] === id) (counts[counts.length - 1] as number)++;
    else {
      ids.push(id);
      counts.push(1);
    }
  }
  return { ids: Int32Array.from(ids), counts: Int32Array.from(counts) };
}

/** Answers "how far is this text from each text added so far". */
class BleuIndex {
  /** Per order and n-gram: text, count, text, count, … */
  private readonly postings: number[][][] = Array.from({ length: ORDERS }, () => []);
  private readonly lengths: number[] = [];
  private matches = new Int32Array(0);

  constructor(private readonly smoothing: BleuSmoothing) {}

  get size(): number {
    return this.lengths.length;
  }

  add(profile: Profile): void {
    const text = this.lengths.push(profile.length) - 1;
    profile.grams.forEach((grams, order) => {
      const lists = this.postings[order] as number[][];
      grams.ids.forEach((id, k) => (lists[id] ??= []).push(text, grams.counts[k] as number));
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
      const { ids, counts } = profile.grams[order] as Grams;
      for (let k = 0; k < ids.length; k++) {
        const list = lists[ids[k] as number];
        if (list === undefined) continue;
        const count = counts[k] as number;
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

/** Clipped matches of two profiles in one order. */
function matchesOf(a: Grams, b: Grams): number {
  let matches = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length;) {
    const difference = (a.ids[i] as number) - (b.ids[j] as number);
    if (difference === 0) matches += Math.min(a.counts[i++] as number, b.counts[j++] as number);
    else if (difference < 0) i++;
    else j++;
  }
  return matches;
}

/** The symmetrised distance of two texts profiled together. */
export function profileDistance(a: Profile, b: Profile, smoothing: BleuSmoothing): number {
  const matches = a.grams.map((grams, order) => matchesOf(grams, b.grams[order] as Grams));
  return 1 - (bleuOf(a.length, b.length, matches, smoothing) + bleuOf(b.length, a.length, matches, smoothing)) / 2;
}

/** No distance between texts of these lengths with these matches of order 4 is smaller: all shorter n-grams match. */
export function leastDistance(a: number, b: number, fours: number, smoothing: BleuSmoothing): number {
  const shorter = Math.min(a, b);
  const matches = [shorter, Math.max(shorter - 1, 0), Math.max(shorter - 2, 0), fours];
  return 1 - (bleuOf(a, b, matches, smoothing) + bleuOf(b, a, matches, smoothing)) / 2;
}

/** BLEU-4 of one hypothesis against one reference, in [0, 1]. */
export function sentenceBleu(
  hypothesis: readonly string[],
  reference: readonly string[],
  smoothing: BleuSmoothing,
): number {
  const profiler = new Profiler();
  const [a, b] = [profiler.profile(hypothesis), profiler.profile(reference)];
  const matches = a.grams.map((grams, order) => matchesOf(grams, b.grams[order] as Grams));
  return bleuOf(a.length, b.length, matches, smoothing);
}

/** Symmetrised distances between all texts, (n, n) row-major; the diagonal is 0. */
export function bleuDistances(texts: readonly (readonly string[])[], smoothing: BleuSmoothing): Float64Array {
  const n = texts.length;
  const distances = new Float64Array(n * n);
  const profiler = new Profiler();
  const index = new BleuIndex(smoothing);
  texts.forEach((tokens, i) => {
    const profile = profiler.profile(tokens);
    index.distances(profile, distances, i * n);
    index.add(profile);
  });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) distances[j * n + i] = distances[i * n + j] as number;
  return distances;
}
