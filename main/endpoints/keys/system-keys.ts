/**
 * The key store of the operating system, by the program that comes with it: `secret-tool` (libsecret: GNOME Keyring,
 * KWallet) on Linux, `security` (Keychain) on macOS, the PasswordVault (Credential Manager) by PowerShell on Windows.
 */
import type { KeyStore } from '../../lib/key-store.js';
import { LabError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { callProgram, type Called } from './program.js';

const SERVICE = 'rzero-lab';

/** How one system's program is spoken to. */
interface Dialect {
  readonly name: string;
  readonly program: string;
  readonly missing: string;
  get(name: string): Promise<Called>;
  put(name: string, value: string): Promise<Called>;
  remove(name: string): Promise<Called>;
}

const of = (name: string): string[] => ['service', SERVICE, 'account', name];

function secretTool(program: string): Dialect {
  return {
    ...{ name: 'the secret service of this desktop (secret-tool)', program },
    missing: 'secret-tool is not installed (Debian and Ubuntu: libsecret-tools), or no keyring is running',
    get: (name) => callProgram(program, ['lookup', ...of(name)]),
    put: (name, value) => callProgram(program, ['store', `--label=R-Zero Lab: ${name}`, ...of(name)], value),
    remove: (name) => callProgram(program, ['clear', ...of(name)]),
  };
}

function keychain(program: string): Dialect {
  const hex = (value: string): string => Buffer.from(value).toString('hex');
  return {
    ...{ name: 'the Keychain (security)', program, missing: 'the program security is not there' },
    get: (name) => callProgram(program, ['find-generic-password', '-s', SERVICE, '-a', name, '-w']),
    // `-i` reads commands from the input, so that the value is no argument.
    put: (name, value) =>
      callProgram(program, ['-i'], `add-generic-password -U -s ${SERVICE} -a ${name} -X ${hex(value)}\n`),
    remove: (name) => callProgram(program, ['delete-generic-password', '-s', SERVICE, '-a', name]),
  };
}

function passwordVault(program: string): Dialect {
  const vault =
    '[void][Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime];$v=New-Object Windows.Security.Credentials.PasswordVault;';
  const call = (script: string, input?: string): Promise<Called> =>
    callProgram(
      program,
      ['-NoProfile', '-NonInteractive', '-Command', `$ErrorActionPreference='Stop';${vault}${script}`],
      input,
    );
  const found = (name: string): string => `$c=$v.Retrieve('${SERVICE}','${name}');`;
  return {
    ...{ name: 'the Credential Manager', program, missing: 'PowerShell is not there' },
    get: (name) => call(`${found(name)}$c.RetrievePassword();[Console]::Out.Write($c.Password)`),
    put: (name, value) =>
      call(
        `$p=[Console]::In.ReadLine();$v.Add((New-Object Windows.Security.Credentials.PasswordCredential('${SERVICE}','${name}',$p)))`,
        `${value}\n`,
      ),
    remove: (name) => call(`${found(name)}$v.Remove($c)`),
  };
}

/** RZERO_KEY_PROGRAM names another program that speaks like this system's own: tests put one there. */
function dialectOf(platform: NodeJS.Platform, program: string | undefined): Dialect {
  if (platform === 'darwin') return keychain(program ?? '/usr/bin/security');
  // PowerShell 7 has no Windows Runtime; the one that comes with Windows has.
  if (platform === 'win32') return passwordVault(program ?? 'powershell.exe');
  return secretTool(program ?? 'secret-tool');
}

export class SystemKeys implements KeyStore {
  private readonly dialect: Dialect;

  constructor(platform: NodeJS.Platform = process.platform, program = process.env['RZERO_KEY_PROGRAM']) {
    this.dialect = dialectOf(platform, program);
  }

  get name(): string {
    return this.dialect.name;
  }

  async unusable(): Promise<string | null> {
    const { code } = await this.dialect.get('is-there');
    return code === null ? this.dialect.missing : null;
  }

  async get(name: string): Promise<Secret | null> {
    const { code, output } = await this.called(this.dialect.get(name));
    const value = output.replace(/\r?\n$/, '');
    return code === 0 && value !== '' ? Secret.of(value, `${this.name}, "${name}"`) : null;
  }

  async put(name: string, secret: Secret): Promise<void> {
    const { code } = await this.called(this.dialect.put(name, secret.reveal()));
    const kept = code === 0 && (await this.get(name))?.reveal() === secret.reveal();
    if (!kept)
      throw new LabError('usage', `${this.name} did not keep the key "${name}".`, {
        remedy: 'Unlock it, or put the key into the environment (RZERO_JUDGE_KEY or --key-env).',
      });
  }

  async remove(name: string): Promise<boolean> {
    if ((await this.get(name)) === null) return false;
    await this.called(this.dialect.remove(name));
    return (await this.get(name)) === null;
  }

  private async called(call: Promise<Called>): Promise<Called> {
    const done = await call;
    if (done.code === null)
      throw new LabError('usage', `This system's key store cannot be used: ${this.dialect.missing}.`, {
        remedy: 'Install it, or put the key into the environment (RZERO_JUDGE_KEY or --key-env).',
      });
    return done;
  }
}
