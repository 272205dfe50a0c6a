/** `rzero sft DATA`: fine-tunes a model on prompts with given completions, as a run without iterations, followed like any other. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { Lab } from '../../lab/lab.js';
import { withNewRunOptions, type NewRunOptions } from '../new-run-options.js';
import type { Shell } from '../program.js';

interface Options extends NewRunOptions {
  readonly model: string;
  readonly recipe?: string;
}

export function registerSft(program: Command, shell: Shell): void {
  withNewRunOptions(
    program
      .command('sft')
      .summary('fine-tune a model on given completions')
      .description(
        'Supervised fine-tuning: learns the completions of a file, watched on a share of its prompts that is held out, and measures the benchmark before and after. It is a run with iterations=0; its weights are RUN@last.',
      )
      .argument(
        '<data>',
        'a JSONL, JSON, CSV or Parquet file with prompt and completion, question and answer, or messages; or chains-sft, which ships',
      )
      .option('--model <model>', 'builtin:nano, a model folder, or a run: RUN, RUN@last, RUN@best', 'builtin:nano')
      .option(
        '--recipe <recipe>',
        "what else the run is made by (default: the recipe of that run, or the model's usual one)",
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ rzero sft chains-sft --set sft.optimiser.learning_rate=3e-4
  $ rzero sft ./worked.jsonl --model trial@best --name after-r-zero
  $ rzero sft ./chats.parquet --model ./Qwen3-0.6B --set sft.epochs=2 --set sft.too_long=truncate
  $ rzero sft ./worked.csv --set sft.prompt_column=problem --set sft.completion_column=solution

The keys of sft are in docs/recipe.md, what a row may hold and what is learnt of it in docs/sft.md.`,
    )
    .action(async (data: string, options: Options) => {
      const { dataFile } = await import('../../tables/shipped.js');
      const { requireExamples } = await import('../../coevolution/sft/require-data.js');
      const { openLab } = await import('../open-lab.js');
      const { follow } = await import('../follow.js');
      // Before anything is created.
      dataFile(data);
      const lab = openLab(options.dataDir);
      try {
        const wanted = await recipeOf(lab, data, options);
        await requireExamples(wanted.sft);
        const info = lab.createRun(wanted, { name: options.name, seed: options.seed });
        shell.exitCode = await follow(lab, info.id, { backend: options.backend, json: options.json ?? false });
      } finally {
        await lab.close();
      }
    });
}

async function recipeOf(lab: Lab, data: string, { model: given, recipe, seed, ...options }: Options): Promise<Recipe> {
  const { loadRecipe, parseRecipe } = await import('../../coevolution/recipe.js');
  const { runModelName } = await import('../../../preload/contract/run-model.js');
  const model = given.startsWith('builtin:') || existsSync(given) || runModelName(given) ? given : `${given}@last`;
  const assigned = { model, 'sft.data': data, iterations: 0 };
  // JSON is YAML: a path with a colon or a blank in it stays one text.
  const own = Object.entries(assigned).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const overrides = { set: [...own, ...options.set], seed };
  const source = runModelName(model)?.run;
  if (recipe !== undefined || source === undefined) {
    return loadRecipe(recipe ?? (model === 'builtin:nano' ? 'nano' : 'r-zero-paper'), overrides);
  }
  // A model with a run's name that is not there is told as such, not as a run that was looked for.
  lab.baseModel({ model });
  const run = lab.run(source);
  return parseRecipe(lab.recipeOf(run.id), { ...overrides, source: `the recipe of ${run.name}` });
}
