/**
 * The diversity filter between generation and labelling: which questions repeat an earlier one, exactly, in normal form,
 * or as a near copy. The earlier question stays.
 *
 * Near copies are found by leaders: a question joins the nearest leader within the threshold, else it becomes a leader.
 * Unlike average linkage this needs no n × n matrix, so N = 8,000 fits in memory that grows only with the text.
 */
import { BleuIndex, type BleuSmoothing } from './rewards/bleu.js';

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

class Leaders {
  private readonly index: BleuIndex;
  private readonly items: number[] = [];
  private readonly members: number[] = [];
  private distances = new Float64Array(256);

  constructor(private readonly options: DiversityOptions) {
    this.index = new BleuIndex(options.smoothing);
  }

  place(question: string, item: number): DiversityVerdict {
    const profile = this.index.profile(this.options.bleuTokens(question));
    const count = this.items.length;
    if (this.distances.length < count) this.distances = new Float64Array(2 * count);
    this.index.distances(profile, this.distances);
    let nearest = -1;
    let distance = this.options.threshold;
    for (let k = 0; k < count; k++) {
      const d = this.distances[k] as number;
      if (d < distance || (d === distance && nearest < 0)) {
        nearest = k;
        distance = d;
      }
    }
    if (nearest < 0) {
      this.index.add(profile);
      this.items.push(item);
      this.members.push(1);
      return KEPT;
    }
    const members = (this.members[nearest] as number) + 1;
    this.members[nearest] = members;
    if (members <= this.options.keepPerCluster) return KEPT;
    return { kept: false, reason: 'cluster duplicate', of: this.items[nearest] as number };
  }
}
