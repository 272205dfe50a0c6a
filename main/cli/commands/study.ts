/** `rzero study NAME`: a family of runs that answers one question, one after the other, and its table. */
import { InvalidArgumentError, type Command } from 'commander';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { LabError } from '../../lib/errors.js';
import { backendOption, collect, dataDirOption, jsonOption, positiveNumber, wholeNumber } from '../options.js';
import type { Shell } from '../program.js';

interface Options {
  readonly recipe: string;
  readonly set: string[];
  readonly data?: string;
  readonly seeds?: number;
  readonly seedList?: number[];
  readonly backend: BackendChoice;
  readonly keepCheckpoints?: boolean;
  readonly dryRun?: boolean;
  readonly plan?: boolean;
  readonly status?: boolean;
  readonly out?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerStudy(program: Command, shell: Shell): void {
  program
    .command('study')
    .summary('run a family of runs and write its table')
    .description(
      'Runs the arms of a study one after the other and writes one table, with means over seeds and intervals. A run that is there already and would come out the same is taken, not made again. Ctrl-C pauses; the same command goes on, and tries failed arms again.',
    )
    .argument('[name]', 'main-table, ablation, label-decay, amplifier, roles or iterations; without one: what there is')
    .option('--recipe <recipe>', 'the recipe all arms are made from: a shipped one or a YAML file', 'nano')
    .option('--set <key=value>', 'change a value of it, for all arms; may be given again', collect, [])
    .option('--data <file>', 'amplifier: what to fine-tune on, a file or a shipped set (the same as --set sft.data)')
    .option('--seeds <n>', 'seeds 0 to n - 1 (default: as before, or 3)', positiveNumber)
    .option('--seed-list <list>', 'these seeds, parted by commas', seedList)
    .option('--keep-checkpoints', 'leave the checkpoints of finished arms on the disk')
    .option('--dry-run', 'only say which arms there are, what of them is there, and how long the rest takes')
    .option('--plan', 'the same as --dry-run')
    .option('--status', 'only show how the study stands, with its table so far')
    .option('--out <file>', 'write the table to a file: .md, .csv or .json', documentName)
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print the table as JSON; with --dry-run the arms'))
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: Options) => {
      const { listStudies, runStudy } = await import('../study.js');
      if (name === undefined) return listStudies(options.dataDir, options.json ?? false);
      const { recipe, seeds, seedList, dryRun, plan, status, ...rest } = options;
      if (seeds !== undefined && seedList) {
        throw new LabError('usage', '--seeds and --seed-list exclude each other.', { remedy: 'Give one of them.' });
      }
      const { loadRecipe } = await import('../../coevolution/recipe.js');
      const wanted = seedList ?? (seeds === undefined ? null : Array.from({ length: seeds }, (_, i) => i));
      shell.exitCode = await runStudy({
        ...rest,
        wish: { family: name, recipe: loadRecipe(recipe, { set: await assignments(name, options) }), seeds: wanted },
        only: dryRun || plan ? 'plan' : status ? 'status' : null,
      });
    });
}

/** Data comes first: other keys of sft may be set only where there is some. */
async function assignments(family: string, { data, set }: Options): Promise<string[]> {
  if (data === undefined) return set;
  if (family !== 'amplifier') {
    throw new LabError('usage', `--data is for the study amplifier, not for ${family}.`, {
      remedy: 'To fine-tune before the loop in every arm, give --set sft.data=FILE.',
    });
  }
  const { dataFile } = await import('../../tables/shipped.js');
  dataFile(data);
  // JSON is YAML: a path with a colon or a blank in it stays one text.
  return [`sft.data=${JSON.stringify(data)}`, ...set];
}

const EXAMPLES = `
Examples:
  $ rzero study
  $ rzero study main-table --dry-run
  $ rzero study main-table --seeds 5 --out main-table.md
  $ rzero study ablation --recipe my-model.yaml --set solver.steps=20 --seed-list 1,2,3
  $ rzero study amplifier --recipe my-model.yaml --data worked.jsonl
  $ rzero study label-decay --status --json`;

function seedList(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > 100) throw new InvalidArgumentError('At most 100 seeds are possible.');
  const seeds = parts.map(wholeNumber);
  if (new Set(seeds).size < seeds.length) throw new InvalidArgumentError('A seed stands twice.');
  return seeds;
}

function documentName(text: string): string {
  if (!/\.(md|csv|json)$/.test(text)) throw new InvalidArgumentError('The name must end in .md, .csv or .json.');
  return text;
}
