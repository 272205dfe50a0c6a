/** `rzero compare A B`: two measurements question by question, from the answers that were recorded. */
import type { Command } from 'commander';
import type { Comparison } from '../../../preload/contract/evaluations.js';
import { iterationPlace } from '../../../preload/contract/run-state.js';
import { LabError } from '../../lib/errors.js';
import { collectWords, dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly benchmark: string[];
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .summary('compare two measurements of the same questions')
    .description(
      'Compares what two runs, or two iterations of one, answered to the same benchmark questions: the difference B − A with its 95 % interval, the questions won and lost, and whether that could be chance (McNemar).',
    )
    .argument(
      '<a>',
      'a run, or RUN@N for its iteration N, RUN@base, RUN@before (fine-tuning), RUN@best, RUN@last (default: last)',
    )
    .argument('<b>', 'as A')
    .option('--benchmark <name>', 'only this one; may be given again', collectWords, [])
    .addOption(dataDirOption())
    .addOption(jsonOption('print the comparison as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero compare last@base last              what the newest run has gained
  $ rzero compare nano-seed-1 nano-seed-2     two runs after their last iterations
  $ rzero compare last@1 last@3 --benchmark chains-oneway --json`,
    )
    .action(async (a: string, b: string, options: Options) => {
      const { openLab } = await import('../open-lab.js');
      const { measurementOf } = await import('../measurement.js');
      const { comparisonText } = await import('../view/comparison-text.js');
      const lab = openLab(options.dataDir, { existing: true });
      try {
        const input = { a: measurementOf(lab, a), b: measurementOf(lab, b), benchmarks: options.benchmark };
        const comparison = await lab.ask('evaluations.compare', input);
        requireTwo(comparison);
        const text = options.json ? JSON.stringify(comparison) : comparisonText(comparison).join('\n');
        process.stdout.write(`${text}\n`);
      } finally {
        await lab.close();
      }
    });
}

/** Zeros with an interval around them would look like a finding. @throws LabError('usage') where both are one measurement */
export function requireTwo({ a, b }: Pick<Comparison, 'a' | 'b'>): void {
  if (a.run !== b.run || a.iteration !== b.iteration) return;
  throw new LabError('usage', `A and B are the same measurement: ${a.name}, ${iterationPlace(a.iteration)}.`, {
    remedy: 'Name two runs, or two iterations of one, such as last@base last.',
  });
}
