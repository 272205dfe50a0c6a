/** `rzero runs`: all runs, newest first. */
import type { Command } from 'commander';
import { shareOf } from '../../../preload/contract/run-state.js';
import type { RunInfo } from '../../../preload/contract/runs.js';
import { dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerRuns(program: Command): void {
  program
    .command('runs')
    .summary('list all runs')
    .description('Lists all runs, newest first.')
    .addOption(dataDirOption())
    .addOption(jsonOption('print the runs as a JSON array'))
    .addHelpText('after', '\nExample:\n  $ rzero runs --json')
    .action(async (options: Options) => {
      const runs = await runsIn(options.dataDir);
      if (options.json) process.stdout.write(`${JSON.stringify(runs)}\n`);
      else process.stdout.write(`${(await runsText(runs)).join('\n')}\n`);
    });
}

/** A folder that was named must hold runs; the user's own may still be missing. */
async function runsIn(dataDir: string | undefined): Promise<RunInfo[]> {
  const { openLab } = await import('../open-lab.js');
  const { LabError } = await import('../../lib/errors.js');
  try {
    const lab = openLab(dataDir, { existing: true });
    try {
      return lab.runs();
    } finally {
      await lab.close();
    }
  } catch (error) {
    if (dataDir === undefined && error instanceof LabError && error.code === 'not-found') return [];
    throw error;
  }
}

async function runsText(runs: readonly RunInfo[]): Promise<string[]> {
  if (runs.length === 0) return ['No runs yet. Start one with: rzero run nano'];
  const { table } = await import('../view/text.js');
  const { duration, moment, percent, printable } = await import('../view/format.js');
  const left = (title: string): { title: string; align: 'left' } => ({ title, align: 'left' });
  // Told of all where it is not true of each.
  const told = runs.some((run) => !run.zeroData) ? ['zero-data'] : [];
  const columns = ['id', 'name', 'recipe', 'seed', 'state', 'at', 'greedy', ...told, 'time', 'started'].map(left);
  return table(
    columns,
    runs.map((run) => [
      run.id,
      printable(run.name),
      printable(run.recipe),
      String(run.seed),
      run.state,
      run.state === 'finished'
        ? `${run.iterations}/${run.iterations}`
        : `${run.cursor.iteration}/${run.iterations} ${run.cursor.phase}`,
      percent(shareOf(run.summaries.findLast((s) => s.evaluation)?.evaluation?.greedy)),
      ...told.map(() => (run.zeroData ? 'yes' : 'no')),
      duration(run.activeSeconds),
      moment(run.createdAt),
    ]),
  );
}
