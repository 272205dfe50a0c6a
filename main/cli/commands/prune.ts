/** `rzero prune RUN`: frees the disk space of checkpoints that are no longer wanted. */
import type { Command } from 'commander';
import { dataDirOption, jsonOption, wholeNumber } from '../options.js';

interface Options {
  readonly keepLast: number;
  readonly best: boolean;
  readonly iterations: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerPrune(program: Command): void {
  program
    .command('prune')
    .summary("delete a run's checkpoints that are no longer wanted")
    .description(
      'Deletes checkpoints. Kept are the newest, the best and one per iteration unless said otherwise; rows always stay.',
    )
    .argument('<run>', "a run's id, the beginning of it, its name, or 'last'")
    .option('--keep-last <n>', 'newest checkpoints kept; 0 only for a finished run', wholeNumber, 1)
    .option('--no-best', 'delete the best one too')
    .option('--no-iterations', 'delete those at the ends of iterations too')
    .addOption(dataDirOption())
    .addOption(jsonOption('print what was freed as JSON'))
    .addHelpText('after', '\nExample:\n  $ rzero prune last --no-iterations')
    .action(async (run: string, options: Options) => {
      const { pruneRun } = await import('../../store/prune.js');
      const { withDatabase } = await import('../with-database.js');
      const { bytes } = await import('../view/format.js');
      const { keepLast: last, best, iterations } = options;
      const pruned = await withDatabase(options.dataDir, run, (db, row) =>
        pruneRun(db, row, { last, best, iterations }),
      );
      const text = `${pruned.checkpoints} checkpoints deleted, ${bytes(pruned.bytes)} freed`;
      process.stdout.write(`${options.json ? JSON.stringify(pruned) : text}\n`);
    });
}
