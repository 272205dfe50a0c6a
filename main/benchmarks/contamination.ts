/**
 * Whether a generated question is one of a benchmark's, exactly or nearly: what is neither may teach a model.
 *
 * Exactly: equal in the domain's normal form, or a rewritten form of one where the domain knows rewriting. Nearly: more than
 * half of the benchmark question's words lie in runs of `overlapWords` words that both have, in any case and without
 * punctuation. That is the rule by which Tülu 3's training data were cleaned (Lambert et al. 2024, arXiv 2411.15124,
 * section 3.2: runs of 8, more than 50 %). A single common run, as GPT-3's 13 words (arXiv 2005.14165, appendix C), is meant for
 * documents that may quote a test; short questions share runs such as "how many different ways are there to choose" without
 * being the same. A question of fewer words than a run, or of a domain without words, can only be the same exactly.
 *
 * An index makes the time of a question proportional to its length, however many benchmark questions there are.
 */
import type { Domain } from '../domains/domain.js';
import type { Benchmark } from './benchmark.js';
import { filterOf } from './held-out.js';

export type Overlap = 'exact' | 'near';

type OverlapDomain = Pick<Domain, 'name' | 'normaliseQuestion' | 'rewriteClass' | 'overlapWords'>;

const SHARE = 0.5;
/** A run in more benchmark questions than this is the form in which they are put, such as how to answer, and no overlap. */
const COMMON = 50;
/** Words of a benchmark question that are looked at; positions are packed below it. */
const MOST_WORDS = 4096;

/** How a question overlaps with one of these benchmarks; null: not at all. */
export function overlapWith(
  domain: OverlapDomain,
  benchmarks: readonly Benchmark[],
): (question: string) => Overlap | null {
  const isExact = filterOf(domain, benchmarks);
  const { overlapWords: n } = domain;
  const isNear =
    n === null
      ? () => false
      : new RunIndex(
          benchmarks.flatMap(({ questions }) => questions.map(({ question }) => question)),
          n,
        ).isNear;
  return (question) => (isExact(question) ? 'exact' : isNear(question) ? 'near' : null);
}

/** Letters and digits in lower case; what stands between them only parts words. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Where each run of n words occurs in the benchmark questions. */
class RunIndex {
  private readonly words = new Map<string, number>();
  /** By run: question * MOST_WORDS + position. */
  private readonly places = new Map<number, number[]>();
  private readonly lengths: number[];

  constructor(
    questions: readonly string[],
    private readonly n: number,
  ) {
    this.lengths = questions.map((question, q) => {
      const words = wordsOf(question).slice(0, MOST_WORDS);
      const ids = words.map((word) => this.words.get(word) ?? this.name(word));
      this.runsOf(ids).forEach((run, position) => {
        const place = q * MOST_WORDS + position;
        const known = this.places.get(run);
        if (!known) this.places.set(run, [place]);
        else if (known.length <= COMMON) known.push(place);
      });
      return ids.length;
    });
  }

  readonly isNear = (question: string): boolean => {
    const starts = new Map<number, Set<number>>();
    const ids = wordsOf(question).map((word) => this.words.get(word) ?? -1);
    for (const run of this.runsOf(ids)) {
      const places = this.places.get(run);
      if (!places || places.length > COMMON) continue;
      for (const place of places) {
        const q = Math.floor(place / MOST_WORDS);
        const known = starts.get(q) ?? new Set();
        starts.set(q, known.add(place % MOST_WORDS));
      }
    }
    return [...starts].some(([q, at]) => this.covered(at) > SHARE * (this.lengths[q] as number));
  };

  /** Words of a benchmark question that lie in runs which begin at these positions. */
  private covered(starts: ReadonlySet<number>): number {
    let end = 0;
    let words = 0;
    for (const start of [...starts].sort((a, b) => a - b)) {
      words += start + this.n - Math.max(start, end);
      end = start + this.n;
    }
    return words;
  }

  private name(word: string): number {
    const id = this.words.size;
    this.words.set(word, id);
    return id;
  }

  /** A number for each run of n words, of 53 bits: two runs that differ share one once in 10¹⁵. */
  private runsOf(ids: readonly number[]): number[] {
    return Array.from({ length: Math.max(0, ids.length - this.n + 1) }, (_, i) => {
      let [a, b] = [0x811c9dc5, 0x9e3779b9];
      for (let j = i; j < i + this.n; j++) {
        const id = (ids[j] as number) + 2;
        a = Math.imul(a ^ id, 0x01000193) ^ (a >>> 15);
        b = Math.imul(b ^ id, 0x85ebca6b) ^ (b >>> 13);
      }
      return (a >>> 0) * 0x200000 + (b >>> 11);
    });
  }
}
