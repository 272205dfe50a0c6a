/** `rzero rollouts check|allow`: servers that sample for a run, looked at before there is one. */
import type { Command } from 'commander';
import type { RolloutsRecipe } from '../../../preload/contract/recipe-rollouts.js';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { LabError } from '../../lib/errors.js';
import { checkpointOption, roleOption, type ModelOptions } from '../model-options.js';
import { backendOption, dataDirOption, jsonOption } from '../options.js';
import type { Shell } from '../program.js';

interface CheckOptions extends ModelOptions {
  readonly server?: string;
  readonly model?: string;
  readonly servedName?: string;
  readonly tolerance?: number;
  readonly key?: string;
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

export function registerRollouts(program: Command, shell: Shell): void {
  const group = program
    .command('rollouts')
    .summary('servers that sample for a run: check one, allow a command')
    .description(
      'Looks at OpenAI-compatible servers that a recipe has something sampled at (docs/rollout-servers.md).',
    );
  registerCheck(group, shell);
  registerAllow(group);
}

function registerCheck(group: Command, shell: Shell): void {
  group
    .command('check')
    .summary('reach a server, compare its weights, measure its speed')
    .description(
      "Reaches the servers of a recipe, or one by its address, and tells what they serve, whether its log-probabilities are those of the recipe's model, how fast they sample, and which ways to new weights they offer. Nothing is changed there.",
    )
    .argument('[recipe]', 'a recipe with rollouts')
    .option('--server <url>', 'an address instead of a recipe, such as http://127.0.0.1:8000/v1')
    .option('--model <model>', 'what it should serve: builtin:nano, a folder in Hugging Face format, or a run')
    .option('--served-name <name>', "the model's name there (default: the only one)")
    .option('--tolerance <nats>', 'largest difference that counts as rounding', positive)
    .option('--key <name>', 'name of a key in the key store (default: RZERO_ROLLOUTS_KEY, or none)')
    .addOption(checkpointOption())
    .addOption(roleOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print what was found as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero rollouts check ./served.yaml
  $ rzero rollouts check --server http://127.0.0.1:8000/v1 --model builtin:nano
  $ rzero rollouts check --server https://gpu.example/v1 --model ~/models/Qwen3-0.6B-Base --tolerance 0.3 --key gpu`,
    )
    .action(async (recipe: string | undefined, options: CheckOptions) => {
      const asked = await wish(recipe, options);
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const { lookText } = await import('../view/rollouts-text.js');
      const lab = openLab(options.dataDir);
      try {
        const { checkpoint, role, backend } = options;
        const model = asked.model === 'last' ? lab.run('last').id : lab.baseModel({ model: asked.model });
        const key = await lab.rolloutsKey(asked.rollouts);
        const input = { ...asked, model, key, checkpoint, role, backend };
        const { servers } = await interruptible((signal) => lab.task('rollouts', input, { signal }));
        process.stdout.write(`${options.json ? JSON.stringify({ servers }) : servers.map(lookText).join('\n\n')}\n`);
        if (servers.some(({ problem }) => problem !== null)) shell.exitCode = 1;
      } finally {
        await lab.close();
      }
    });
}

/** @throws LabError('usage') */
async function wish(
  recipe: string | undefined,
  options: CheckOptions,
): Promise<{ model: string; rollouts: RolloutsRecipe; anyName: boolean }> {
  const { rolloutsSchema } = await import('../../../preload/contract/recipe-rollouts.js');
  const check = options.tolerance === undefined ? {} : { tolerance: options.tolerance };
  if (recipe !== undefined) {
    if (options.server !== undefined) throw new LabError('usage', 'Give a recipe or --server, not both.');
    const { loadRecipe } = await import('../../coevolution/recipe.js');
    const loaded = loadRecipe(recipe);
    if (loaded.rollouts === null)
      throw new LabError('usage', `The recipe ${loaded.name} has no rollouts: everything is sampled here.`, {
        remedy: 'Add the key rollouts (docs/rollout-servers.md), or give --server and --model.',
      });
    const { rollouts } = loaded;
    const model = options.servedName ?? rollouts.model;
    const key = options.key ?? rollouts.key;
    return {
      model: options.model ?? loaded.model,
      rollouts: { ...rollouts, model, key, check: { ...rollouts.check, ...check } },
      anyName: false,
    };
  }
  if (options.server === undefined || options.model === undefined)
    throw new LabError('usage', 'Say what to look at: a recipe, or --server and --model.', {
      remedy: 'For example: rzero rollouts check --server http://127.0.0.1:8000/v1 --model builtin:nano',
    });
  const rollouts = rolloutsSchema.safeParse({
    servers: [options.server],
    model: options.servedName ?? options.model.slice(0, 500),
    check,
    key: options.key ?? null,
    // Nothing is to be brought there: it serves the model, or it does not.
    weights: { reload: 'none' },
  });
  if (!rollouts.success) throw new LabError('usage', `${rollouts.error.issues[0]?.message ?? 'not valid'}.`);
  return { model: options.model, rollouts: rollouts.data, anyName: options.servedName === undefined };
}

function registerAllow(group: Command): void {
  group
    .command('allow')
    .summary('allow the command that a recipe runs')
    .description(
      'A recipe may come from anywhere, and with rollouts.weights.reload: command it names a program that runs with your rights. It is shown here and allowed, word for word, for this data directory.',
    )
    .argument('<recipe>', 'a recipe with rollouts.weights.command')
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ rzero rollouts allow ./served.yaml')
    .action(async (recipe: string, options: { readonly dataDir?: string }) => {
      const { loadRecipe } = await import('../../coevolution/recipe.js');
      const { allow, commandOf } = await import('../../rollouts/allowed.js');
      const { resolve } = await import('node:path');
      const { defaultDataDir } = await import('../../lib/paths.js');
      const loaded = loadRecipe(recipe);
      const command = commandOf(loaded.rollouts);
      if (command === null) throw new LabError('usage', `The recipe ${loaded.name} runs no command.`);
      allow(resolve(options.dataDir ?? defaultDataDir()), command);
      process.stdout.write(`Allowed: ${command.join(' ')}\n`);
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 10))
    throw new LabError('usage', `--tolerance ${text}: it must be above 0 and at most 10.`);
  return value;
}
