/** `rzero oracles RUN`: how many labels are right by each oracle, and how well the oracles agree. */
import type { Command } from 'commander';
import type { RunRow } from '../../store/runs.js';
import { LabError } from '../../lib/errors.js';
import { dataDirOption, jsonOption, wholeNumber } from '../options.js';

interface Options {
  readonly iteration?: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerOracles(program: Command): void {
  program
    .command('oracles')
    .summary('what the labels of a run are worth, by each oracle')
    .description(
      "Shows the share of right pseudo-labels per iteration by each oracle (exact, judge models, people's audits), how well the oracles agree beyond chance, and rule-based and judge scores of evaluations beside each other.",
    )
    .argument('<run>', "a run's id, the beginning of it, its name, or 'last'")
    .option('--iteration <n>', 'only this iteration', wholeNumber)
    .addOption(dataDirOption())
    .addOption(jsonOption('print everything as JSON'))
    .addHelpText('after', '\nExamples:\n  $ rzero oracles last\n  $ rzero oracles last --json | jq .agreement')
    .action(async (query: string, options: Options) => {
      const { withDatabase } = await import('../with-database.js');
      const { oracleOverview } = await import('../../store/oracles/oracle-overview.js');
      const { oraclesText } = await import('../view/oracles-text.js');
      const { iteration = null } = options;
      const overview = await withDatabase(options.dataDir, query, async (db, run) => {
        const found = oracleOverview(db, { run: run.id, iteration });
        const { accuracy, agreement, answers } = found;
        if (accuracy.length + agreement.length + answers.length === 0) requireIteration(run, iteration);
        return found;
      });
      process.stdout.write(`${options.json ? JSON.stringify(overview) : oraclesText(overview).join('\n')}\n`);
    });
}

/** 0 is the base model, which has answers and no labels. */
function requireIteration({ name, cursor, iterations }: RunRow, wanted: number | null): void {
  const there = Math.max(0, cursor.iteration);
  if (wanted === null || wanted <= there) return;
  throw new LabError('not-found', `Run ${name} has no iteration ${wanted}: it is at ${there} of ${iterations}.`, {
    remedy: there === 0 ? 'Leave --iteration out.' : `Give --iteration 1${there === 1 ? '' : ` to ${there}`}.`,
  });
}
