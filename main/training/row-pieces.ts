/** Large tensors worked on a few rows at a time, so that what an operation makes on its way is small. */
import * as tf from '@tensorflow/tfjs-core';

/** Elements of a piece: 16 MB of what is written, read and thrown away several times over. */
export const PIECE = 1 << 22;

export interface RowPiece {
  readonly start: number;
  readonly rows: number;
}

/** Rows of a tensor of this shape in equal pieces but for the last; one piece where it is small, or no matrix. */
export function rowPieces(shape: readonly number[], most: number = PIECE): RowPiece[] {
  const [all = 1, ...rest] = shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const count = shape.length === 2 ? Math.min(all, Math.ceil((all * width) / most)) : 1;
  const rows = Math.ceil(all / count);
  return Array.from({ length: Math.ceil(all / rows) }, (_, i) => ({
    start: i * rows,
    rows: Math.min(rows, all - i * rows),
  }));
}

/** A piece of a matrix; a tensor of its own, which the caller disposes. */
export function pieceOf(tensor: tf.Tensor, { start, rows }: RowPiece): tf.Tensor {
  return tf.slice(tensor, [start, 0], [rows, tensor.shape[1] as number]);
}
