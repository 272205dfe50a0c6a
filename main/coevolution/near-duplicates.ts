/**
 * The diversity filter between generation and labelling: which questions repeat an earlier one, exactly, in normal form,
 * or as a near copy. The earlier question stays.
 *
 * Near copies are found by leaders: a question joins the nearest leader within the threshold, else it becomes a leader.
 * Unlike average linkage this needs no n × n matrix, so N = 8,000 fits in memory that grows only with the text.
 */
import {
  type BleuSmoothing,
  type Grams,
  leastDistance,
  type Profile,
  profileDistance,
  Profiler,
} from './rewards/bleu.js';

export type DuplicateReason = 'exact duplicate' | 'same normal form' | 'cluster duplicate';

export type DiversityVerdict =
  | { readonly kept: true }
  /** `of` is the index of the earlier question that this one repeats. */
  | { readonly kept: false; readonly reason: DuplicateReason; readonly of: number };

export interface DiversityOptions {
  normalise(question: string): string;
  bleuTokens(question: string): readonly string[];
  readonly smoothing: BleuSmoothing;
  /** BLEU distance up to which questions are the same; 0 looks for exact and normalised duplicates only. */
  readonly threshold: number;
  readonly keepPerCluster: number;
}

const KEPT: DiversityVerdict = { kept: true };

export function nearDuplicates(questions: readonly string[], options: DiversityOptions): DiversityVerdict[] {
  const exact = new Map<string, number>();
  const normal = new Map<string, number>();
  const leaders = options.threshold > 0 ? new Leaders(options) : null;
  return questions.map((question, i) => {
    const same = exact.get(question);
    if (same !== undefined) return { kept: false, reason: 'exact duplicate', of: same };
    exact.set(question, i);
    const form = options.normalise(question);
    const alike = normal.get(form);
    if (alike !== undefined) return { kept: false, reason: 'same normal form', of: alike };
    normal.set(form, i);
    return leaders === null ? KEPT : leaders.place(question, i);
  });
}

/**
 * Leaders by the 4-grams they hold. What two texts can be at their closest follows from their lengths and the 4-grams
 * they share, and few pairs share any: only pairs that could lie within the threshold are compared in full.
 */
class Leaders {
  private readonly profiler = new Profiler();
  private readonly profiles: Profile[] = [];
  private readonly items: number[] = [];
  private readonly members: number[] = [];
  /** Per 4-gram: leader, count, leader, count, … */
  private readonly postings: number[][] = [];
  private fours = new Int32Array(256);
  private readonly least = new Map<number, number>();

  constructor(private readonly options: DiversityOptions) {}

  place(question: string, item: number): DiversityVerdict {
    const profile = this.profiler.profile(this.options.bleuTokens(question));
    const leader = this.nearest(profile);
    if (leader === null) {
      this.add(profile, item);
      return KEPT;
    }
    const members = (this.members[leader] as number) + 1;
    this.members[leader] = members;
    if (members <= this.options.keepPerCluster) return KEPT;
    return { kept: false, reason: 'cluster duplicate', of: this.items[leader] as number };
  }

  private add(profile: Profile, item: number): void {
    const leader = this.profiles.push(profile) - 1;
    this.items.push(item);
    this.members.push(1);
    const { ids, counts } = profile.grams[3] as Grams;
    ids.forEach((id, k) => (this.postings[id] ??= []).push(leader, counts[k] as number));
    if (this.fours.length <= leader) this.fours = new Int32Array(2 * leader);
  }

  /** The nearest leader within the threshold; of equally near ones, the first. */
  private nearest(profile: Profile): number | null {
    const { smoothing, threshold } = this.options;
    this.countFours(profile);
    let nearest: number | null = null;
    let distance = threshold;
    for (let leader = 0; leader < this.profiles.length; leader++) {
      const other = this.profiles[leader] as Profile;
      if (this.leastDistance(profile.length, other.length, this.fours[leader] as number) > distance) continue;
      const d = profileDistance(profile, other, smoothing);
      if (d < distance || (d === distance && nearest === null)) {
        nearest = leader;
        distance = d;
      }
    }
    return nearest;
  }

  private countFours(profile: Profile): void {
    this.fours.fill(0, 0, this.profiles.length);
    const { ids, counts } = profile.grams[3] as Grams;
    for (let k = 0; k < ids.length; k++) {
      const list = this.postings[ids[k] as number] ?? [];
      for (let i = 0; i < list.length; i += 2) {
        const leader = list[i] as number;
        this.fours[leader] = (this.fours[leader] as number) + Math.min(list[i + 1] as number, counts[k] as number);
      }
    }
  }

  /** Bounds without a shared 4-gram are the common case and depend on the two lengths alone. */
  private leastDistance(a: number, b: number, fours: number): number {
    if (fours > 0) return leastDistance(a, b, fours, this.options.smoothing);
    const pair = a * 65536 + b;
    let least = this.least.get(pair);
    if (least === undefined) {
      least = leastDistance(a, b, 0, this.options.smoothing);
      this.least.set(pair, least);
    }
    return least;
  }
}
