/**
 * Where models live and learn. The loop speaks only of roles, prompts, completions and updates; whether a policy is a
 * tfjs model in this process or a trainer and a vLLM server on a cluster is the executor's matter.
 */
import type { GrpoRecipe, OptimiserRecipe, SamplingRecipe } from '../../preload/contract/recipe.js';
import type { RolloutWork } from '../../preload/contract/recipe-rollouts.js';
import type { RandomKey } from '../lib/random.js';

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Plain text for a base model, messages for a model with a chat template. */
export type Prompt =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'chat'; readonly messages: readonly ChatTurn[] };

export interface SampleRequest {
  readonly prompt: Prompt;
  /** Completions wanted; the prompt is prefilled once for all of them. */
  readonly samples: number;
  /** Sample j draws from `key.child(j)`. */
  readonly key: RandomKey;
}

export interface Completion {
  /** Decoded text without the stop token; other special tokens are kept, for they may carry the format. */
  readonly text: string;
  /** Token ids, the stop token included when there was one. */
  readonly tokens: readonly number[];
  /** `length` when the limit cut it off. */
  readonly finish: 'stop' | 'length';
  /** Of each token, where another program than the one that learns drew it: the policy it is learnt from is that one. */
  readonly logprobs?: readonly number[];
}

/** One of the completions under way, as text. */
export interface SampledText {
  /** Which request it answers. */
  readonly request: number;
  readonly text: string;
  readonly tokens: number;
  /** Null while it is being written. */
  readonly finish: Completion['finish'] | null;
}

export interface SampleProgress {
  readonly finished: number;
  readonly total: number;
  readonly tokens: number;
  /** A completion worth showing: one that has just been finished, or else one being written. Costs its decoding. */
  readonly latest?: () => SampledText | null;
}

export interface SampleOptions {
  /** What the completions are for: a recipe may have some of it sampled elsewhere. */
  readonly work: RolloutWork;
  readonly sampling: SamplingRecipe; // temperature 0 is greedy
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SampleProgress) => void;
}

/** One rollout with its advantage (GRPO). `prompt` and `completion` are what `sample` took and gave. */
export interface TrainingSample {
  readonly prompt: Prompt;
  readonly completion: Completion;
  readonly advantage: number;
}

/** Means over completion tokens, unless named otherwise. */
export interface UpdateMetrics {
  readonly loss: number;
  readonly kl: number;
  readonly entropy: number;
  readonly clippedFraction: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly tokens: number;
  /** Samples with a non-zero advantage; the others teach nothing and are skipped. */
  readonly trainedSamples: number;
}

export interface PhaseConfig {
  readonly optimiser: OptimiserRecipe;
  readonly grpo: GrpoRecipe;
  /** Tokens that a rollout may have behind its prompt. */
  readonly newTokens: number;
  /** Optimiser schedule: steps of the whole phase, and how many of them are done. */
  readonly steps: number;
  readonly done: number;
}

/** A role's model. A phase is: `beginPhase`, then any number of `sample` and `update`. */
export interface Policy {
  /** Tokens of a prompt, and how many the model reads; a prompt that leaves no room for an answer cannot be sampled. */
  lengthOf?(prompt: Prompt): { readonly tokens: number; readonly limit: number };
  sample(requests: readonly SampleRequest[], options: SampleOptions): Promise<Completion[][]>;
  /**
   * Fixes the KL reference at the present weights and starts a fresh optimiser; or, where `done` steps of the phase are
   * already behind a restored policy, goes on with the reference and the optimiser that were restored.
   */
  beginPhase(config: PhaseConfig): Promise<void>;
  /** One optimiser step (or `minibatches` of them) over freshly sampled rollouts. */
  update(batch: readonly TrainingSample[], signal?: AbortSignal): Promise<UpdateMetrics>;
  /** Releases the reference and the optimiser. */
  endPhase(): void;
}

/** What is to be learnt by heart: this completion behind this prompt. */
export interface SupervisedExample {
  readonly prompt: Prompt;
  readonly completion: string;
}

/** The same in tokens; the completion ends with the token that ends a text. */
export interface LearnerSequence {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

export interface LearnerConfig {
  readonly optimiser: OptimiserRecipe;
  readonly microBatchTokens: number | 'auto';
  /** Tokens of the longest sequence where several share a row; null: each has a row of its own. */
  readonly packInto: number | null;
  /** Tokens of the longest sequence. */
  readonly longest: number;
  /** Optimiser steps in all, and how many of them are done. */
  readonly steps: number;
  readonly done: number;
}

/** Means over completion tokens. */
export interface LearnerMetrics {
  readonly loss: number;
  readonly entropy: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Of completions: those that are learnt. */
  readonly tokens: number;
  /** Of all that went through the model, the share that was no padding. */
  readonly filled: number;
}

/**
 * Supervised fine-tuning of the one model that both roles are copies of, before the loop: `begin`, any number of `step`,
 * `evaluate` and `keep`, then `end`, after which both roles have what came out.
 */
export interface Learner {
  /** Tokens of the longest sequence the model takes. */
  readonly maxLength: number;
  encode(example: SupervisedExample): LearnerSequence;
  /** Starts a fresh optimiser; or, where steps are done already, goes on with what was restored. */
  begin(config: LearnerConfig): Promise<void>;
  step(sequences: readonly LearnerSequence[], signal?: AbortSignal): Promise<LearnerMetrics>;
  /** Mean negative log-probability of a completion token, in nats. */
  evaluate(sequences: readonly LearnerSequence[], signal?: AbortSignal): Promise<number>;
  /** Sets the present weights aside, in the place of those set aside before. */
  keep(): void;
  /** Both roles begin with the weights set aside, or with the present ones. */
  end(weights: 'kept' | 'present'): void;
}

/** A file of a checkpoint. A part whose version stands in the previous checkpoint too need not be written again. */
export interface SnapshotPart {
  /** `challenger`, `solver`, `reference`, … */
  readonly name: string;
  /** Equal versions have equal bytes; unique within a run. */
  readonly version: string;
  /** Writes the part durably (fsync) and returns its size in bytes. */
  write(path: string): Promise<number>;
}

/** Weights of both roles and, within a phase, its reference and optimiser. */
export interface Snapshot {
  readonly parts: readonly SnapshotPart[];
  /** Plain JSON. */
  readonly state: unknown;
}

export interface Executor {
  readonly learner: Learner;
  readonly challenger: Policy;
  readonly solver: Policy;
  snapshot(): Snapshot;
  /** Takes back a snapshot; `parts` maps part names to files. */
  restore(parts: ReadonlyMap<string, string>, state: unknown): Promise<void>;
  dispose(): void;
}
