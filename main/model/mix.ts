/**
 * What attention makes of queries, keys and values, softmax(q · kᵀ + mask) · v, with a backward pass of its own. With the
 * weights P and the result O, the gradient of the scores is P · (dO · vᵀ − Σ dO · O): the row sum is taken over D columns
 * instead of T, and the scores themselves are not kept.
 *
 * Long sequences are gone through in pieces, some queries at a time, and the weights of a piece are worked out again for its
 * gradient (arXiv 2112.05682): scores never take more memory than a piece of them.
 */
import * as tf from '@tensorflow/tfjs-core';
import { oneByOne } from '../compute/one-by-one.js';
import { SCORES_PIECE } from '../sizes/work-size.js';
import { differentiable } from './custom-gradient.js';

/** Queries (B, K, T·G, D), keys and values (B, K, T, D). */
type Inputs = readonly [q: tf.Tensor, k: tf.Tensor, v: tf.Tensor];

/**
 * @param mask added to the scores (B, K, T·G, T), broadcast.
 * @param known the result, where it is known already and only its gradient is wanted.
 * @param most scores in memory at once.
 * @returns (B, K, T·G, D)
 */
export function mix(inputs: Inputs, mask: tf.Tensor, known?: tf.Tensor, most = SCORES_PIECE): tf.Tensor {
  const lengths = pieceLengths(inputs, most);
  return lengths.length === 1 ? whole(inputs, mask, known) : inPieces(inputs, { mask, known, lengths });
}

/** How many queries, of all heads and rows of the batch, are worked on at a time. */
function pieceLengths([q, k]: Inputs, most: number): number[] {
  const queries = q.shape.at(-2) as number;
  const each = (q.size / (queries * (q.shape.at(-1) as number))) * (k.shape.at(-2) as number);
  const pieces = Math.max(1, Math.ceil((queries * each) / most));
  const longest = Math.ceil(queries / pieces);
  return Array.from({ length: Math.ceil(queries / longest) }, (_, i) => Math.min(longest, queries - i * longest));
}

function weightsOf(q: tf.Tensor, k: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.softmax(tf.add(tf.matMul(q, k, false, true), mask));
}

/** The gradients by q, k and v. */
function gradients(dy: tf.Tensor, [q, k, v]: Inputs, weights: tf.Tensor, value: tf.Tensor): tf.Tensor[] {
  const rows = tf.sum(tf.mul(dy, value), -1, true);
  const scores = tf.mul(weights, tf.sub(tf.matMul(dy, v, false, true), rows));
  return [tf.matMul(scores, k), tf.matMul(scores, q, true, false), tf.matMul(weights, dy, true, false)];
}

function whole(inputs: Inputs, mask: tf.Tensor, known: tf.Tensor | undefined): tf.Tensor {
  return differentiable(
    {
      forward: (...args) => {
        const [q, k, v] = args as unknown as Inputs;
        const weights = weightsOf(q, k, mask);
        const value = known === undefined ? tf.matMul(weights, v) : tf.clone(known);
        return { value, saved: [q, k, v, weights, value] };
      },
      backward: (dy, saved) => {
        const [q, k, v, weights, value] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        return gradients(dy, [q, k, v], weights, value);
      },
    },
    inputs,
  );
}

interface Pieces {
  readonly mask: tf.Tensor;
  readonly known: tf.Tensor | undefined;
  readonly lengths: readonly number[];
}

function inPieces(inputs: Inputs, { mask, known, lengths }: Pieces): tf.Tensor {
  const cut = (x: tf.Tensor): tf.Tensor[] => tf.split(x, [...lengths], x.rank - 2);
  return differentiable(
    {
      forward: (...args) => {
        const [q, k, v] = args as unknown as Inputs;
        const value = known === undefined ? mixedPieces([cut(q), cut(mask)], k, v) : tf.clone(known);
        return { value, saved: [q, k, v, value] };
      },
      backward: (dy, saved) => {
        const [q, k, v, value] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const [queries, masks, slopes, values] = [cut(q), cut(mask), cut(dy), cut(value)];
        const parts: tf.Tensor[][] = [];
        oneByOne(
          queries.map((piece, i) => (): tf.Tensor[] => {
            const weights = weightsOf(piece, k, masks[i] as tf.Tensor);
            const own = gradients(slopes[i] as tf.Tensor, [piece, k, v], weights, values[i] as tf.Tensor);
            const [dq, dk, dv] = own as [tf.Tensor, tf.Tensor, tf.Tensor];
            const [, keys, seen] = parts.at(-1) ?? [];
            const sums = keys && seen ? [tf.add(keys, dk), tf.add(seen, dv)] : [dk, dv];
            tf.dispose([keys ?? [], seen ?? []]);
            parts.push([dq, ...sums]);
            return [dq, ...sums];
          }),
        );
        const [, dk, dv] = parts.at(-1) as [tf.Tensor, tf.Tensor, tf.Tensor];
        const dq = tf.concat(
          parts.map(([part]) => part as tf.Tensor),
          -2,
        );
        return [dq, dk, dv];
      },
    },
    inputs,
  );
}

function mixedPieces([queries, masks]: [tf.Tensor[], tf.Tensor[]], k: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const pieces = oneByOne(queries.map((piece, i) => () => [tf.matMul(weightsOf(piece, k, masks[i] as tf.Tensor), v)]));
  return tf.concat(pieces.flat(), -2);
}
