/** Where keys lie: the system's own key store, whichever that is. Nothing of it is ever written in clear text. */
import type { Secret } from './secret.js';

export interface KeyStore {
  /** In words, for people. */
  readonly name: string;
  /** Why it cannot be used on this machine; null where it can. */
  unusable(): Promise<string | null>;
  /** Null where it has none of that name. */
  get(name: string): Promise<Secret | null>;
  put(name: string, secret: Secret): Promise<void>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
}
