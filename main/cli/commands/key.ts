/** `rzero key set|check|delete NAME`: keys of endpoints in the system's key store. No command ever shows one. */
import { Argument, type Command } from 'commander';
import { LabError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { keyName } from '../judge-options.js';

export function registerKey(program: Command): void {
  program
    .command('key')
    .summary("keep an endpoint's key in the system's key store")
    .description(
      "Keeps keys of endpoints in the system's own key store (secret service, Keychain, Credential Manager). A key is typed without being shown, or read from standard input; it is never an argument and never printed.",
    )
    .addArgument(new Argument('<do>', 'what to do').choices(['set', 'check', 'delete']))
    .addArgument(new Argument('<name>', 'what to call the key').argParser(keyName))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero key set openai                     asks for the key
  $ rzero key set openai < key-on-one-line   reads it
  $ rzero judge last --endpoint https://host/v1 --model NAME --key openai
  $ rzero key delete openai`,
    )
    .action(async (what: 'set' | 'check' | 'delete', name: string) => {
      const { SystemKeys } = await import('../../endpoints/keys/system-keys.js');
      const keys = new SystemKeys();
      if (what === 'set') {
        await keys.put(name, await askForKey());
        process.stdout.write(`"${name}" is kept by ${keys.name}.\n`);
      } else if (what === 'delete') {
        if (!(await keys.remove(name))) throw missing(keys.name, name);
        process.stdout.write(`"${name}" is deleted.\n`);
      } else {
        if ((await keys.get(name)) === null) throw missing(keys.name, name);
        process.stdout.write(`"${name}" is there.\n`);
      }
    });
}

function missing(store: string, name: string): LabError {
  return new LabError('not-found', `${store} has no key "${name}".`, { remedy: `Set it: rzero key set ${name}` });
}

async function askForKey(): Promise<Secret> {
  const { Secret } = await import('../../lib/secret.js');
  const { hiddenLine } = await import('../hidden-line.js');
  return Secret.of(await hiddenLine('Key: '), 'the input');
}
