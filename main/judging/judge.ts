/**
 * Grades answers: at a glance in this process, and what that leaves open by algebra in another, which is started when the first such
 * pair comes. Verdicts keep their order whatever a pair does.
 */
import type { AnswerEquality, AnswerGroup, AnswerPair, Compared } from '../grading/equality.js';
import { canDiffer, glance, type Graded, type GradeOptions, gradePair } from '../grading/grade.js';
import { type AlgebraLimits, AlgebraProcess, DEFAULT_LIMITS } from './algebra-process.js';

/** Where a verdict rewards or is recorded: long, so that what only a busy machine delays does not become undecided. */
export const RECORDED_DEADLINE_MS = 20_000;

export interface JudgeOptions extends Partial<AlgebraLimits> {
  /** The built program of the process; default is the one of this package. */
  readonly file?: string;
}

/** Undecided pairs of one group of answers are few; groups are asked about side by side. */
export class Judge implements AnswerEquality {
  private readonly algebra: AlgebraProcess;

  constructor({ file, ...limits }: JudgeOptions = {}) {
    this.algebra = new AlgebraProcess({ ...DEFAULT_LIMITS, ...limits }, file);
  }

  /** Either text may be a whole output of a model. At once where a glance decides. */
  grade(gold: string, pred: string, options: GradeOptions = {}): Graded | Promise<Graded> {
    const { open, ...graded } = gradePair(gold, pred, options);
    if (!open || !graded.gold || !graded.pred) return graded;
    return this.algebra.ask(graded.gold.text, graded.pred.text).then((judged) => ({ ...graded, ...judged }));
  }

  async compare(pairs: readonly AnswerPair[]): Promise<Compared[]> {
    return Promise.all(
      pairs.map(async ({ gold, pred }) => {
        const { verdict, reason, open } = glance(gold, pred);
        return open ? this.algebra.ask(gold, pred) : { verdict, reason };
      }),
    );
  }

  async unify(groups: readonly AnswerGroup[]): Promise<(string | null)[][]> {
    return Promise.all(groups.map((group) => this.unifyOne(group)));
  }

  close(): Promise<void> {
    return this.algebra.close();
  }

  private async unifyOne(group: AnswerGroup): Promise<(string | null)[]> {
    const first = new Map<string, string>();
    const firsts: string[] = [];
    for (const form of group) {
      if (form === null || first.has(form)) continue;
      const same = await this.firstEqual(firsts, form);
      first.set(form, same ?? form);
      if (same === null) firsts.push(form);
    }
    return group.map((form) => (form === null ? null : (first.get(form) as string)));
  }

  private async firstEqual(firsts: readonly string[], form: string): Promise<string | null> {
    const open = firsts.filter((other) => !canDiffer(other, form));
    const verdicts = await Promise.all(open.map((other) => this.algebra.ask(other, form)));
    return open[verdicts.findIndex(({ verdict }) => verdict === 'equal')] ?? null;
  }
}
