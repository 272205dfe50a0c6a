/** `rzero delete RUN`: forgets runs for good, rows and files, after asking. */
import type { Command } from 'commander';
import type { RunInfo } from '../../../preload/contract/runs.js';
import { LabError } from '../../lib/errors.js';
import { confirmed } from '../confirmed.js';
import { dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly yes?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerDelete(program: Command): void {
  program
    .command('delete')
    .summary('forget runs for good')
    .description(
      'Deletes runs: their questions, answers, curves, reviews and checkpoints. Asks before it does; forks keep what they share.',
    )
    .argument('<run...>', "a run's id, the beginning of it, its name, or 'last'")
    .option('--yes', 'delete without asking')
    .addOption(dataDirOption())
    .addOption(jsonOption('print the ids of what was deleted as a JSON array'))
    .addHelpText('after', '\nExample:\n  $ rzero delete last --yes')
    .action(async (queries: string[], { yes = false, dataDir, json = false }: Options) => {
      const { openLab } = await import('../open-lab.js');
      const { printable } = await import('../view/format.js');
      const lab = openLab(dataDir, { existing: true });
      try {
        // All are found before the first is gone: 'last' would be another one then.
        const runs = [...new Map(queries.map((query) => lab.run(query)).map((run) => [run.id, run])).values()];
        if (!yes && !(await agreed(runs))) {
          process.stderr.write('Nothing was deleted.\n');
          return;
        }
        for (const { id, name } of runs) {
          await lab.remove(id);
          if (!json) process.stdout.write(`${printable(name)} (${id}) is deleted.\n`);
        }
        if (json) process.stdout.write(`${JSON.stringify(runs.map(({ id }) => id))}\n`);
      } finally {
        await lab.close();
      }
    });
}

async function agreed(runs: readonly RunInfo[]): Promise<boolean> {
  const { printable } = await import('../view/format.js');
  const what = runs.map(({ id, name }) => (name === id ? id : `${printable(name)} (${id})`)).join(', ');
  return confirmed(
    `Delete ${what} for good?`,
    new LabError('usage', `Deleting ${what} cannot be taken back, and nobody is here to be asked.`, {
      remedy: 'Add --yes if it is meant.',
    }),
  );
}
