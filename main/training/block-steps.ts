/**
 * Training steps of wide models, block by block: each block is one compiled function that serves all layers, so tracing is
 * quick and memory is known. The forward pass keeps every block's input, and of its inside what `kept` allows; the backward
 * pass goes through the blocks again from what was kept (gradient checkpointing, arXiv 1604.06174).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import type { ModelConfig } from '../model/config.js';
import { layerTensors, outerWeights } from '../model/layer.js';
import { dropoutAt, seedOf } from '../model/dropout.js';
import { lookUp } from '../model/embedding.js';
import type { TokenSample } from './batches.js';
import { blockFunctions, type BlockFunctions } from './block-functions.js';
import { sharedBatches, unsharedBatches, type BranchBatch } from './branches.js';
import { HeadSteps } from './head-steps.js';
import { networkOf, trainedPlaces } from './places.js';
import { addRows } from './rows.js';
import {
  allWeights,
  type CutLimits,
  type DeviceBatch,
  type GradientInput,
  type GradientResult,
  type GradientStep,
  type LogProbStep,
  type LossShape,
  type TrainingSteps,
} from './steps.js';
import type { Kept, WorkSize } from '../sizes/work-size.js';

/** A batch on its way up: the input of every block (or of the next one only), and what blocks kept. */
interface Passed {
  readonly context: tf.Tensor[];
  readonly states: tf.Tensor[];
  readonly kept: tf.Tensor[][];
}

export class BlockSteps implements TrainingSteps {
  readonly lanes = 1;
  private readonly head: HeadSteps;

  constructor(
    private readonly compute: Compute,
    private readonly c: ModelConfig,
    private readonly size: WorkSize,
  ) {
    this.head = new HeadSteps(compute, c);
  }

  cut(samples: readonly TokenSample[], { padToken, sharePrompts, packInto }: CutLimits): DeviceBatch[] {
    const limits = { tokens: this.size.tokens, maxPositions: this.c.maxPositions, padToken };
    const plans = sharePrompts
      ? sharedBatches(samples, limits)
      : unsharedBatches(samples, packInto === null ? limits : { ...limits, lineLength: packInto });
    return plans.map(toDevice);
  }

  readonly logProbs: LogProbStep = (batches, weights) =>
    batches.map((batch) => {
      const { context, states } = this.ascend(batch, weights, { kept: null, seeds: [] });
      try {
        return this.head.logProbs({ states: states[0] as tf.Tensor2D, plan: planOf(batch), weights });
      } finally {
        tf.dispose([context, states]);
      }
    });

  gradients(loss: LossShape): GradientStep {
    return (inputs) => inputs.map((input) => this.gradientsOf(input, loss));
  }

  private gradientsOf(input: GradientInput, loss: LossShape): GradientResult {
    const { batch } = input;
    const weights = allWeights(input.weights);
    const gradients = [...input.accumulated];
    const seeds = seedOf(this.c, input.seed);
    const passed = this.ascend(batch, weights, { kept: this.size.kept, seeds });
    try {
      const states = passed.states.pop() as tf.Tensor2D;
      const { sums, dx: top } = this.head.gradients(loss, { ...input, states, plan: planOf(batch), gradients });
      states.dispose();
      const dx = this.descend(passed, { batch, weights, seeds, dx: top, gradients });
      const { outer } = trainedPlaces(this.c);
      if (outer) {
        const [ids] = batch.inputs as [tf.Tensor1D];
        gradients[outer.embed] = addRows(gradients[outer.embed] as tf.Tensor2D, ids, dx);
      }
      dx.dispose();
      return { sums, gradients };
    } catch (error) {
      tf.dispose(gradients);
      throw error;
    } finally {
      tf.dispose([passed.context, passed.states, passed.kept]);
    }
  }

  /** Up through all blocks. Without `kept` only the last states stay. */
  private ascend(
    batch: DeviceBatch,
    weights: readonly tf.Tensor[],
    { kept, seeds }: { readonly kept: Kept | null; readonly seeds: readonly tf.Tensor1D[] },
  ): Passed {
    const [ids, ...shape] = batch.inputs as [tf.Tensor1D, ...tf.Tensor[]];
    const { context: contextOf, forward, forwardKeeping } = this.functionsFor(batch, weights);
    const context = contextOf(shape);
    const c = networkOf(this.c, weights.length);
    const passed: Passed = { context, states: [lookUp(outerWeights(this.c, weights).embed, ids)], kept: [] };
    try {
      const step = kept === 'products' ? forwardKeeping : forward;
      for (let layer = 0; layer < this.c.layers; layer++) {
        const x = passed.states.at(-1) as tf.Tensor;
        const seed = this.seedsAt(seeds, layer);
        const [y, ...own] = step([x, ...context, ...layerTensors(c, weights, layer), ...seed]);
        tf.dispose(seed);
        if (kept === null) tf.dispose(passed.states.pop() as tf.Tensor);
        passed.states.push(y as tf.Tensor);
        passed.kept.push(own);
      }
      return passed;
    } catch (error) {
      tf.dispose([context, passed.states, passed.kept]);
      throw error;
    }
  }

  /** From the last block to the first: the gradients of each, and at the end that of the embedded tokens. */
  private descend(
    { context, states, kept }: Passed,
    given: {
      readonly batch: DeviceBatch;
      readonly weights: readonly tf.Tensor[];
      readonly seeds: readonly tf.Tensor1D[];
      readonly dx: tf.Tensor2D;
      readonly gradients: tf.Tensor[];
    },
  ): tf.Tensor2D {
    const { trained, firstOf } = trainedPlaces(this.c);
    const { weights, seeds, gradients } = given;
    const { backward } = this.functionsFor(given.batch, weights);
    let { dx } = given;
    for (let layer = this.c.layers - 1; layer >= 0; layer--) {
      const x = states.pop() as tf.Tensor;
      const own = kept.pop() ?? [];
      const first = firstOf(layer);
      const accumulated = gradients.slice(first, first + trained);
      const seed = this.seedsAt(seeds, layer);
      const all = [...context, ...layerTensors(this.c, weights, layer), ...accumulated, ...seed, ...own];
      const made = backward([x, dx, ...all]);
      tf.dispose([x, dx, ...own, ...accumulated, ...seed]);
      dx = made[0] as tf.Tensor2D;
      gradients.splice(first, trained, ...made.slice(1));
    }
    return dx;
  }

  /** A layer's seed, if any. */
  private seedsAt(seeds: readonly tf.Tensor1D[], layer: number): tf.Tensor1D[] {
    return seeds.map((seed) => tf.tidy(() => dropoutAt({ rate: 0, seed }, { layer }).seed));
  }

  private functionsFor(batch: DeviceBatch, weights: readonly tf.Tensor[]): BlockFunctions {
    return blockFunctions(this.compute, networkOf(this.c, weights.length), planOf(batch).prompts > 0);
  }
}

/** Inputs of all batches, then those of batches with prompts. */
function toDevice(plan: BranchBatch): DeviceBatch {
  const { ids, positions, segments, branches, branchLength, prompts } = plan;
  const ofPrompts = prompts > 0 ? [plan.promptLengths, plan.owner] : [];
  return {
    plan,
    inputs: [
      tf.tensor1d(ids, 'int32'),
      tf.tensor1d(positions, 'int32'),
      tf.tensor2d(segments, [branches, branchLength], 'int32'),
      ...ofPrompts.map((values) => tf.tensor1d(values, 'int32')),
    ],
  };
}

/** These steps only ever see batches that they cut. */
function planOf({ plan }: DeviceBatch): BranchBatch {
  return plan as BranchBatch;
}
