/**
 * Where an evaluation learns whether an answer is the right one. Deciding may take other processes and their deadlines, so it
 * may be waited for; what cannot be decided is said to be undecided and counts as neither right nor wrong.
 */
import type { Verdict } from '../../preload/contract/answers.js';
import type { SolverTask } from '../domains/domain.js';
import type { AnswerEquality } from '../grading/equality.js';

export interface AnswerPair {
  readonly truth: string;
  /** The final answer as it was written. */
  readonly answer: string;
}

export interface Decision {
  readonly verdict: Verdict;
  /** Why it is undecided; null where it is decided. */
  readonly reason: string | null;
}

/** A decision for each pair, in their order. Asked again about the same pairs it must say the same. */
export type Decide = (
  task: SolverTask,
  pairs: readonly AnswerPair[],
) => readonly Decision[] | Promise<readonly Decision[]>;

/** By the task's own rule or by canonical form: exact for numbers and choices, and never undecided. */
export const decideByForm: Decide = (task, pairs) =>
  pairs.map(({ truth, answer }) => {
    const right = task.isRight?.(answer, truth) ?? task.canonicalAnswer(answer) === task.canonicalAnswer(truth);
    return { verdict: right ? 'equal' : 'different', reason: null };
  });

/** By algebra where a task's answers are mathematics and its authors have no rule of their own; else as above. */
export function decideByAlgebra(algebra: AnswerEquality): Decide {
  return async (task, pairs) => {
    if (task.answers !== 'math' || task.isRight) return decideByForm(task, pairs);
    const compared = await algebra.compare(pairs.map(({ truth, answer }) => ({ gold: truth, pred: answer })));
    return compared.map(({ verdict, reason }) => ({ verdict, reason: verdict === 'undecided' ? reason : null }));
  };
}
