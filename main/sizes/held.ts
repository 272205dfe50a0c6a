/** How many copies of what a run trains are in memory at once. Pure. */
import { isNarrow, type NetworkSize } from './network.js';

/**
 * The roles, the reference, two moments and gradients; and new weights and moments beside the old, unless it is all weights of
 * a wide model, which are updated in place.
 */
export function weightCopies(
  c: Pick<NetworkSize, 'hiddenSize'>,
  { roles, adapters }: { readonly roles: 'one' | 'two'; readonly adapters: boolean },
): number {
  const inPlace = !adapters && !isNarrow(c);
  return (roles === 'one' ? 1 : 2) + 1 + 2 + 1 + (inPlace ? 0 : 3);
}
