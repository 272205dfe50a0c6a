/** `rzero doctor`: the machine, each backend, memory, disk, and what to do. */
import type { Command } from 'commander';
import { dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('what this machine can compute with')
    .description('Measures every backend on this machine, and says what would make it faster. Takes about a minute.')
    .addOption(dataDirOption())
    .addOption(jsonOption('print the report as JSON'))
    .addHelpText('after', '\nExample:\n  $ rzero doctor')
    .action(async (options: Options) => {
      const { runTask } = await import('../../lab/engine-task.js');
      const { nodeLauncher } = await import('../open-lab.js');
      const { defaultDataDir } = await import('../../lib/paths.js');
      const { interruptible } = await import('../interruptible.js');
      const { doctorText } = await import('../view/doctor-text.js');
      const { resolve } = await import('node:path');
      // Without the lab: looking at a machine must not make a database.
      const input = { dataDir: options.dataDir === undefined ? defaultDataDir() : resolve(options.dataDir) };
      const report = await interruptible((signal) => runTask(nodeLauncher(), { name: 'doctor', input }, { signal }));
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${doctorText(report).join('\n')}\n`);
    });
}
