/** An optimiser's update of large parameters in place, a few rows at a time: besides what is updated hardly anything exists. */
import * as tf from '@tensorflow/tfjs-core';
import { disposing } from '../compute/steps.js';
import { inPlace } from '../compute/update-rows.js';
import type { Parameters } from '../model/parameters.js';
import { pieceOf, PIECE, rowPieces, type RowPiece } from './row-pieces.js';

/** Weights and their moments. Nothing else may share the buffers of their tensors. */
export type Owners = readonly [weights: Parameters, first: Parameters, second: Parameters];

/** A weight, its gradient, its first and second moment → the new weight and moments. */
export type UpdateStep = (slots: readonly tf.Tensor[]) => tf.Tensor[];

/** Parameter by parameter; gradients are disposed. Needs a backend that `updatesInPlace`. `most`: elements of a piece. */
export function updateInPieces(
  owners: Owners,
  gradients: readonly tf.Tensor[],
  step: UpdateStep,
  most: number = PIECE,
): void {
  const [weights, first, second] = owners;
  gradients.forEach((gradient, at) => {
    const slots = (): tf.Tensor[] =>
      [weights.tensors, gradients, first.tensors, second.tensors].map((tensors) => tensors[at] as tf.Tensor);
    const pieces = rowPieces(gradient.shape, most);
    if (pieces.length === 1) {
      replace(owners, at, step(slots()));
    } else {
      for (const piece of pieces) {
        const inputs = slots().map((tensor) => pieceOf(tensor, piece));
        const updated = disposing([inputs], () => step(inputs));
        disposing([updated], () => writeRows(owners, at, { piece, updated }));
      }
    }
    gradient.dispose();
  });
}

function replace(owners: Owners, at: number, updated: readonly tf.Tensor[]): void {
  owners.forEach((owner, slot) => owner.replaceSome(at, [updated[slot] as tf.Tensor]));
}

/** New values of some rows of parameter `at`. */
function writeRows(
  owners: Owners,
  at: number,
  { piece, updated }: { readonly piece: RowPiece; readonly updated: readonly tf.Tensor[] },
): void {
  const index = tf.range(piece.start, piece.start + piece.rows, 1, 'int32');
  const written = owners.map((owner, slot) =>
    inPlace('InplaceUpdate', owner.tensors[at] as tf.Tensor2D, { index, rows: updated[slot] as tf.Tensor }),
  );
  index.dispose();
  replace(owners, at, written);
}
