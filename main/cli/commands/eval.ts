/** `rzero eval MODEL_OR_RUN --benchmark NAME_OR_FILE`: accuracy on questions with known answers. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { backendOption, collectFirst, dataDirOption, jsonOption, positiveNumber, wholeNumber } from '../options.js';
import { checkpointOption, roleOption, type ModelOptions } from '../model-options.js';

interface Options extends ModelOptions {
  readonly benchmark: string[];
  readonly out?: string;
  readonly recipe?: string;
  readonly samples?: number;
  readonly maxNewTokens?: number;
  readonly seed: number;
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

export function registerEval(program: Command): void {
  program
    .command('eval')
    .summary('measure a model on a benchmark')
    .description('Asks a model the questions of a benchmark: greedily, and k times with sampling (mean@k).')
    .argument('<model-or-run>', 'builtin:nano, a folder in Hugging Face format, or a run')
    .requiredOption(
      '--benchmark <name>',
      'a benchmark (rzero benchmark list), a file of questions, or SET=FILE; may be given again',
      collectFirst,
    )
    .option('--out <file.jsonl>', 'write every answer into a new file, one JSON object a line; rzero compare takes two')
    .option(
      '--recipe <recipe>',
      "gives domain, prompts and sampling (default: the run's; nano for nano and what came of it; else r-zero-paper)",
    )
    .option('--samples <k>', 'k of mean@k; 0 is greedy only (default: as the set or the recipe says)', wholeNumber)
    .option('--max-new-tokens <n>', 'limit of an answer (default: as the recipe says)', positiveNumber)
    .option('--seed <n>', 'for sampling', wholeNumber, 0)
    .addOption(checkpointOption())
    .addOption(roleOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print the evaluation as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero eval builtin:nano --benchmark chains-test --benchmark chains-oneway
  $ rzero eval last --benchmark chains-test --out answers.jsonl
  $ rzero eval ./model --benchmark ./gsm8k-test.parquet --max-new-tokens 2048
  $ rzero eval last --checkpoint best --benchmark ./my-questions.jsonl --recipe nano --samples 0`,
    )
    .action(async (model: string, options: Options) => {
      const { openLab } = await import('../open-lab.js');
      const { interruptible } = await import('../interruptible.js');
      const { evaluationText, progressNote } = await import('../view/evaluation-text.js');
      const lab = openLab(options.dataDir);
      const note = progressNote(process.stderr);
      try {
        const { benchmark, seed, backend, checkpoint, role } = options;
        const { recipe = null, samples = null, maxNewTokens = null } = options;
        const named = model === 'last' ? lab.run(model).id : model;
        const out = options.out === undefined ? null : resolve(options.out);
        const input = {
          ...{ model: named, checkpoint, role, backend, recipe, samples, maxNewTokens, seed, out },
          benchmarks: benchmark,
        };
        const onProgress = note.show;
        const output = await interruptible((signal) => lab.task('evaluate', input, { signal, onProgress }));
        note.clear();
        process.stdout.write(options.json ? `${JSON.stringify(output)}\n` : `${evaluationText(output).join('\n')}\n`);
      } finally {
        note.clear();
        await lab.close();
      }
    });
}
