/**
 * Everything a run knows besides weights and optimiser moments, as plain JSON: a checkpoint is this and the executor's
 * snapshot, and a resumed run starts from nothing else. Rows in the database are written, never read back by the loop.
 */
import type { Funnel, IterationSummary } from '../../preload/contract/events.js';
import type { Cursor } from '../../preload/contract/runs.js';

/** A question with its pseudo-label, as the Solver trains on it. `item` names its row in the record. */
export interface LabelledQuestion {
  readonly item: number;
  readonly question: string;
  readonly label: string;
  /** Share of the majority answer among the votes. */
  readonly share: number;
}

/** A question that was generated, valid and not yet labelled. */
export interface Candidate {
  readonly item: number;
  readonly raw: string;
  readonly question: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
  /** The Challenger's own answer, where its format asks for one. */
  readonly claimedAnswer: string | null;
  /** Drawn for it, where the domain draws topics. */
  readonly topic?: string;
}

/** A curriculum in the making. */
export interface CurriculumDraft {
  readonly generated: number;
  readonly valid: number;
  /** In the order they will be labelled in, once `distinct` is set. */
  readonly candidates: readonly Candidate[];
  readonly distinct: number | null;
  readonly labelled: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly difficultySum: number;
  readonly uncertaintySum: number;
  readonly kept: readonly LabelledQuestion[];
  /** How many kept labels an oracle called right, of how many it looked at. Measured, never used. */
  readonly oracleRight: number;
  readonly oracleSeen: number;
}

/** Per-question results of an evaluation in the making: what intervals are computed from. */
export interface EvaluationTally {
  readonly benchmark: string;
  readonly index: number;
  readonly difficulty: number | null;
  /** Null where it could not be decided. */
  readonly greedy: boolean | null;
  /** Right answers among the k samples. */
  readonly right: number;
  /** Of the k samples; none where it is left out. */
  readonly undecided?: number;
}

export interface LoopState {
  readonly cursor: Cursor;
  readonly draft: CurriculumDraft | null;
  readonly curriculum: readonly LabelledQuestion[];
  /** What became of this iteration's questions, once its curriculum is finished. */
  readonly funnel: Funnel | null;
  readonly tallies: readonly EvaluationTally[];
  readonly summaries: readonly IterationSummary[];
  /** Set when a guard ended the run early. */
  readonly stopped: string | null;
  /** Why the run is to return to its best checkpoint; null once it has, or where it need not. */
  readonly rollback: string | null;
}

export const EMPTY_DRAFT: CurriculumDraft = {
  generated: 0,
  valid: 0,
  candidates: [],
  distinct: null,
  labelled: 0,
  dropped: {},
  difficultySum: 0,
  uncertaintySum: 0,
  kept: [],
  oracleRight: 0,
  oracleSeen: 0,
};

export function initialState(): LoopState {
  return {
    cursor: { iteration: 0, phase: 'baseline', step: 0 },
    draft: null,
    curriculum: [],
    funnel: null,
    tallies: [],
    summaries: [],
    stopped: null,
    rollback: null,
  };
}
