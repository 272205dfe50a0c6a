/** RMSNorm (arXiv 1910.07467) over the last axis. */
import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './custom-gradient.js';

/**
 * x / √(mean(x²) + ε) · weight; x (…, d), weight (d).
 *
 * With r = 1/√(mean(x²) + ε) and n = x · r, backward is dw = Σ dy · n and dx = r · (dy · w − n · mean(dy · w · n)); that mean
 * is one product of the matrix dy · n with w.
 */
export function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon: number): tf.Tensor {
  const width = weight.size;
  const flat = tf.reshape(x, [-1, width]);
  const normed = differentiable(
    {
      forward: (rows, w) => {
        const r = inverseRms(rows as tf.Tensor, epsilon);
        const n = tf.mul(rows as tf.Tensor, r);
        return { value: tf.mul(n, w as tf.Tensor), saved: [n, r, w as tf.Tensor] };
      },
      backward: (dy, [n, r, w]) => {
        const product = tf.mul(dy, n as tf.Tensor) as tf.Tensor2D;
        const column = tf.reshape(tf.mul(w as tf.Tensor, 1 / width), [width, 1]) as tf.Tensor2D;
        const along = tf.mul(n as tf.Tensor, tf.matMul(product, column));
        return [tf.mul(tf.sub(tf.mul(dy, w as tf.Tensor), along), r as tf.Tensor), tf.sum(product, 0)];
      },
    },
    [flat, weight],
  );
  return tf.reshape(normed, x.shape);
}

/** x / √(mean(x²) + ε), without a weight: dx = r · (dy − n · mean(dy · n)). */
export function normalise(x: tf.Tensor, epsilon: number): tf.Tensor {
  return differentiable(
    {
      forward: (rows) => {
        const r = inverseRms(rows as tf.Tensor, epsilon);
        const n = tf.mul(rows as tf.Tensor, r);
        return { value: n, saved: [n, r] };
      },
      backward: (dy, [n, r]) => {
        const along = tf.mul(n as tf.Tensor, tf.mean(tf.mul(dy, n as tf.Tensor), -1, true));
        return [tf.mul(tf.sub(dy, along), r as tf.Tensor)];
      },
    },
    [x],
  );
}

/** 1 / √(mean(x²) + ε), (…, 1). */
function inverseRms(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
}
