/** SwiGLU feed-forward (arXiv 2002.05202): (silu(x · gate) ⊙ (x · up)) · down, gate and up being one matrix. */
import * as tf from '@tensorflow/tfjs-core';
import { PLAIN, type BlockOps } from './block-ops.js';
import { differentiable } from './custom-gradient.js';
import { addBias, linear } from './linear.js';
import type { LayerWeights } from './layer.js';

/** x (N, d) after its norm → (N, d). */
export function feedForward(x: tf.Tensor2D, w: LayerWeights, ops: BlockOps = PLAIN): tf.Tensor2D {
  const both = addBias(linear(x, { weight: w.gateUp, adapters: w.adapters.gateUp }, ops), w.gateUpBias);
  const [gate, up] = tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return addBias(linear(swiglu(gate, up), { weight: w.down, adapters: w.adapters.down }, ops), w.downBias);
}

/** silu(gate) ⊙ up. With s = σ(gate) and silu = gate · s, the derivative of silu is s + silu · (1 − s). */
export function swiglu(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  return differentiable(
    {
      forward: (g, u) => {
        const s = tf.sigmoid(g as tf.Tensor);
        const silu = tf.mul(g as tf.Tensor, s);
        return { value: tf.mul(silu, u as tf.Tensor), saved: [s, silu, u as tf.Tensor] };
      },
      backward: (dy, [s, silu, u]) => {
        const slope = tf.add(s as tf.Tensor, tf.mul(silu as tf.Tensor, tf.sub(1, s as tf.Tensor)));
        return [tf.mul(tf.mul(dy, u as tf.Tensor), slope), tf.mul(dy, silu as tf.Tensor)];
      },
    },
    [gate, up],
  ) as tf.Tensor2D;
}
