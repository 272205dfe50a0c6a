/**
 * Keys encrypted by the operating system through Electron's safeStorage; a file of the application's own folder holds what
 * comes of it. Where Linux has no keyring, Electron would encrypt with a password that everybody knows: that is refused.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../lib/errors.js';
import type { KeyStore } from '../lib/key-store.js';
import { Secret } from '../lib/secret.js';

/** What is used of Electron's safeStorage. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** Linux alone has it. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

export class SafeKeys implements KeyStore {
  readonly name = "this system's key store";

  constructor(
    private readonly safe: SafeStorage,
    private readonly path: string,
    private readonly platform: NodeJS.Platform = process.platform,
  ) {}

  async unusable(): Promise<string | null> {
    if (!this.safe.isEncryptionAvailable()) return 'the system offers no encryption';
    const backend = this.platform === 'linux' ? this.safe.getSelectedStorageBackend?.() : undefined;
    return backend === 'basic_text' ? 'no keyring is running (GNOME Keyring or KWallet)' : null;
  }

  async get(name: string): Promise<Secret | null> {
    const kept = this.read()[name];
    if (kept === undefined) return null;
    await this.requireUsable();
    try {
      return Secret.of(this.safe.decryptString(Buffer.from(kept, 'base64')), `"${name}"`);
    } catch {
      throw new LabError('usage', `The key "${name}" cannot be decrypted any more.`, {
        remedy: "The system's key store may have been reset: set the key again.",
      });
    }
  }

  async put(name: string, secret: Secret): Promise<void> {
    await this.requireUsable();
    this.write({ ...this.read(), [name]: this.safe.encryptString(secret.reveal()).toString('base64') });
  }

  async remove(name: string): Promise<boolean> {
    const { [name]: gone, ...rest } = this.read();
    if (gone === undefined) return false;
    this.write(rest);
    return true;
  }

  private async requireUsable(): Promise<void> {
    const why = await this.unusable();
    if (why === null) return;
    throw new LabError('usage', `Keys cannot be kept here: ${why}.`, {
      remedy: 'Start a keyring, or put the key into the environment before the application starts (RZERO_JUDGE_KEY).',
    });
  }

  private read(): Readonly<Record<string, string>> {
    try {
      const value: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      const entries = Object.entries(value ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      );
      return Object.fromEntries(entries);
    } catch {
      return {};
    }
  }

  private write(keys: Readonly<Record<string, string>>): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.partial`, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
    renameSync(`${this.path}.partial`, this.path);
  }
}
