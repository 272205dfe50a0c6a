/**
 * The output layer of wide models, chunk by chunk: rows are picked from the last states, normed, scored, and their gradients
 * added where they belong, while one chunk's logits exist. Chunks have few sizes, so a function each is traced once.
 *
 * With e = exp(h·Eᵀ − max), Z = Σ e and slope s = ∂loss/∂log p[target], row by row:
 *   ∂h = s · (E[target] − e·E / Z),   ∂E = scatter(target, s·h) − eᵀ·(s·h / Z):
 * of size (R, V) there are only the logits and e, no one-hot matrix and no probabilities.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute } from '../compute/compute.js';
import { zerosOnDevice } from '../compute/on-device.js';
import type { ModelConfig } from '../model/config.js';
import { outerWeights } from '../model/layer.js';
import { rmsNorm } from '../model/norm.js';
import { outputMatrix, type OutputMatrix } from '../model/output-matrix.js';
import { LOGITS_CHUNK } from '../sizes/work-size.js';
import type { BranchBatch } from './branches.js';
import type { RowLoss } from './logprobs.js';
import { trainedPlaces } from './places.js';
import { addProduct, addRows } from './rows.js';
import { shared } from './shared-steps.js';
import type { LossShape, SplitWeights } from './steps.js';

/** Chunks are whole multiples of so many rows. */
const ROW_STEP = 64;

interface Scored {
  readonly hidden: tf.Tensor2D; // (R, d), normed
  readonly exponentials: tf.Tensor2D; // e (R, V)
  readonly total: tf.Tensor; // Z (R, 1)
  readonly logp: tf.Tensor; // (R)
  readonly entropy: tf.Tensor; // (R)
}

function scored(hidden: tf.Tensor2D, head: OutputMatrix, targets: tf.Tensor1D): Scored {
  const rows = hidden.shape[0];
  const logits = head.logits(hidden);
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  const ofTarget = tf.reshape(tf.gather(shifted, tf.reshape(targets, [rows, 1]), 1, 1), [rows]);
  const exponentials = tf.exp(shifted) as tf.Tensor2D;
  const total = tf.sum(exponentials, -1, true);
  const logTotal = tf.log(tf.reshape(total, [rows]));
  const mean = tf.div(tf.sum(tf.mul(exponentials, shifted), -1), tf.reshape(total, [rows]));
  return { hidden, exponentials, total, logp: tf.sub(ofTarget, logTotal), entropy: tf.sub(logTotal, mean) };
}

interface Rows {
  readonly at: tf.Tensor1D; // (R) in the states
  readonly targets: tf.Tensor1D; // (R)
}

interface Chunk extends Rows {
  readonly start: number;
  readonly rows: number;
}

export interface HeadGradientInput {
  readonly states: tf.Tensor2D; // (N, d)
  readonly plan: BranchBatch;
  readonly weights: SplitWeights;
  readonly extras: readonly tf.Tensor[];
  readonly coefficients: tf.Tensor;
  /** Of all trained weights; those of the output layer are replaced. */
  readonly gradients: tf.Tensor[];
}

export class HeadSteps {
  private readonly score: CompiledStep;

  constructor(
    private readonly compute: Compute,
    private readonly c: ModelConfig,
  ) {
    this.score = shared(compute, c, 'head.logprobs', ([states, at, targets, norm, head]) => {
      const rows = this.normed(tf.gather(states as tf.Tensor2D, at as tf.Tensor1D), norm as tf.Tensor);
      return [scored(rows, outputMatrix(head as tf.Tensor2D), targets as tf.Tensor1D).logp];
    });
  }

  /** states (N, d) → log-probabilities of the plan's rows. */
  logProbs({
    states,
    plan,
    weights,
  }: {
    states: tf.Tensor2D;
    plan: BranchBatch;
    weights: readonly tf.Tensor[];
  }): tf.Tensor {
    const { finalNorm, head } = outerWeights(this.c, weights);
    const parts = this.chunks(plan).map(({ at, targets }) => {
      const [logp] = this.score([states, at, targets, finalNorm, head]) as [tf.Tensor1D];
      tf.dispose([at, targets]);
      return logp;
    });
    const joined = tf.tidy(() => tf.slice(tf.concat(parts), 0, plan.rows));
    tf.dispose(parts);
    return joined;
  }

  /** The loss's sums, and its gradient in the states; gradients of norm and output matrix take the place of those given. */
  gradients(loss: LossShape, input: HeadGradientInput): { sums: tf.Tensor; dx: tf.Tensor2D } {
    const { states, plan, weights, extras, coefficients, gradients } = input;
    const { outer } = trainedPlaces(this.c);
    const { finalNorm, head } = outerWeights(this.c, [...weights.frozen, ...weights.trained]);
    const step = this.gradientStep(loss, outer !== null);
    let sums: tf.Tensor | null = null;
    let dx = zerosOnDevice<tf.Rank.R2>(states.shape);
    for (const { at, targets, start, rows } of this.chunks(plan)) {
      const own = extras.map((extra) => rowsOf(extra, start, rows));
      const so = outer ? [gradients[outer.finalNorm] as tf.Tensor] : [];
      const made = step([states, at, targets, finalNorm, head, coefficients, ...own, ...so]);
      const [chunkSums, dRows, scattered, ...rest] = made as [tf.Tensor, tf.Tensor2D, tf.Tensor2D, ...tf.Tensor[]];
      tf.dispose([own, so]);
      if (outer) {
        const [dNorm, exponentials, reduced] = rest as [tf.Tensor, tf.Tensor2D, tf.Tensor2D];
        gradients[outer.finalNorm] = dNorm;
        const dHead = addProduct(gradients[outer.head] as tf.Tensor2D, exponentials, reduced);
        tf.dispose([exponentials, reduced]);
        gradients[outer.head] = addRows(dHead, targets, scattered);
      }
      dx = addRows(dx, at, dRows);
      const before: tf.Tensor | null = sums;
      sums = before ? tf.add(before, chunkSums) : tf.clone(chunkSums);
      tf.dispose([at, targets, chunkSums, dRows, scattered, ...(before ? [before] : [])]);
    }
    return { sums: sums as unknown as tf.Tensor, dx };
  }

  private normed(rows: tf.Tensor, norm: tf.Tensor): tf.Tensor2D {
    return rmsNorm(rows, norm, this.c.rmsNormEpsilon) as tf.Tensor2D;
  }

  /** states, at, targets, norm, head, coefficients, extras, the norm's gradient → sums, d rows, s·h, the norm's, e, −s·h / Z. */
  private gradientStep(loss: LossShape, outer: boolean): CompiledStep {
    return shared(this.compute, this.c, `head.${loss.name}`, (inputs) => {
      const [states, at, targets, norm, keptHead, coefficients, ...rest] = inputs as [
        ...[tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor, tf.Tensor2D, tf.Tensor],
        ...tf.Tensor[],
      ];
      const rowLoss = loss.rowLoss(coefficients);
      const head = outputMatrix(keptHead);
      const picked = tf.gather(states, at);
      const chunk = scored(this.normed(picked, norm), head, targets);
      const { sums, dHidden, weighted, reduced } = descend(chunk, {
        head,
        targets,
        rowLoss,
        extras: rest.slice(0, loss.extras),
      });
      const [dRows, dNorm] = tf.grads((x: tf.Tensor, w: tf.Tensor) => this.normed(x, w))([picked, norm], dHidden) as [
        tf.Tensor,
        tf.Tensor,
      ];
      if (!outer) return [sums, dRows, weighted];
      const soFarNorm = rest[loss.extras] as tf.Tensor;
      return [sums, dRows, weighted, tf.add(soFarNorm, dNorm), chunk.exponentials, tf.neg(reduced)];
    });
  }

  /** Equal chunks, but for the last, which is only as long as it must be. */
  private chunks({ rowAt, targets, promptLength, prompts }: BranchBatch): Chunk[] {
    const most = Math.max(ROW_STEP, Math.floor(LOGITS_CHUNK / this.c.vocabSize / ROW_STEP) * ROW_STEP);
    const first = prompts * promptLength;
    return Array.from({ length: Math.ceil(rowAt.length / most) }, (_, i) => {
      const start = i * most;
      const own = rowAt.subarray(start, start + most);
      const rows = Math.ceil(own.length / ROW_STEP) * ROW_STEP;
      const [at, wanted] = [new Int32Array(rows), new Int32Array(rows)];
      own.forEach((place, row) => (at[row] = first + place));
      wanted.set(targets.subarray(start, start + most));
      return { start, rows, at: tf.tensor1d(at, 'int32'), targets: tf.tensor1d(wanted, 'int32') };
    });
  }
}

/** Rows of a per-row input, 0 behind its end. */
function rowsOf(values: tf.Tensor, start: number, rows: number): tf.Tensor {
  return tf.tidy(() => {
    const there = Math.min(rows, values.size - start);
    const own = tf.slice(values, start, there);
    return there === rows ? own : tf.pad(own, [[0, rows - there]]);
  });
}

/** The loss of a chunk and its gradients: dHidden (R, d), s·h (R, d), and s·h / Z (R, d). */
function descend(
  { hidden, exponentials, total, logp, entropy }: Scored,
  given: { head: OutputMatrix; targets: tf.Tensor1D; rowLoss: RowLoss; extras: readonly tf.Tensor[] },
): { sums: tf.Tensor; dHidden: tf.Tensor2D; weighted: tf.Tensor2D; reduced: tf.Tensor2D } {
  const terms = given.rowLoss(logp, entropy, given.extras);
  const slope = tf.reshape(terms.slope, [-1, 1]);
  const expected = tf.div(given.head.mixed(exponentials), total);
  const weighted = tf.mul(hidden, slope) as tf.Tensor2D;
  return {
    sums: tf.stack([terms.loss, ...terms.measures].map((term) => tf.sum(term))),
    dHidden: tf.mul(tf.sub(given.head.rows(given.targets), expected), slope) as tf.Tensor2D,
    weighted,
    reduced: tf.div(weighted, total) as tf.Tensor2D,
  };
}
