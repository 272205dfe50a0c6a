/**
 * What trainers need computed over micro-batches. Two kinds of steps do it: for narrow models the whole model is one traced
 * function, dealt to the cores (`whole-steps.ts`); for wide ones a block is, shared by all layers, and what a backward
 * pass needs is kept or computed again block by block (`block-steps.ts`).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { TokenSample } from './batches.js';
import type { RowLoss } from './logprobs.js';
import type { RowPlan } from './row-plan.js';

/** A micro-batch on the device, in the layout of the steps that made it. */
export interface DeviceBatch {
  readonly plan: RowPlan;
  readonly inputs: readonly tf.Tensor[];
}

export function disposeBatch({ inputs }: DeviceBatch): void {
  tf.dispose([...inputs]);
}

/** The weights of a network: those that are learnt, and before them those that are not (with LoRA, the base's). */
export interface SplitWeights {
  readonly frozen: readonly tf.Tensor[];
  readonly trained: readonly tf.Tensor[];
}

export const allWeights = ({ frozen, trained }: SplitWeights): tf.Tensor[] => [...frozen, ...trained];

export interface LossShape {
  /** Identifies the loss in the names of compiled steps. */
  readonly name: string;
  /** Per-row inputs (N) of the loss. */
  readonly extras: number;
  /** Makes the loss from its coefficients, a tensor that may change between calls. */
  readonly rowLoss: (coefficients: tf.Tensor) => RowLoss;
}

export interface GradientInput {
  readonly batch: DeviceBatch;
  readonly extras: readonly tf.Tensor[];
  readonly coefficients: tf.Tensor;
  /** (2) int32, for what adapters leave out; needed where the config has dropout. */
  readonly seed?: tf.Tensor1D | undefined;
  readonly weights: SplitWeights;
  /** Gradients so far of the trained weights, in their order. Taken over: the step may write into them, and disposes them. */
  readonly accumulated: readonly tf.Tensor[];
}

export interface GradientResult {
  /** The loss's sums (see `headLoss`). */
  readonly sums: tf.Tensor;
  readonly gradients: tf.Tensor[];
}

/** Forward and backward over several micro-batches side by side, as many as there are lanes; each adds to gradients of its own. */
export type GradientStep = (inputs: readonly GradientInput[]) => GradientResult[];

/** Log-probabilities (N) of each micro-batch's rows under a whole network: all its tensors, or the base's alone, the adapter off. */
export type LogProbStep = (batches: readonly DeviceBatch[], weights: readonly tf.Tensor[]) => tf.Tensor[];

export interface CutLimits {
  readonly padToken: number;
  /** Samples of one prompt stand behind one copy of it, where the steps can; else each stands alone. */
  readonly sharePrompts: boolean;
  /** Tokens of a line that several samples share; null: each has a line of its own. */
  readonly packInto: number | null;
}

export interface TrainingSteps {
  /** Micro-batches to work on side by side. */
  readonly lanes: number;
  /** The samples as micro-batches on the device, which belong to the caller. */
  cut(samples: readonly TokenSample[], limits: CutLimits): DeviceBatch[];
  gradients(loss: LossShape): GradientStep;
  readonly logProbs: LogProbStep;
}
