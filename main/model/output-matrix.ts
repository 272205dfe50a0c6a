/**
 * The output matrix E (V, d), by what is done with it. Of bfloat16 it is widened piece by piece, for whole and in float32 it
 * would be the largest tensor of all: 2.5 GB of an 8B model with 152 thousand tokens. Without gradients of its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gatherWide, isBfloat16, sliceWide } from '../compute/bfloat16.js';
import { oneByOne } from '../compute/one-by-one.js';
import { WIDENED_PIECE } from '../sizes/work-size.js';

export interface OutputMatrix {
  /** h (R, d) → h · Eᵀ (R, V). */
  logits(h: tf.Tensor2D): tf.Tensor2D;
  /** p (R, V) → p · E (R, d). */
  mixed(p: tf.Tensor2D): tf.Tensor2D;
  /** ids (R) → E[ids] (R, d). */
  rows(ids: tf.Tensor1D): tf.Tensor2D;
}

/** @param most numbers that are widened at once. */
export function outputMatrix(head: tf.Tensor2D, most = WIDENED_PIECE): OutputMatrix {
  return isBfloat16(head) ? inPieces(head, most) : whole(head);
}

function whole(head: tf.Tensor2D): OutputMatrix {
  return {
    logits: (h) => tf.matMul(h, head, false, true),
    mixed: (p) => tf.matMul(p, head),
    rows: (ids) => tf.gather(head, ids),
  };
}

function inPieces(head: tf.Tensor2D, most: number): OutputMatrix {
  const [vocabulary, width] = head.shape;
  const longest = Math.max(1, Math.floor(most / width));
  const lengths = Array.from({ length: Math.ceil(vocabulary / longest) }, (_, i) =>
    Math.min(longest, vocabulary - i * longest),
  );
  const piece = (i: number): tf.Tensor2D => sliceWide(head, i * longest, lengths[i] as number);
  return {
    logits: (h) => {
      const parts = oneByOne(lengths.map((_, i) => () => [tf.matMul(h, piece(i), false, true)]));
      return tf.concat2d(parts.flat() as tf.Tensor2D[], 1);
    },
    mixed: (p) => {
      const parts: tf.Tensor[] = tf.split(p, lengths, 1);
      let sum: tf.Tensor | null = null;
      oneByOne(
        parts.map((part, i) => () => {
          const added: tf.Tensor = tf.matMul(part, piece(i));
          const before = sum;
          sum = before ? tf.add(before, added) : added;
          before?.dispose();
          return [sum];
        }),
      );
      return sum as unknown as tf.Tensor2D;
    },
    rows: (ids) => gatherWide(head, ids),
  };
}
