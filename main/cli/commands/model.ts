/** `rzero model`: the models there are, added from folders and the hub, looked into, taken off the list. */
import type { Command } from 'commander';
import { runModelName } from '../../../preload/contract/run-model.js';
import { LabError } from '../../lib/errors.js';
import { confirmed } from '../confirmed.js';
import { dataDirOption, jsonOption } from '../options.js';
import { registerModelAdd } from './model-add.js';
import { registerModelChat } from './model-chat.js';

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly deleteFiles?: boolean;
}

export function registerModel(program: Command): void {
  const model = program
    .command('model')
    .summary('models to train and to ask')
    .description(
      "Models: the one that ships, your folders, and models of Hugging Face's hub. What was added is known by its name to every recipe and command. Models of the hub lie in the cache that Hugging Face's programs share, so that nothing is fetched twice.",
    )
    .addHelpText('after', EXAMPLES);
  registerList(model);
  registerModelAdd(model);
  registerInspect(model);
  registerModelChat(model);
  registerRemove(model);
}

const EXAMPLES = `
Examples:
  $ rzero model                                     what there is
  $ rzero model add Qwen/Qwen3-0.6B                 from the hub: size and licence first
  $ rzero model add OWNER/NAME --revision v1.0 --yes
  $ rzero model add /models/my-llama                a folder in Hugging Face format
  $ rzero model inspect Qwen/Qwen3-0.6B             what it is, whether it can be trained here
  $ rzero run r-zero-paper --set model=Qwen/Qwen3-0.6B
  $ rzero model remove Qwen/Qwen3-0.6B --delete-files

HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are heeded as Hugging Face's own programs do.`;

function registerList(model: Command): void {
  model
    .command('list', { isDefault: true })
    .description('Lists the models that ship and those that were added.')
    .addOption(dataDirOption())
    .addOption(jsonOption('print the list as JSON'))
    .action(async ({ dataDir, json }: Options) => {
      const { listedModels } = await import('../../lab/models/listed.js');
      const { modelTable } = await import('../view/model-text.js');
      const { defaultDataDir } = await import('../../lib/paths.js');
      const models = listedModels(dataDir ?? defaultDataDir());
      process.stdout.write(json ? `${JSON.stringify(models)}\n` : `${modelTable(models).join('\n')}\n`);
    });
}

function registerInspect(model: Command): void {
  model
    .command('inspect')
    .description(
      'Says what a model is: architecture, size, vocabulary, context, licence, how it is asked, and whether it can be trained here. Reads the heads of its weights, so that files that do not fit each other are told.',
    )
    .argument('<model>', 'builtin:nano, a folder, OWNER/NAME of the hub, or a run (RUN@last)')
    .addOption(dataDirOption())
    .addOption(jsonOption('print it as JSON'))
    .action(async (reference: string, { dataDir, json }: Options) => {
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const { inspectModel } = await import('../../lab/models/inspect.js');
      const { inspectionText } = await import('../view/model-text.js');
      const lab = openLab(dataDir);
      try {
        const base = runModelName(reference) ? lab.baseModel({ model: reference }) : reference;
        const found = await interruptible((signal) => inspectModel(lab, base, { signal }));
        process.stdout.write(json ? `${JSON.stringify(found)}\n` : `${inspectionText(found).join('\n')}\n`);
      } finally {
        await lab.close();
      }
    });
}

function registerRemove(model: Command): void {
  model
    .command('remove')
    .description('Takes a model off the list. Its files stay, unless --delete-files says otherwise.')
    .argument('<model>', 'as the list calls it')
    .option('--delete-files', 'delete the files too: of a model of the hub that this program fetched')
    .option('--yes', 'delete without asking')
    .addOption(dataDirOption())
    .addOption(jsonOption('print what was removed as JSON'))
    .action(async (reference: string, { dataDir, json, yes, deleteFiles = false }: Options) => {
      const { AddedModels } = await import('../../lab/models/added-models.js');
      const { namedModel } = await import('../../lab/models/listed.js');
      const { defaultDataDir } = await import('../../lib/paths.js');
      const { bytes, printable } = await import('../view/format.js');
      const place = dataDir ?? defaultDataDir();
      const found = namedModel(place, reference);
      const name = printable(found.reference);
      if (deleteFiles && found.kind === 'hub' && found.freeable > 0) {
        const question = `Delete ${bytes(found.freeable)} of ${name} in ${found.folder}?`;
        const unasked = new LabError(
          'usage',
          `Deleting ${bytes(found.freeable)} cannot be taken back, and nobody is here to be asked.`,
          {
            remedy: 'Add --yes if it is meant.',
          },
        );
        if (!yes && !(await confirmed(question, unasked))) {
          process.stderr.write('Nothing was removed.\n');
          return;
        }
      }
      const freed = new AddedModels(place).remove(found.id, deleteFiles);
      if (json) process.stdout.write(`${JSON.stringify({ removed: found.reference, freed })}\n`);
      else
        process.stdout.write(`${name} is off the list${freed > 0 ? `, ${bytes(freed)} freed` : '; its files stay'}.\n`);
    });
}
