/** `rzero run RECIPE`: a new run from a recipe, followed until it is done or paused. */
import type { Command } from 'commander';
import { withNewRunOptions, type NewRunOptions } from '../new-run-options.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { Lab } from '../../lab/lab.js';
import { LabError } from '../../lib/errors.js';
import type { Shell } from '../program.js';

export function registerRun(program: Command, shell: Shell): void {
  withNewRunOptions(
    program
      .command('run')
      .summary('start a run from a recipe')
      .description('Starts a run and shows it until it is done. Ctrl-C pauses it at the next safe point.')
      .argument(
        '<recipe>',
        'a shipped recipe (nano, nano-rewrite, r-zero-paper, r-zero-qwen3-4b, r-zero-qwen3-8b, octothinker-3b, octothinker-8b, these four with -lora, smollm2-arithmetic, multiple-choice, short-facts) or the path of a YAML file',
      ),
  )
    .option('--allow-command', 'allow the program that the recipe runs to give servers new weights')
    .addHelpText(
      'after',
      `
Examples:
  $ rzero run nano
  $ rzero run nano --seed 7 --set solver.steps=10 --set solver.optimiser.learning_rate=1e-4
  $ rzero run ./my-recipe.yaml --name trial --json > events.jsonl`,
    )
    .action(async (recipe: string, options: NewRunOptions & { readonly allowCommand?: boolean }) => {
      const { loadRecipe } = await import('../../coevolution/recipe.js');
      const { requireExamples } = await import('../../coevolution/sft/require-data.js');
      const { openLab } = await import('../open-lab.js');
      const { follow } = await import('../follow.js');
      // The recipe, and what it is to learn from, are checked before anything is created.
      const loaded = loadRecipe(recipe, { set: options.set, seed: options.seed });
      await requireExamples(loaded.sft);
      const lab = openLab(options.dataDir);
      try {
        await requireServers(lab, loaded, options.allowCommand ?? false);
        const info = lab.createRun(loaded, { name: options.name, seed: options.seed });
        shell.exitCode = await follow(lab, info.id, { backend: options.backend, json: options.json ?? false });
      } finally {
        await lab.close();
      }
    });
}

/** @throws LabError where the run would pause at its first completion */
async function requireServers(lab: Lab, recipe: Recipe, allowCommand: boolean): Promise<void> {
  if (recipe.rollouts === null) return;
  const { allow, commandOf } = await import('../../rollouts/allowed.js');
  const { rolloutFaults } = await import('../../lab/preflight/rollouts.js');
  const command = commandOf(recipe.rollouts);
  if (allowCommand && command !== null) allow(lab.dataDir, command);
  const { blockers } = await rolloutFaults(lab, recipe);
  if (blockers.length > 0) throw new LabError('network', blockers.join(' '));
}
