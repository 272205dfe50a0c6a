/**
 * Training steps of narrow models: forward and backward of the whole model as one compiled function, adding onto gradients
 * that earlier micro-batches left, and log-probabilities alone. Micro-batches are dealt to the processor's cores. Trainers
 * of later phases share the functions, so nothing is traced again.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import { widen } from '../compute/bfloat16.js';
import type { ModelConfig } from '../model/config.js';
import { drops, seedOf, type Dropout } from '../model/dropout.js';
import { inLanes, lanesFor } from '../model/lanes.js';
import { outerWeights } from '../model/layer.js';
import { hiddenStates } from '../model/transformer.js';
import { microBatches, packedBatches, type MicroBatch, type TokenSample } from './batches.js';
import { headLoss, tokenLogProbs } from './logprobs.js';
import { networkOf } from './places.js';
import { gatherRows } from './rows.js';
import { shared } from './shared-steps.js';
import {
  allWeights,
  type CutLimits,
  type DeviceBatch,
  type GradientStep,
  type LogProbStep,
  type LossShape,
  type TrainingSteps,
} from './steps.js';

/** Tokens; below it, a lane would spend its time on starting ops. */
const SMALLEST_SHARE = 1024;

/** A batch as it stands among a step's inputs. */
interface WholeBatch {
  readonly ids: tf.Tensor2D; // (B, T)
  readonly positions: tf.Tensor1D; // (N)
  readonly inverse: tf.Tensor1D; // (B·T)
  readonly targets: tf.Tensor1D; // (N)
  /** (B, T), of packed lines. */
  readonly segments: tf.Tensor2D | null;
}

function toDevice(plan: MicroBatch): DeviceBatch {
  const { batch, length, segments } = plan;
  return {
    plan,
    inputs: [
      tf.tensor2d(plan.ids, [batch, length], 'int32'),
      tf.tensor1d(plan.positions, 'int32'),
      tf.tensor1d(plan.inverse, 'int32'),
      tf.tensor1d(plan.targets, 'int32'),
      ...(segments ? [tf.tensor2d(segments, [batch, length], 'int32')] : []),
    ],
  };
}

/** @returns the batch, and the inputs behind it */
function batchOf(inputs: readonly tf.Tensor[], packed: boolean): { batch: WholeBatch; rest: tf.Tensor[] } {
  const [ids, positions, inverse, targets, ...rest] = inputs as [
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor1D,
    ...tf.Tensor[],
  ];
  const segments = packed ? (rest.shift() as tf.Tensor2D) : null;
  return { batch: { ids, positions, inverse, targets, segments }, rest };
}

const isPacked = ({ plan }: DeviceBatch): boolean => (plan as MicroBatch).segments !== null;

/** Hidden states of the completion rows, (N, d). */
function rowStates(
  c: ModelConfig,
  parameters: readonly tf.Tensor[],
  { batch, dropout }: { readonly batch: WholeBatch; readonly dropout?: Dropout | undefined },
): tf.Tensor2D {
  const hidden = hiddenStates(c, parameters, batch.ids, { segments: batch.segments ?? undefined, dropout });
  const states = tf.reshape(hidden, [-1, c.hiddenSize]) as tf.Tensor2D;
  return gatherRows(states, batch.positions, batch.inverse);
}

export class WholeSteps implements TrainingSteps {
  readonly lanes: number;
  /** Bound on the tokens of one micro-batch, so that all lanes together hold what they may. */
  private readonly tokens: number;

  /** @param tokens bound on the padded tokens of all lanes' micro-batches together */
  constructor(
    private readonly compute: Compute,
    private readonly c: ModelConfig,
    tokens: number,
  ) {
    this.lanes = Math.max(1, Math.min(lanesFor(compute, c), Math.floor(tokens / SMALLEST_SHARE)));
    this.tokens = Math.floor(tokens / this.lanes);
  }

  cut(samples: readonly TokenSample[], { padToken, packInto }: CutLimits): DeviceBatch[] {
    const limits = { tokens: this.tokens, maxPositions: this.c.maxPositions, padToken };
    const plans =
      packInto === null ? microBatches(samples, limits) : packedBatches(samples, { ...limits, lineLength: packInto });
    return plans.map(toDevice);
  }

  /** Forward and backward: the loss's sums (see `headLoss`), and gradients added to those accumulated. */
  gradients(loss: LossShape): GradientStep {
    return (inputs) => {
      const [first] = inputs;
      if (!first) return [];
      const sets = inputs.map(({ batch, extras, coefficients, seed, weights, accumulated }) => [
        ...[...batch.inputs, coefficients, ...seedOf(this.c, seed), ...extras],
        ...[...allWeights(weights), ...accumulated],
      ]);
      const step = this.gradientStep(loss, { packed: isPacked(first.batch), frozen: first.weights.frozen.length });
      const results = inLanes(this.compute, this.c, { step, sets }).map((outputs) => {
        const [sums, ...gradients] = outputs as [tf.Tensor, ...tf.Tensor[]];
        return { sums, gradients };
      });
      for (const { accumulated } of inputs) tf.dispose([...accumulated]);
      return results;
    };
  }

  readonly logProbs: LogProbStep = (batches, weights) => {
    const [first] = batches;
    if (!first) return [];
    const packed = isPacked(first);
    const c = networkOf(this.c, weights.length);
    const step = shared(this.compute, c, packed ? 'logprobs.packed' : 'logprobs', (inputs) => {
      const { batch, rest: parameters } = batchOf(inputs, packed);
      const rows = rowStates(c, parameters, { batch });
      return [tokenLogProbs(rows, widen(outerWeights(c, parameters).head), batch.targets).logp];
    });
    const sets = batches.map(({ inputs }) => [...inputs, ...weights]);
    return inLanes(this.compute, this.c, { step, sets }).map(([logp]) => logp as tf.Tensor);
  };

  private gradientStep(
    loss: LossShape,
    { packed, frozen }: { readonly packed: boolean; readonly frozen: number },
  ): ReturnType<typeof shared> {
    const { compute, c } = this;
    return shared(compute, c, `train.${loss.name}${packed ? '.packed' : ''}`, (inputs) => {
      const { batch, rest: behind } = batchOf(inputs, packed);
      const [coefficients, ...rest] = behind as [tf.Tensor, ...tf.Tensor[]];
      const dropout = c.lora && drops(c) ? { rate: c.lora.dropout, seed: rest.shift() as tf.Tensor1D } : undefined;
      const extras = rest.slice(0, loss.extras);
      const fixed = rest.slice(loss.extras, loss.extras + frozen);
      const count = (rest.length - loss.extras - frozen) / 2;
      const [parameters, accumulated] = [rest.slice(-2 * count, -count), rest.slice(-count)];
      const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
        const all = [...fixed, ...weights];
        const rows = rowStates(c, all, { batch, dropout });
        return headLoss(rows, widen(outerWeights(c, all).head), {
          targets: batch.targets,
          extras,
          rowLoss: loss.rowLoss(coefficients),
        }) as tf.Tensor;
      })(parameters);
      return [value, ...grads.map((gradient, i) => tf.add(gradient, accumulated[i] as tf.Tensor))];
    });
  }
}
