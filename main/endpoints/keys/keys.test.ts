/** Keys and where they lie, with a program in place of the system's own that keeps what it is told in a file of its own. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SafeKeys, type SafeStorage } from '../../desktop/safe-keys.js';
import { Secret } from '../../lib/secret.js';
import { keyOf } from './key-of.js';
import { SystemKeys } from './system-keys.js';

const KEY = 'sk-very-secret-0123456789';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Speaks like secret-tool or security; notes its arguments. */
function program(): string {
  const path = join(folder, 'program.cjs');
  writeFileSync(
    path,
    `#!${process.execPath}
const fs = require('fs');
const [store, log] = [${JSON.stringify(join(folder, 'kept.json'))}, ${JSON.stringify(join(folder, 'arguments'))}];
const args = process.argv.slice(2);
fs.appendFileSync(log, args.join(' ') + '\\n');
const kept = fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, 'utf8')) : {};
const save = () => fs.writeFileSync(store, JSON.stringify(kept));
const name = args[args.indexOf('-a') + 1] || '';
const input = () => fs.readFileSync(0, 'utf8');
const give = (value) => (value === undefined ? process.exit(44) : process.stdout.write(value));
if (args[0] === 'lookup') give(kept[args[4]]);
else if (args[0] === 'store') (kept[args[5]] = input()), save();
else if (args[0] === 'clear') delete kept[args[4]], save();
else if (args[0] === '-i') {
  const [, account, hex] = / -a (\\S+) -X ([0-9a-f]+)\\n$/.exec(input());
  (kept[account] = Buffer.from(hex, 'hex').toString()), save();
} else if (args[0] === 'find-generic-password') give(kept[name] && kept[name] + '\\n');
else if (args[0] === 'delete-generic-password') delete kept[name], save();
else process.exit(1);
`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe('a secret', () => {
  const secret = Secret.of(` ${KEY}\n`, 'a test');

  // Would catch: a key in a log, an event or an error because somebody showed what holds it.
  it('shows itself nowhere', () => {
    const holder = { secret, list: [secret] };
    const error = new Error(`with ${secret.toString()}`, { cause: holder });
    const shown = [
      String(secret),
      JSON.stringify(holder),
      inspect(holder, { depth: 9, showHidden: true }),
      inspect(error),
    ];
    for (const text of shown) expect(text).not.toContain('secret-0123');
    expect(shown[0]).toBe('[key]');
    expect(secret.reveal()).toBe(KEY);
  });

  // Would catch: a header that throws with the key in its message, and a message that repeats what is no key.
  it('is refused without being repeated where no header can hold it', () => {
    for (const value of ['', '  ', 'two\nlines-secret', 'umlaut-sécret', 'spaced secret'])
      expect(() => Secret.of(value, 'RZERO_JUDGE_KEY')).toThrow(
        /^The key in RZERO_JUDGE_KEY is empty or has characters/,
      );
  });

  // Would catch: a key in what an endpoint says about it, whole or without its first or last letters.
  it('is taken out of texts of others', () => {
    expect(secret.scrub(`a ${KEY} b ${KEY.slice(2)} c ${KEY.slice(0, -3)} d`)).not.toMatch(/very-secret/);
    expect(secret.scrub('nothing of it')).toBe('nothing of it');
  });
});

describe('where a key comes from', () => {
  const store = (): SystemKeys => new SystemKeys('linux', program());

  // Would catch: a server of one's own that cannot be asked without a key, and a typing error taken for "no key".
  it('is the environment, and says which variable is missing', async () => {
    const from = (variable: string, env: Record<string, string>) =>
      keyOf({ kind: 'environment', variable }, store(), env);
    expect((await from('RZERO_JUDGE_KEY', { RZERO_JUDGE_KEY: KEY }))?.reveal()).toBe(KEY);
    expect(await from('RZERO_JUDGE_KEY', {})).toBeNull();
    expect((await from('HOST_KEY', { HOST_KEY: KEY }))?.reveal()).toBe(KEY);
    await expect(from('HOST_KEY', { HOST_KEY: ' ' })).rejects.toThrow('HOST_KEY is not set');
    expect(await keyOf({ kind: 'none' }, store(), { RZERO_JUDGE_KEY: KEY })).toBeNull();
    await expect(keyOf({ kind: 'store', name: 'openai' }, store(), {})).rejects.toThrow('no key "openai"');
  });
});

describe.each(['linux', 'darwin'] as const)("the system's key store on %s", (platform) => {
  // Would catch: a key among the arguments of a process, which every user of the machine can read.
  it('keeps, finds and deletes a key that is never an argument', async () => {
    const keys = new SystemKeys(platform, program());
    expect(await keys.unusable()).toBeNull();
    expect(await keys.get('openai')).toBeNull();
    await keys.put('openai', Secret.of(KEY, 'a test'));
    expect((await keys.get('openai'))?.reveal()).toBe(KEY);
    await keys.put('openai', Secret.of(`${KEY}9`, 'a test'));
    expect((await keys.get('openai'))?.reveal()).toBe(`${KEY}9`);
    expect(await keys.remove('openai')).toBe(true);
    expect(await keys.remove('openai')).toBe(false);
    const said = readFileSync(join(folder, 'arguments'), 'utf8');
    expect(said).toContain('openai');
    expect(said).not.toContain('secret');
    expect(said).not.toContain(Buffer.from(KEY).toString('hex'));
  });
});

// Would catch: a machine without a keyring that loses a key in silence, or writes it to a file instead.
it('a key store that is not there says what to do', async () => {
  const keys = new SystemKeys('linux', join(folder, 'missing'));
  expect(await keys.unusable()).toContain('secret-tool is not installed');
  await expect(keys.put('openai', Secret.of(KEY, 'a test'))).rejects.toThrow('cannot be used');
  const deaf = join(folder, 'deaf');
  writeFileSync(deaf, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  await expect(new SystemKeys('linux', deaf).put('openai', Secret.of(KEY, 'a test'))).rejects.toThrow('did not keep');
});

describe("the application's key store", () => {
  const flipped = (data: Buffer): Buffer => Buffer.from(data.map((byte) => byte ^ 0x55));
  const safe = (change: Partial<SafeStorage> = {}): SafeStorage => ({
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptString: (text) => flipped(Buffer.from(text)),
    decryptString: (data) => flipped(data).toString(),
    ...change,
  });
  const keysOf = (storage: SafeStorage): SafeKeys => new SafeKeys(storage, join(folder, 'app', 'keys.json'), 'linux');

  // Would catch: a file with the key in clear text.
  it('writes only what is encrypted', async () => {
    const keys = keysOf(safe());
    await keys.put('openai', Secret.of(KEY, 'a test'));
    expect((await keysOf(safe()).get('openai'))?.reveal()).toBe(KEY);
    const file = readFileSync(join(folder, 'app', 'keys.json'), 'latin1');
    expect(file).not.toContain('secret');
    expect(file).not.toContain(Buffer.from(KEY).toString('base64').slice(0, 12));
    expect(await keys.remove('openai')).toBe(true);
    expect(await keys.get('openai')).toBeNull();
  });

  // Would catch: Electron's fallback on Linux, which encrypts with a password that everybody knows, taken for a key store.
  it('refuses to keep anything where the system cannot encrypt', async () => {
    for (const none of [{ isEncryptionAvailable: () => false }, { getSelectedStorageBackend: () => 'basic_text' }]) {
      const keys = keysOf(safe(none));
      expect(await keys.unusable()).not.toBeNull();
      await expect(keys.put('openai', Secret.of(KEY, 'a test'))).rejects.toThrow('Keys cannot be kept here');
    }
  });

  // Would catch: an application that cannot be used any more because its keyring was reset.
  it('says that a key cannot be decrypted any more', async () => {
    await keysOf(safe()).put('openai', Secret.of(KEY, 'a test'));
    const broken = safe({
      decryptString: () => {
        throw new Error(KEY);
      },
    });
    await expect(keysOf(broken).get('openai')).rejects.toThrow('cannot be decrypted any more');
  });
});
