/** `rzero export RUN --what … --format … --out PATH`: what a run recorded, as a file for other programs. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { dataDirOption, jsonOption } from '../options.js';

interface Options {
  readonly what: string;
  readonly format?: string;
  readonly out: string;
  readonly heldOut?: string;
  readonly force?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .summary('write what a run recorded into a file')
    .description(
      'Writes questions, the training data, metrics, answers to its own questions or answers to benchmarks (evaluations); also while it goes on. The column zero_data is false once reviews changed what the Solver learnt from.',
    )
    .argument('<run>', "a run's id, the beginning of it, its name, or 'last'")
    .addOption(
      new Option('--what <table>', 'which rows')
        .choices(['questions', 'dataset', 'metrics', 'answers', 'evaluations'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--format <format>', 'of the file (default: by the ending of --out, else jsonl)').choices([
        'jsonl',
        'csv',
        'parquet',
      ]),
    )
    .requiredOption('--out <path>', 'the file to write')
    .addOption(
      new Option(
        '--held-out <overlap>',
        'of questions or dataset: only those that overlap so with a benchmark',
      ).choices(['exact', 'near', 'any', 'none']),
    )
    .option('--force', 'replace a file that exists')
    .addOption(dataDirOption())
    .addOption(jsonOption('print path, rows and bytes as JSON'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero export last --what dataset --out dataset.jsonl
  $ rzero export last --what questions --format parquet --out questions.parquet
  $ rzero export last --what dataset --held-out none --out clean.jsonl
  $ rzero export last --what evaluations --out evaluations.parquet`,
    )
    .action(async (run: string, options: Options) => {
      const { exportRun } = await import('../../exports/export-run.js');
      const { withDatabase } = await import('../with-database.js');
      const { bytes, grouped, printable } = await import('../view/format.js');
      const { what, out, force: overwrite, heldOut } = options;
      const format = options.format ?? /\.(csv|parquet)$/.exec(out)?.[1] ?? 'jsonl';
      const result = await withDatabase(options.dataDir, run, (db, { id }) =>
        exportRun({ db, runId: id, what, format, out, overwrite, ...(heldOut && { heldOut }) }),
      );
      const { NOT_ZERO_DATA } = await import('../../../preload/contract/run-state.js');
      const mark = result.zeroData ? '' : ` (${NOT_ZERO_DATA})`;
      const text = `${grouped(result.rows)} rows, ${bytes(result.bytes)}: ${printable(result.path)}${mark}`;
      process.stdout.write(`${options.json ? JSON.stringify(result) : text}\n`);
    });
}
