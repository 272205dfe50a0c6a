/** `rzero export-model MODEL --out FOLDER`: a model, or the adapter of a run, as a folder for other programs. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { SavedAs } from '../../../preload/contract/tasks.js';
import { checkpointOption, roleOption, type ModelOptions } from '../model-options.js';
import { dataDirOption, jsonOption } from '../options.js';

interface Options extends ModelOptions {
  readonly out: string;
  readonly as: SavedAs;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerExportModel(program: Command): void {
  program
    .command('export-model')
    .summary('write a model as a Hugging Face folder, or an adapter as a PEFT folder')
    .description(
      'Writes what a role of a run has become, or any model, for transformers, vLLM or peft. What a run with lora trained is merged into its base; --as adapter writes the adapter alone.',
    )
    .argument('<model>', 'a run, a folder in Hugging Face or PEFT format, or builtin:nano')
    .requiredOption('--out <folder>', 'the folder to write, which must not be there')
    .addOption(
      new Option('--as <form>', 'whole weights of this type, or the adapter alone')
        .choices(['float32', 'bfloat16', 'adapter'])
        .default('float32'),
    )
    .addOption(checkpointOption())
    .addOption(roleOption())
    .addOption(dataDirOption())
    .addOption(jsonOption('print folder and bytes as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero export-model last --checkpoint best --out ./my-solver
  $ rzero export-model my-run --as adapter --out ./my-adapter
  $ rzero export-model ./my-adapter --as bfloat16 --out ./merged`,
    )
    .action(async (model: string, options: Options) => {
      const { resolve } = await import('node:path');
      const { existsSync } = await import('node:fs');
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const { bytes, printable } = await import('../view/format.js');
      const { modelCard } = await import('../../lab/models/model-card.js');
      const lab = openLab(options.dataDir);
      try {
        const { as, checkpoint, role } = options;
        const folder = resolve(options.out);
        const ofRun = !model.startsWith('builtin:') && !existsSync(model);
        const named = ofRun ? lab.run(model).id : model;
        const reference = ofRun ? { kind: 'run' as const, run: named, checkpoint, role } : null;
        const card = modelCard(lab, { model: reference, name: folder.split(/[\\/]/).at(-1) ?? '', as });
        const input = { model: named, checkpoint, role, folder, card, as };
        const saved = await interruptible((signal) => lab.task('save', input, { signal }));
        const text = `${bytes(saved.bytes)}: ${printable(saved.folder)}`;
        process.stdout.write(`${options.json ? JSON.stringify(saved) : text}\n`);
      } finally {
        await lab.close();
      }
    });
}
