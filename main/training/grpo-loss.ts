/**
 * The clipped surrogate of PPO on group-relative advantages with a KL penalty (GRPO, arXiv 2402.03300, equation 3), as
 * a function of one token's log-probability ℓ:
 *
 *   r = exp(ℓ − ℓ_old),  −min(r·A, clip(r, 1 − ε, 1 + ε)·A) + β·k3,  k3 = exp(d) − d − 1,  d = ℓ_ref − ℓ
 *
 * The exponential in k3 sees d cut at 10, beyond which its slope is 1, so that one token which the policy has made
 * extremely unlikely cannot overflow the loss. Rows are weighted by 1 / tokens of the batch (token mean), padding by 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RowLoss } from './logprobs.js';

/** k3's exponent is cut here. */
const KL_LIMIT = 10;

/** Which per-row inputs a loss takes besides advantage and weight, in this order: old, then reference. */
export interface GrpoVariant {
  /** Old log-probabilities are given; without them the policy is its own old one and r is exactly 1. */
  readonly old: boolean;
  /** Reference log-probabilities are given; without them there is no penalty. */
  readonly reference: boolean;
}

/**
 * Extras: advantage, weight, then old and reference where the variant has them. `coefficients`: ε and β, (2).
 * Measures: k3, entropy, clipped (1 where clipping took the gradient away), each times weight.
 */
export function grpoRowLoss(variant: GrpoVariant, coefficients: tf.Tensor): RowLoss {
  const [epsilon, beta] = tf.unstack(coefficients) as [tf.Tensor, tf.Tensor];
  return (logp, entropy, extras) => {
    const [advantage, weight, ...rest] = extras as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    const old = variant.old ? rest[0] : undefined;
    const reference = variant.reference ? rest[rest.length - 1] : undefined;
    const surrogate = old === undefined ? onPolicy(advantage) : clipped(tf.exp(tf.sub(logp, old)), advantage, epsilon);
    const penalty = reference === undefined ? undefined : k3(tf.sub(reference, logp));
    const add = (a: tf.Tensor, b: tf.Tensor | undefined): tf.Tensor =>
      b === undefined ? a : tf.add(a, tf.mul(b, beta));
    return {
      loss: tf.mul(add(surrogate.value, penalty?.value), weight),
      slope: tf.mul(add(surrogate.slope, penalty?.slope), weight),
      measures: [penalty?.value ?? tf.zerosLike(logp), entropy, surrogate.cut].map((measure) =>
        tf.mul(measure, weight),
      ),
    };
  };
}

interface Surrogate {
  readonly value: tf.Tensor;
  readonly slope: tf.Tensor;
  readonly cut: tf.Tensor;
}

function onPolicy(advantage: tf.Tensor): Surrogate {
  const negative = tf.neg(advantage);
  return { value: negative, slope: negative, cut: tf.zerosLike(advantage) };
}

function clipped(ratio: tf.Tensor, advantage: tf.Tensor, epsilon: tf.Tensor): Surrogate {
  const free = tf.mul(ratio, advantage);
  const bounded = tf.mul(tf.minimum(tf.maximum(ratio, tf.sub(1, epsilon)), tf.add(1, epsilon)), advantage);
  const cut = tf.less(bounded, free);
  return {
    value: tf.neg(tf.minimum(free, bounded)),
    // Not a product with 0: a ratio that overflowed is cut like any other.
    slope: tf.where(cut, tf.zerosLike(free), tf.neg(free)),
    cut: tf.cast(cut, 'float32'),
  };
}

/** k3 and its slope in ℓ, which is 1 − exp(d) below the limit and 1 above. */
function k3(d: tf.Tensor): { value: tf.Tensor; slope: tf.Tensor } {
  const exponential = tf.exp(tf.minimum(d, KL_LIMIT));
  const below = tf.cast(tf.lessEqual(d, KL_LIMIT), 'float32');
  return {
    value: tf.sub(tf.sub(exponential, d), 1),
    slope: tf.sub(1, tf.mul(exponential, below)),
  };
}
