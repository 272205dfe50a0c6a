/** `rzero show RUN`: where a run stands and what it has shown. */
import type { Command } from 'commander';
import { dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerShow(program: Command): void {
  program
    .command('show')
    .summary('show one run')
    .description('Shows where a run stands, its plots, its table per iteration and its checkpoints.')
    .argument('<run>', "a run's id, the beginning of it, its name, or 'last'")
    .addOption(dataDirOption())
    .addOption(jsonOption('print the run as JSON'))
    .addHelpText('after', '\nExamples:\n  $ rzero show last\n  $ rzero show last --json | jq .summaries')
    .action(async (query: string, options: Options) => {
      const { openLab } = await import('../open-lab.js');
      const lab = openLab(options.dataDir, { existing: true });
      try {
        const info = lab.run(query);
        const checkpoints = lab.checkpoints(info.id);
        if (options.json) {
          process.stdout.write(`${JSON.stringify({ ...info, checkpoints })}\n`);
          return;
        }
        const { showText } = await import('../view/show-text.js');
        const { gainsOf } = await import('../gains.js');
        const { wantsColour } = await import('../view/colours.js');
        const columns = process.stdout.isTTY ? process.stdout.columns : 100;
        const text = showText(
          { info, events: lab.history(info.id), checkpoints, gains: await gainsOf(lab, info.id) },
          {
            columns,
            colour: wantsColour(process.stdout),
            now: Date.now(),
          },
        );
        process.stdout.write(`${text}\n`);
      } finally {
        await lab.close();
      }
    });
}
