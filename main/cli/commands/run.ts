/** `rzero run RECIPE`: a new run from a recipe, followed until it is done or paused. */
import type { Command } from 'commander';
import { withNewRunOptions, type NewRunOptions } from '../new-run-options.js';
import type { Shell } from '../program.js';

export function registerRun(program: Command, shell: Shell): void {
  withNewRunOptions(
    program
      .command('run')
      .summary('start a run from a recipe')
      .description('Starts a run and shows it until it is done. Ctrl-C pauses it at the next safe point.')
      .argument(
        '<recipe>',
        'a shipped recipe (nano, nano-rewrite, r-zero-paper, multiple-choice, short-facts) or the path of a YAML file',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ rzero run nano
  $ rzero run nano --seed 7 --set solver.steps=10 --set solver.optimiser.learning_rate=1e-4
  $ rzero run ./my-recipe.yaml --name trial --json > events.jsonl`,
    )
    .action(async (recipe: string, options: NewRunOptions) => {
      const { loadRecipe } = await import('../../coevolution/recipe.js');
      const { requireExamples } = await import('../../coevolution/sft/require-data.js');
      const { openLab } = await import('../open-lab.js');
      const { follow } = await import('../follow.js');
      // The recipe, and what it is to learn from, are checked before anything is created.
      const loaded = loadRecipe(recipe, { set: options.set, seed: options.seed });
      await requireExamples(loaded.sft);
      const lab = openLab(options.dataDir);
      try {
        const info = lab.createRun(loaded, { name: options.name, seed: options.seed });
        shell.exitCode = await follow(lab, info.id, { backend: options.backend, json: options.json ?? false });
      } finally {
        await lab.close();
      }
    });
}
