/**
 * Log-probabilities and entropies of given tokens under the output layer, and a loss on them, without ever holding
 * all logits: rows pass through the head in chunks, and a chunk's gradient is taken while its logits exist. That is
 * possible because every loss here is a sum over rows of a function of one log-probability, whose slope is known at
 * once; nothing of size V survives a chunk, and nothing is computed twice.
 *
 * With p = softmax(h·Eᵀ) and slope s = ∂loss/∂log p[target]: ∂logits = s · (onehot(target) − p).
 */
import * as tf from '@tensorflow/tfjs-core';

/** Logits of one chunk, in elements: 64 MB, of which softmax, its gradient and their like hold some ten copies. */
const CHUNK_ELEMENTS = 1 << 24;

/** What a loss makes of a chunk of log-probabilities. All tensors are (R). */
export interface RowTerms {
  readonly loss: tf.Tensor;
  /** ∂loss/∂logp. */
  readonly slope: tf.Tensor;
  /** Further quantities whose sums over rows are reported. */
  readonly measures: readonly tf.Tensor[];
}

/** `logp`, `entropy` and the per-row `extras` given to `headLoss`, each (R), R rows of a chunk. */
export type RowLoss = (logp: tf.Tensor, entropy: tf.Tensor, extras: readonly tf.Tensor[]) => RowTerms;

interface Chunk {
  readonly logp: tf.Tensor; // (R)
  readonly entropy: tf.Tensor; // (R)
  /** onehot(target) − p, (R, V): the gradient of logp in the logits. */
  readonly direction: () => tf.Tensor2D;
}

function scoreChunk(hidden: tf.Tensor2D, head: tf.Tensor2D, targets: tf.Tensor1D): Chunk {
  const logits = tf.matMul(hidden, head, false, true);
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  const exponentials = tf.exp(shifted);
  const total = tf.sum(exponentials, -1, true); // (R, 1)
  const probabilities = tf.div(exponentials, total);
  const oneHot = tf.cast(tf.oneHot(targets, head.shape[0]), 'float32');
  const logTotal = tf.log(tf.reshape(total, [-1]));
  return {
    logp: tf.sub(tf.sum(tf.mul(oneHot, shifted), -1), logTotal),
    entropy: tf.sub(logTotal, tf.sum(tf.mul(probabilities, shifted), -1)),
    direction: () => tf.sub(oneHot, probabilities) as tf.Tensor2D,
  };
}

/** Rows of one chunk: all where the vocabulary is small, else a multiple of 32. */
export function chunkRows(rows: number, vocabulary: number, elements = CHUNK_ELEMENTS): number {
  if (rows * vocabulary <= elements) return rows;
  return Math.max(32, Math.floor(elements / vocabulary / 32) * 32);
}

function chunks(rows: number, size: number): { start: number; count: number }[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    start: i * size,
    count: Math.min(size, rows - i * size),
  }));
}

/** hidden (N, d), head (V, d), targets (N) int32 → log-probabilities (N) and entropies (N) in nats. No gradient. */
export function tokenLogProbs(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  targets: tf.Tensor1D,
  chunkElements?: number,
): { logp: tf.Tensor1D; entropy: tf.Tensor1D } {
  const rows = hidden.shape[0];
  let previous: tf.Tensor | null = null;
  const parts = chunks(rows, chunkRows(rows, head.shape[0], chunkElements)).map(({ start, count }) => {
    const part = tf.tidy(() => {
      const slice = after(previous, tf.slice(hidden, [start, 0], [count, -1]));
      const { logp, entropy } = scoreChunk(slice, head, tf.slice(targets, start, count));
      return { logp, entropy };
    });
    previous = part.entropy;
    return part;
  });
  return {
    logp: joined(parts.map((part) => part.logp)) as tf.Tensor1D,
    entropy: joined(parts.map((part) => part.entropy)) as tf.Tensor1D,
  };
}

export interface HeadLossInput {
  readonly targets: tf.Tensor1D; // (N) int32
  /** Per-row inputs of the loss, each (N). */
  readonly extras: readonly tf.Tensor[];
  readonly rowLoss: RowLoss;
  readonly chunkElements?: number;
}

/**
 * hidden (N, d), head (V, d) → (1 + measures): the loss summed over rows, then the sums of its measures. Differentiable
 * in hidden and head; the gradient is the loss's alone, the measures have none.
 */
export function headLoss(hidden: tf.Tensor2D, head: tf.Tensor2D, input: HeadLossInput): tf.Tensor1D {
  const operation = tf.customGrad((...args: unknown[]) => {
    const save = args[2] as (tensors: tf.Tensor[]) => void;
    const { sums, dHidden, dHead } = forwardAndBackward(args[0] as tf.Tensor2D, args[1] as tf.Tensor2D, input);
    save([dHidden, dHead]);
    return {
      value: sums,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const upstream = tf.reshape(tf.slice(dy, 0, 1), []);
        return saved.map((gradient) => tf.mul(gradient, upstream));
      },
    };
  });
  return operation(hidden, head) as tf.Tensor1D;
}

function forwardAndBackward(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  { targets, extras, rowLoss, chunkElements }: HeadLossInput,
): { sums: tf.Tensor1D; dHidden: tf.Tensor2D; dHead: tf.Tensor2D } {
  const rows = hidden.shape[0];
  const dHidden: tf.Tensor2D[] = [];
  let sums: tf.Tensor | null = null;
  let dHead: tf.Tensor | null = null;
  for (const { start, count } of chunks(rows, chunkRows(rows, head.shape[0], chunkElements))) {
    const done = tf.tidy(() => {
      const slice = after(dHead, tf.slice(hidden, [start, 0], [count, -1]));
      const chunk = scoreChunk(slice, head, tf.slice(targets, start, count));
      const own = extras.map((extra) => tf.slice(extra, start, count));
      const terms = rowLoss(chunk.logp, chunk.entropy, own);
      const dLogits = tf.mul(chunk.direction(), tf.reshape(terms.slope, [-1, 1])) as tf.Tensor2D;
      return {
        sums: plus(sums, tf.stack([terms.loss, ...terms.measures].map((term) => tf.sum(term)))),
        dHidden: tf.matMul(dLogits, head) as tf.Tensor2D,
        dHead: plus(dHead, tf.matMul(dLogits, slice, true, false)),
      };
    });
    dHidden.push(done.dHidden);
    sums = done.sums;
    dHead = done.dHead;
  }
  return {
    sums: sums as unknown as tf.Tensor1D,
    dHidden: joined(dHidden) as tf.Tensor2D,
    dHead: dHead as unknown as tf.Tensor2D,
  };
}

function plus(sum: tf.Tensor | null, term: tf.Tensor): tf.Tensor {
  return sum === null ? term : tf.add(sum, term);
}

function joined(parts: readonly tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat([...parts], 0);
}

/**
 * `x`, but not before `previous` is there. A traced graph runs whatever is ready, and without this every chunk's
 * logits would be made at once, which is what chunks are to prevent. One element more and off again costs a copy of x.
 */
function after(previous: tf.Tensor | null, x: tf.Tensor2D): tf.Tensor2D {
  if (previous === null) return x;
  const [rows, width] = x.shape;
  const token = tf.slice(tf.reshape(previous, [-1]), 0, 1);
  const flat = tf.concat([tf.reshape(x, [-1]), token], 0);
  return tf.reshape(tf.slice(flat, 0, rows * width), [rows, width]);
}
