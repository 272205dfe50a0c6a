/** `rzero check RECIPE`: what a run would take and what stands in its way, before it is made. */
import type { Command } from 'commander';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { backendOption, collect, dataDirOption, jsonOption, wholeNumber } from '../options.js';
import type { Shell } from '../program.js';

interface Options {
  readonly set: string[];
  readonly seed?: number;
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly measure?: boolean;
  readonly json?: boolean;
}

export function registerCheck(program: Command, shell: Shell): void {
  program
    .command('check')
    .summary('what a run of a recipe would take')
    .description(
      'Says what a run would compute on, the memory, disk and time it would take, and what stands in its way. Nothing is started; it fails where the run would.',
    )
    .argument('<recipe>', 'a shipped recipe or the path of a YAML file')
    .option('--set <key=value>', 'change a value of the recipe; may be given again', collect, [])
    .option('--seed <n>', "the run's seed (default: the recipe's)", wholeNumber)
    .option('--measure', 'load the model and measure it for the time a run takes: half a minute or more')
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print what was found as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero check nano --measure
  $ rzero check r-zero-qwen3-4b --set 'lora={rank: 16, base_dtype: bfloat16}'`,
    )
    .action(async (name: string, options: Options) => {
      const { loadRecipe } = await import('../../coevolution/recipe.js');
      const { BackendProbe } = await import('../../lab/preflight/backend-probe.js');
      const { Foreteller } = await import('../../lab/preflight/foreteller.js');
      const { findCards } = await import('../../lab/machine/gpu.js');
      const { preflight } = await import('../../lab/preflight/preflight.js');
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const { preflightText } = await import('../view/preflight-text.js');
      const recipe = loadRecipe(name, { set: options.set, seed: options.seed });
      const lab = openLab(options.dataDir);
      try {
        const look = { probe: new BackendProbe(lab), foreteller: new Foreteller(lab), cards: findCards };
        const found = await interruptible((signal) =>
          preflight(lab, look, {
            ...{ recipe, backend: options.backend, runs: 1, measure: options.measure ?? false, signal },
          }),
        );
        const text = options.json ? JSON.stringify(found) : preflightText(recipe.name, found).join('\n');
        process.stdout.write(`${text}\n`);
        if (found.blockers.length > 0) shell.exitCode = 1;
      } finally {
        await lab.close();
      }
    });
}
