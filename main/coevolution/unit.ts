/**
 * A unit is the smallest piece of work that is committed whole: one training step, one chunk of a long phase. A phase
 * yields units; whoever drives the loop commits each one's rows with a checkpoint, and may stop between any two.
 * Rows are final when they are yielded: nothing is updated later, so a rolled-back unit can be made again identically.
 */
import type { Evaluation, EventBody, Phase } from '../../preload/contract/events.js';
import type { Overlap } from '../benchmarks/contamination.js';
import type { EvaluatedQuestion } from '../benchmarks/evaluate.js';
import type { AppliedCorrection } from './corrections/apply.js';
import type { LoopState } from './state.js';

export interface AnswerRecord {
  /** `vote` on the question, `rewrite` on its rewritten form, `solver` a training rollout. */
  readonly source: 'vote' | 'rewrite' | 'solver';
  readonly sample: number;
  readonly text: string;
  readonly answer: string | null;
  readonly canonical: string | null;
  readonly finish: 'stop' | 'length';
  readonly tokens: number;
  readonly reward: number | null;
  readonly advantage: number | null;
}

/** A question's whole fate. */
export interface QuestionRecord {
  readonly step: number;
  readonly item: number;
  readonly raw: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
  readonly question: string | null;
  readonly normalForm: string | null;
  /** The Challenger's own answer, where its format asks for one. */
  readonly claimedAnswer: string | null;
  readonly invalidReason: string | null;
  /** With a question of a benchmark. */
  readonly overlap: Overlap | null;
  /** The item of this step whose question this one repeats; its votes are stored there. */
  readonly sameAs: number | null;
  readonly difficulty: number | null;
  readonly topic: string | null;
  readonly cluster: number | null;
  readonly clusterSize: number | null;
  /** Answers asked for on the question itself, also where those of the question it repeats were taken. */
  readonly votes: number | null;
  readonly pHat: number | null;
  /** What most of those votes say; the label may rest on more. */
  readonly majority: string | null;
  readonly label: string | null;
  readonly labelShare: number | null;
  readonly labelMethod: string | null;
  /** The rewritten form whose votes were pooled in. */
  readonly rewrite: string | null;
  readonly reward: number | null;
  readonly uncertainty: number | null;
  readonly repetition: number | null;
  readonly advantage: number | null;
  readonly kept: boolean | null;
  readonly dropReason: string | null;
  readonly oracle: string | null;
  readonly labelCorrect: boolean | null;
  readonly answers: readonly AnswerRecord[];
}

/** A kept question trained on in a Solver step, with its rollouts. `item` is its item in the curriculum. */
export interface UseRecord {
  readonly step: number;
  readonly item: number;
  /** Distinguishes uses when a small curriculum gives one step the same question twice. */
  readonly slot: number;
  readonly rollouts: readonly AnswerRecord[];
}

export interface EvaluationAnswerRecord extends EvaluatedQuestion {
  readonly benchmark: string;
}

/** What a corrector changed in the Solver's data. `item` is the question's item in the curriculum. */
export interface CorrectionRecord extends AppliedCorrection {
  readonly source: string;
}

export interface CorrectionRoundRecord {
  readonly source: string;
  readonly removed: number;
  readonly relabelled: number;
  readonly remaining: number;
}

export interface UnitRows {
  readonly questions?: readonly QuestionRecord[];
  readonly uses?: readonly UseRecord[];
  readonly metrics?: Readonly<Record<string, number>>;
  readonly evaluationAnswers?: readonly EvaluationAnswerRecord[];
  readonly evaluations?: readonly Evaluation[];
  readonly corrections?: readonly CorrectionRecord[];
  readonly correctionRounds?: readonly CorrectionRoundRecord[];
}

export interface Unit {
  readonly iteration: number;
  readonly phase: Phase;
  /** The unit's ordinal in its phase, from 0; -1 for what is decided before its first step. */
  readonly step: number;
  readonly rows: UnitRows;
  readonly events: readonly EventBody[];
  /** The state after this unit. */
  readonly state: LoopState;
  /** Whether a checkpoint here is worth its time even if the interval has not passed (phase and iteration ends). */
  readonly milestone: boolean;
  /** Rests on what may be otherwise when asked again: committed with a checkpoint, so that it is not. */
  readonly decision?: boolean;
}
