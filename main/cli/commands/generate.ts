/** `rzero generate MODEL --prompt TEXT`: what a model writes. */
import type { Command } from 'commander';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { unknownText } from '../../../preload/contract/unknown-text.js';
import { backendOption, dataDirOption, jsonOption, positiveNumber, realNumber, wholeNumber } from '../options.js';
import { checkpointOption, roleOption, type ModelOptions } from '../model-options.js';

interface Options extends ModelOptions {
  readonly prompt: string;
  readonly chat?: boolean;
  readonly samples: number;
  readonly seed: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxNewTokens?: number;
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

export function registerGenerate(program: Command): void {
  program
    .command('generate')
    .summary('let a model write')
    .description("Completes a prompt. What is not given comes from the model's generation config.")
    .argument('<model>', 'builtin:nano, a folder in Hugging Face format, or a run')
    .requiredOption('--prompt <text>', 'what to continue')
    .option('--chat', 'put the prompt into the chat template as a message of the user')
    .option('--samples <n>', 'completions', positiveNumber, 1)
    .option('--seed <n>', 'for sampling', wholeNumber, 0)
    .option('--temperature <t>', '0 is greedy', realNumber)
    .option('--top-p <p>', 'nucleus', realNumber)
    .option('--top-k <k>', '0 is off', wholeNumber)
    .option('--max-new-tokens <n>', 'limit', positiveNumber)
    .addOption(checkpointOption())
    .addOption(roleOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print tokens and log-probabilities too, as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero generate builtin:nano --prompt "<bos><question>3+4-5</question>" --samples 4 --temperature 1
  $ rzero generate ./Qwen3-0.6B --chat --prompt "What is 17 times 23?"`,
    )
    .action(async (model: string, options: Options) => {
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const { printable } = await import('../view/format.js');
      const lab = openLab(options.dataDir);
      try {
        const { prompt, samples, seed, backend, checkpoint, role } = options;
        const { temperature = null, topP = null, topK = null, maxNewTokens = null } = options;
        const sampling = { samples, seed, temperature, topP, topK, maxNewTokens };
        const named = model === 'last' ? lab.run(model).id : model;
        const ask = { kind: 'text' as const, text: prompt, chat: options.chat ?? false };
        const input = { model: named, checkpoint, role, backend, ask, ...sampling };
        const output = await interruptible((signal) => lab.task('generate', input, { signal }));
        const { unknown } = output;
        if (unknown.length > 0)
          process.stderr.write(`${printable(`warning: The prompt holds ${unknownText(unknown)}.`)}\n`);
        if (options.json) process.stdout.write(`${JSON.stringify(output)}\n`);
        else process.stdout.write(`${output.completions.map(({ text }) => text).join('\n')}\n`);
      } finally {
        await lab.close();
      }
    });
}
