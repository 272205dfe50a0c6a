/** The key that a request names, from the environment or a key store. */
import { DEFAULT_KEY_VARIABLE, type KeySource } from '../../../preload/contract/oracles.js';
import { LabError } from '../../lib/errors.js';
import type { KeyStore } from '../../lib/key-store.js';
import { Secret } from '../../lib/secret.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Null: none is wanted, or none stands where the first look goes, as for a server of one's own. */
export async function keyOf(
  source: KeySource,
  store: KeyStore,
  env: Environment = process.env,
): Promise<Secret | null> {
  switch (source.kind) {
    case 'none':
      return null;
    case 'environment': {
      const value = env[source.variable];
      if (value !== undefined && value.trim() !== '') return Secret.of(value, source.variable);
      if (source.variable === DEFAULT_KEY_VARIABLE) return null;
      throw new LabError('usage', `${source.variable} is not set in the environment of this program.`, {
        remedy: 'Set it before the program starts, or name a key of the key store.',
      });
    }
    case 'store': {
      const secret = await store.get(source.name);
      if (secret) return secret;
      throw new LabError('not-found', `${store.name} has no key "${source.name}".`, {
        remedy: `Set it: rzero key set ${source.name}`,
      });
    }
  }
}
