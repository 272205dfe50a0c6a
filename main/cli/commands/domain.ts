/** `rzero domain`: what questions are about. Lists domains, shows what they ask and read, copies one to be changed, checks a folder. */
import type { Command } from 'commander';
import { jsonOption } from '../options.js';
import type { Shell } from '../program.js';

const WHICH = 'the name of a domain that ships, or the path of a folder with domain.yaml';

interface Options {
  readonly json?: boolean;
  readonly try?: string;
}

export function registerDomain(program: Command, shell: Shell): void {
  const domain = program
    .command('domain')
    .summary('what questions are about')
    .description(
      'Domains: what questions are about, how they are asked for and read. Each is a folder that can be copied and changed; a recipe names it by "domain".',
    )
    .addHelpText('after', EXAMPLES);
  domain
    .command('list', { isDefault: true })
    .description('Lists the domains that ship.')
    .addOption(jsonOption('print the domains as a JSON array'))
    // What is no command of this comes here.
    .allowExcessArguments()
    .action((_: object, command: Command) => list(command.args, command.optsWithGlobals<Options>()));
  domain
    .command('show')
    .description('Shows what a domain is, its prompts as models are given them, and its examples as they are read.')
    .argument('<domain>', WHICH)
    .option('--try <file>', 'say what the domain makes of the completion in a file; - is standard input')
    .addOption(jsonOption('print it as JSON'))
    .action((name: string, _: object, command: Command) => show(name, command.optsWithGlobals<Options>()));
  domain
    .command('copy')
    .description('Copies a domain into a new folder, to be changed there.')
    .argument('<domain>', WHICH)
    .argument('<folder>', 'where the copy goes; its name becomes the name of the domain')
    .action(copy);
  domain
    .command('check')
    .description(
      'Names every fault of a domain with file and line, and reads its examples. Exit code 1 where there are faults.',
    )
    .argument('<domain>', WHICH)
    .addOption(jsonOption('print the faults as a JSON array'))
    .action((name: string, _: object, command: Command) => check(name, command.optsWithGlobals<Options>(), shell));
}

const EXAMPLES = `
Examples:
  $ rzero domain list
  $ rzero domain show multiple-choice
  $ rzero domain show math --try completion.txt
  $ rzero domain copy short-facts ./lighthouses
  $ rzero domain check ./lighthouses
  $ rzero run short-facts --set domain=./lighthouses --set model=/models/Qwen3-4B-Base`;

async function list([strange]: readonly string[], { json }: Options): Promise<void> {
  const { LabError } = await import('../../lib/errors.js');
  if (strange !== undefined) {
    throw new LabError('usage', `There is no command "rzero domain ${strange}".`, {
      remedy: `There are list, show, copy and check: rzero domain show ${strange} shows a domain.`,
    });
  }
  const { readDomain, shippedDomains } = await import('../../coevolution/domain-folder.js');
  const { domainRows } = await import('../view/domain-text.js');
  const found = shippedDomains().map((name) => readDomain(name));
  if (json) {
    const rows = found.map(({ folder, digest, description }) => ({ folder, digest, ...description }));
    process.stdout.write(`${JSON.stringify(rows)}\n`);
  } else process.stdout.write(`${domainRows(found).join('\n')}\n`);
}

async function show(name: string, { json, try: file }: Options): Promise<void> {
  const { readDomain } = await import('../../coevolution/domain-folder.js');
  const { domainOf } = await import('../../domains/index.js');
  const { domainText, readingOf, readingText } = await import('../view/domain-text.js');
  const found = readDomain(name);
  const domain = domainOf(found.description);
  if (file !== undefined) {
    const completion = await completionIn(file);
    const reading = readingOf(domain, completion);
    process.stdout.write(json ? `${JSON.stringify(reading)}\n` : `${readingText(reading).join('\n')}\n`);
    return;
  }
  if (json) {
    const { folder, digest, description } = found;
    const { well_formed, malformed } = description.examples;
    const read = { well_formed: readingOf(domain, well_formed), malformed: readingOf(domain, malformed) };
    const { recipesFor } = await import('../../coevolution/domain-recipes.js');
    const recipes = recipesFor(found.reference, description).map((recipe) => recipe.name);
    process.stdout.write(`${JSON.stringify({ folder, digest, ...description, read, recipes })}\n`);
  } else say([...domainText(found, domain), '', ...(await beginning(name))]);
}

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

async function beginning(name: string): Promise<string[]> {
  const { readDomain } = await import('../../coevolution/domain-folder.js');
  const { recipesFor } = await import('../../coevolution/domain-recipes.js');
  const { beginText } = await import('../view/domain-begin.js');
  const { reference, description } = readDomain(name);
  return beginText(name, recipesFor(reference, description));
}

/** What of a copy still speaks of the field of the domain it was copied from. */
async function warningsOf(name: string): Promise<string[]> {
  const { readDomain } = await import('../../coevolution/domain-folder.js');
  const { unchangedSince } = await import('../../coevolution/domain-unchanged.js');
  const { unchangedText } = await import('../view/domain-begin.js');
  const { reference, description } = readDomain(name);
  const found = unchangedSince(reference, description);
  return found ? [unchangedText(found)] : [];
}

async function completionIn(file: string): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const { LabError } = await import('../../lib/errors.js');
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new LabError('usage', `${file} cannot be read.`, {
      cause,
      remedy: 'Name a file with one completion of a model, or - for standard input.',
    });
  }
}

async function copy(name: string, folder: string): Promise<void> {
  const { copyDomain } = await import('../../coevolution/domain-copy.js');
  const made = copyDomain(name, folder);
  say([
    `${made.folder} holds the domain ${made.name}: ${made.files.join(', ')}.`,
    ...(await warningsOf(folder)),
    `When it is as you want it: rzero domain check ${folder}`,
    `In a recipe: domain: ${folder}`,
    ...(await beginning(folder)),
  ]);
}

async function check(name: string, { json }: Options, shell: Shell): Promise<void> {
  const { checkFolder, faultText, findDomain } = await import('../../coevolution/domain-folder.js');
  const { exampleFaults } = await import('../view/domain-examples.js');
  const { folder } = findDomain(name);
  const { description, faults, files } = checkFolder(folder);
  const all = description ? exampleFaults(description, files) : faults;
  if (all.length > 0) shell.exitCode = 1;
  const warnings = all.length > 0 ? [] : await warningsOf(name);
  if (json) {
    process.stdout.write(`${JSON.stringify(all)}\n`);
    process.stderr.write(warnings.map((warning) => `Warning: ${warning}\n`).join(''));
  } else if (all.length > 0) process.stdout.write(all.map((fault) => `${faultText(fault)}\n`).join(''));
  else {
    say([
      `${folder} is in order: ${description?.name ?? ''}, ${Object.keys(files).join(', ')}.`,
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...(await beginning(name)),
    ]);
  }
}
