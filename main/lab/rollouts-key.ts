/** The key of a recipe's rollout servers: from the key store by its name, or RZERO_ROLLOUTS_KEY of the environment, or none. */
import type { RolloutsRecipe } from '../../preload/contract/recipe-rollouts.js';
import { keyOf } from '../endpoints/keys/key-of.js';
import type { KeyStore } from '../lib/key-store.js';

const VARIABLE = 'RZERO_ROLLOUTS_KEY';

/** In clear text, for the engine process that asks with it. @throws LabError where the store has none of that name */
export async function rolloutsKey(
  { key }: Pick<RolloutsRecipe, 'key'>,
  store: KeyStore,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | null> {
  if (key === null) return env[VARIABLE]?.trim() || null;
  return (await keyOf({ kind: 'store', name: key }, store))?.reveal() ?? null;
}
