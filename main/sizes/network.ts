/** The numbers of a decoder that time and memory depend on. */
export interface NetworkSize {
  readonly vocabSize: number; // V
  readonly hiddenSize: number; // d
  readonly layers: number; // L
  readonly heads: number; // H
  readonly kvHeads: number; // K
  readonly headDim: number; // D
  readonly intermediateSize: number; // F
}

const NARROW = 512;

/**
 * Whether the work of a batch is dealt to the processor's cores row by row. In a narrow model every op is too small to be
 * shared by cores, and batches are wide: there, every core takes rows of its own. In a wide one all cores share each op,
 * and copies of gradients would be dear.
 */
export function isNarrow({ hiddenSize }: Pick<NetworkSize, 'hiddenSize'>): boolean {
  return hiddenSize < NARROW;
}
