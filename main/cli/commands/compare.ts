/** `rzero compare A B`: two measurements question by question, from the answers that were recorded. */
import { existsSync } from 'node:fs';
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
      'Compares what two runs, or two iterations of one, or two models measured by "rzero eval --out", answered to the same benchmark questions: the difference B − A with its 95 % interval, the questions won and lost, and whether that could be chance (McNemar).',
    )
    .argument(
      '<a>',
      'a run, or RUN@N for its iteration N, RUN@base, RUN@before (fine-tuning), RUN@best, RUN@last (default: last); or a file that "rzero eval --out" wrote (FILE.jsonl)',
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
  $ rzero compare last@1 last@3 --benchmark chains-oneway --json

  Models on a benchmark that no run has measured:
  $ rzero eval builtin:nano --benchmark ./mine.jsonl --out base.jsonl
  $ rzero eval last --benchmark ./mine.jsonl --out solver.jsonl
  $ rzero compare base.jsonl solver.jsonl
  Runs to come measure it themselves:
  $ rzero run nano --set 'evaluation.others=[{benchmark: ./mine.jsonl}]'`,
    )
    .action(async (a: string, b: string, options: Options) => {
      if (areFiles(a, b)) return compareFiles(a, b, options);
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

async function compareFiles(a: string, b: string, { benchmark, json }: Options): Promise<void> {
  const { compareAnswerFiles } = await import('../../exports/compare-answers.js');
  const { fileComparisonText } = await import('../view/comparison-text.js');
  const comparison = await compareAnswerFiles(a, b, benchmark);
  process.stdout.write(`${json ? JSON.stringify(comparison) : fileComparisonText(comparison).join('\n')}\n`);
}

/** A file is told by its ending, or by being there at a path: a run may have any name. @throws LabError('usage') for one of each */
export function areFiles(a: string, b: string): boolean {
  const [first, second] = [a, b].map((name) => /\.jsonl$/i.test(name) || (/[\\/]/.test(name) && existsSync(name)));
  if (first === second) return first === true;
  const [file, run] = first ? [a, b] : [b, a];
  throw new LabError('usage', `${file} is a file of answers, and ${run} a run: two of a kind compare.`, {
    remedy: `Measure the run on the same benchmark: rzero eval RUN --benchmark NAME --out FILE.jsonl.`,
  });
}

/** Zeros with an interval around them would look like a finding. @throws LabError('usage') where both are one measurement */
export function requireTwo({ a, b }: Pick<Comparison, 'a' | 'b'>): void {
  if (a.run !== b.run || a.iteration !== b.iteration) return;
  throw new LabError('usage', `A and B are the same measurement: ${a.name}, ${iterationPlace(a.iteration)}.`, {
    remedy: 'Name two runs, or two iterations of one, such as last@base last.',
  });
}
