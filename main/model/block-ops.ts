/**
 * The dear parts of a block, its matrix products and attention, as something that can be done in three ways: computed, computed
 * and kept, or taken from what was kept. With the last a block is gone through again for its gradient without repeating
 * them: only what is cheap (norms, rotations, gates) is computed twice (selective recomputation, arXiv 2205.05198).
 */
import * as tf from '@tensorflow/tfjs-core';
import { isBfloat16, widen } from '../compute/bfloat16.js';
import { differentiable } from './custom-gradient.js';
import { mix } from './mix.js';

export interface BlockOps {
  /** x (N, in) · w (in, out). */
  matMul(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D;
  /** softmax(q · kᵀ + mask) · v, (…, T, D). */
  mix(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, mask: tf.Tensor): tf.Tensor;
}

export const PLAIN: BlockOps = { matMul: product, mix: (q, k, v, mask) => mix([q, k, v], mask) };

/** Computes, and notes the first `most` results in `kept`, in the order in which a block asks for them. */
export function keeping(kept: tf.Tensor[], most = Infinity): BlockOps {
  const note = <T extends tf.Tensor>(result: T): T => {
    if (kept.length < most) kept.push(result);
    return result;
  };
  return { matMul: (x, w) => note(PLAIN.matMul(x, w)), mix: (...args) => note(PLAIN.mix(...args)) };
}

/** Gives back what `keeping` noted, in the same order, and then computes. Gradients are those of the operations. */
export function recalling(kept: readonly tf.Tensor[]): BlockOps {
  let next = 0;
  return {
    matMul: (x, w) => {
      const known = kept[next++];
      return known === undefined ? product(x, w) : knownProduct(known, x, w);
    },
    mix: (q, k, v, mask) => mix([q, k, v], mask, kept[next++]),
  };
}

function product(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  return isBfloat16(w) ? frozenProduct(x, w) : tf.matMul(x, w);
}

/** With weights of bfloat16, which are widened for each product anew and have no gradient. */
function frozenProduct(x: tf.Tensor2D, w: tf.Tensor2D, known?: tf.Tensor): tf.Tensor2D {
  return differentiable(
    {
      forward: (rows) => ({ value: known ? tf.clone(known) : tf.matMul(rows as tf.Tensor2D, widen(w)), saved: [] }),
      backward: (dy) => [tf.matMul(dy as tf.Tensor2D, widen(w), false, true)],
    },
    [x],
  ) as tf.Tensor2D;
}

function knownProduct(known: tf.Tensor, x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  if (isBfloat16(w)) return frozenProduct(x, w, known);
  return differentiable(
    {
      forward: (a, b) => ({ value: tf.clone(known), saved: [a as tf.Tensor, b as tf.Tensor] }),
      backward: (dy, [a, b]) => [
        tf.matMul(dy as tf.Tensor2D, b as tf.Tensor2D, false, true),
        tf.matMul(a as tf.Tensor2D, dy as tf.Tensor2D, true, false),
      ],
    },
    [x, w],
  ) as tf.Tensor2D;
}
