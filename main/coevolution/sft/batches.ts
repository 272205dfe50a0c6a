/**
 * Which sequences each optimiser step learns from, known before the first: shuffled epochs, each from its own key, cut into
 * batches of so many sequences or tokens. The last batch of an epoch takes what is left.
 */
import type { SftRecipe } from '../../../preload/contract/recipe-sft.js';
import type { RandomKey } from '../../lib/random.js';

type Wish = Pick<SftRecipe, 'epochs' | 'steps' | 'batch' | 'batch_unit'>;

/** Indices by step. `lengths`: tokens of prompt and completion of each sequence. */
export function batchesOf(lengths: readonly number[], wish: Wish, key: RandomKey): number[][] {
  const batches: number[][] = [];
  for (let epoch = 0; ; epoch++) {
    const order = key
      .child('epoch', epoch)
      .stream()
      .shuffled(lengths.map((_, i) => i));
    const own = wish.batch_unit === 'sequences' ? bySequences(order, wish.batch) : byTokens(order, lengths, wish.batch);
    if (wish.steps !== null) {
      batches.push(...own);
      if (batches.length >= wish.steps) return batches.slice(0, wish.steps);
    } else {
      // A part of an epoch is that part of its batches, at least one in all.
      const share = Math.min(1, wish.epochs - epoch);
      batches.push(...own.slice(0, Math.max(epoch === 0 ? 1 : 0, Math.round(share * own.length))));
      if (epoch + 1 >= wish.epochs) return batches;
    }
  }
}

function bySequences(order: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => order.slice(i * size, (i + 1) * size));
}

/** As many as fit; one that is longer than a whole batch has a step to itself. */
function byTokens(order: readonly number[], lengths: readonly number[], size: number): number[][] {
  const batches: number[][] = [];
  let left = 0;
  for (const index of order) {
    const length = lengths[index] as number;
    if (batches.length === 0 || length > left) {
      batches.push([]);
      left = size;
    }
    batches.at(-1)?.push(index);
    left -= length;
  }
  return batches;
}
