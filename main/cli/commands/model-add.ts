/** `rzero model add`: a folder is checked and listed; a model of the hub is looked at, agreed to, fetched, checked and listed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { HubPreview } from '../../../preload/contract/model-sources.js';
import { LabError } from '../../lib/errors.js';
import type { Lab } from '../../lab/lab.js';
import type { HubWish } from '../../lab/models/from-hub.js';
import { confirmed } from '../confirmed.js';
import { dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly revision?: string;
}

export function registerModelAdd(model: Command): void {
  model
    .command('add')
    .description(
      'Adds a folder in Hugging Face format, or fetches a model of the hub: config.json is read first, size and licence are shown, then weights (safetensors) and tokenizer come. A broken download goes on where it stopped.',
    )
    .argument('<folder or id>', 'the path of a folder, or OWNER/NAME of the hub')
    .option('--revision <revision>', 'branch, tag or commit of the repository (default: main)')
    .option('--yes', 'fetch without asking')
    .addOption(dataDirOption())
    .addOption(jsonOption('print what was added as JSON'))
    .action(async (reference: string, { dataDir, ...options }: Options) => {
      const { openLab } = await import('../open-lab.js');
      const lab = openLab(dataDir);
      try {
        if (existsSync(reference)) await addFolder(lab, reference, options);
        else await addFromHub(lab, await wishOf(reference, options.revision), options);
      } finally {
        await lab.close();
      }
    });
}

async function addFolder(lab: Lab, reference: string, { json, revision }: Options): Promise<void> {
  if (revision !== undefined) {
    throw new LabError('usage', `${reference} is a folder: it has no revisions.`, { remedy: 'Leave --revision out.' });
  }
  const { AddedModels } = await import('../../lab/models/added-models.js');
  const { interruptible } = await import('../interruptible.js');
  const folder = resolve(reference);
  await interruptible((signal) => lab.task('describe', { model: folder }, { signal }));
  const added = new AddedModels(lab.dataDir).addFolder(folder);
  process.stdout.write(json ? `${JSON.stringify(added)}\n` : `Added ${added.folder}.\n`);
}

async function wishOf(reference: string, revision: string | undefined): Promise<HubWish> {
  const { hubModelName } = await import('../../hub/model-name.js');
  const named = hubModelName(reference);
  if (named && revision !== undefined && reference.includes('@')) {
    throw new LabError('usage', `${reference} names a revision, and --revision another one.`, {
      remedy: 'Give one of them.',
    });
  }
  if (named) return { repository: named.id, revision: revision ?? named.revision };
  throw new LabError('usage', `There is no folder ${resolve(reference)}, and ${reference} is no name of the hub.`, {
    remedy: 'Give the path of a folder, or OWNER/NAME as in Qwen/Qwen3-0.6B.',
  });
}

async function addFromHub(lab: Lab, wish: HubWish, { json, yes }: Options): Promise<void> {
  const { AddedModels } = await import('../../lab/models/added-models.js');
  const { addHubModel, previewHubModel } = await import('../../lab/models/from-hub.js');
  const { interruptible } = await import('../interruptible.js');
  const { fetchLine, previewText } = await import('../view/model-text.js');
  const line = fetchLine(process.stderr);
  try {
    const { plan, preview } = await interruptible((signal) => previewHubModel(wish, { signal, tell: line.tell }));
    line.clear();
    process.stderr.write(`${previewText(preview).join('\n')}\n`);
    if (!yes && preview.missing > 0 && !(await agreed(preview))) {
      process.stderr.write('Nothing was fetched.\n');
      return;
    }
    const added = await interruptible(
      (signal) =>
        addHubModel(new AddedModels(lab.dataDir), plan, {
          ...{ signal, tell: line.tell },
          check: (folder) => lab.task('describe', { model: folder }, { signal }),
        }),
      'What has come is kept: the same command goes on from there.',
    );
    line.clear();
    process.stdout.write(json ? `${JSON.stringify(added)}\n` : `Added ${added.reference}: ${added.folder}\n`);
  } finally {
    line.clear();
  }
}

async function agreed({ repository, missing }: HubPreview): Promise<boolean> {
  const { bytes } = await import('../view/format.js');
  return confirmed(
    `Fetch ${bytes(missing)}?`,
    new LabError(
      'usage',
      `${repository} is not fetched: ${bytes(missing)} are to come, and nobody is here to be asked.`,
      {
        remedy: 'Add --yes if it is meant.',
      },
    ),
  );
}
