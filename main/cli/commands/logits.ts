/** `rzero logits MODEL --tokens 1,2,3 --json`: what the model computes, for checking it against other engines. */
import type { Command } from 'commander';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { backendOption, dataDirOption, jsonOption, tokenIds } from '../options.js';
import { checkpointOption, roleOption, type ModelOptions } from '../model-options.js';

interface Options extends ModelOptions {
  readonly tokens: number[];
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

export function registerLogits(program: Command): void {
  program
    .command('logits')
    .summary("print a model's logits")
    .description("Prints the logits after every token, in float32. Without --json, each position's likeliest tokens.")
    .argument('<model>', 'builtin:nano, a folder in Hugging Face format, or a run')
    .requiredOption('--tokens <ids>', 'token ids parted by commas', tokenIds)
    .addOption(checkpointOption())
    .addOption(roleOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print {"logits": [[… one number per token of the vocabulary] per position]}'))
    .addHelpText('after', '\nExample:\n  $ rzero logits builtin:nano --tokens 1,2,3 --json > logits.json')
    .action(async (model: string, options: Options) => {
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const lab = openLab(options.dataDir);
      try {
        const { tokens, backend, checkpoint, role } = options;
        const named = model === 'last' ? lab.run(model).id : model;
        const input = { model: named, checkpoint, role, backend, tokens };
        const { logits } = await interruptible((signal) => lab.task('logits', input, { signal }));
        if (options.json) process.stdout.write(`${JSON.stringify({ logits: logits.map((row) => [...row]) })}\n`);
        else process.stdout.write(`${logits.map((row, t) => likeliest(tokens[t] ?? 0, row)).join('\n')}\n`);
      } finally {
        await lab.close();
      }
    });
}

function likeliest(token: number, row: Float32Array): string {
  const best = [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0)).slice(0, 5);
  return `${token} → ${best.map((id) => `${id} (${(row[id] ?? 0).toFixed(3)})`).join('  ')}`;
}
