/** `rzero benchmark`: the benchmarks there are, fetched, looked into, taken away. */
import type { Command } from 'commander';
import { jsonOption, positiveNumber } from '../options.js';

interface Options {
  readonly json?: boolean;
  readonly name?: string;
  readonly rows?: number;
  readonly config?: string;
  readonly split?: string;
  readonly revision?: string;
  readonly fresh?: boolean;
}

export function registerBenchmark(program: Command): void {
  const benchmark = program
    .command('benchmark')
    .summary('questions to measure with')
    .description(
      'Benchmarks: those that ship, the public sets that the paper measures with, and your own. What was fetched or added is known by its name to every recipe and list; it is kept in RZERO_BENCHMARKS_DIR, else in "benchmarks" of the data folder.',
    )
    .addHelpText('after', EXAMPLES);
  registerList(benchmark);
  registerGet(benchmark);
  registerAdd(benchmark);
  registerShow(benchmark);
  benchmark
    .command('remove')
    .description('Takes one that was fetched or added away. Results that were measured with it stay.')
    .argument('<name>', 'its name')
    .action(async (name: string) => {
      const { removeBenchmark } = await import('../../benchmarks/remove.js');
      const { originOf } = await import('../../benchmarks/shelf/manifest.js');
      const { printable } = await import('../view/format.js');
      const gone = await removeBenchmark(name);
      process.stdout.write(`${gone.name} is gone (${printable(originOf(gone))}).\n`);
    });
}

const EXAMPLES = `
Examples:
  $ rzero benchmark                                 what there is
  $ rzero benchmark get gsm8k                       from the hub, once; offline afterwards
  $ rzero benchmark get OWNER/NAME --split test     another repository of the hub
  $ rzero benchmark add ./mine.jsonl                a file with "question" and "answer", or of a public set
  $ rzero benchmark show math-500 --rows 5
  $ rzero eval MODEL --benchmark gsm8k
  $ rzero eval MODEL --benchmark ./gsm8k-test.parquet
  $ rzero eval MODEL --benchmark aime-2025=./aime.jsonl   said to be of a set whose columns alone do not tell

HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are heeded as Hugging Face's own programs do.`;

function registerList(benchmark: Command): void {
  benchmark
    .command('list', { isDefault: true })
    .description('Lists what is here and what can be fetched.')
    .addOption(jsonOption('print the list as JSON'))
    .action(async ({ json }: Options) => {
      const { benchmarkCatalogue } = await import('../../benchmarks/catalogue.js');
      const { benchmarkTable } = await import('../view/benchmark-text.js');
      const entries = benchmarkCatalogue();
      process.stdout.write(json ? `${JSON.stringify(entries)}\n` : `${benchmarkTable(entries).join('\n')}\n`);
    });
}

function registerGet(benchmark: Command): void {
  benchmark
    .command('get')
    .description('Fetches a public set, or another repository of the hub. A broken download goes on where it stopped.')
    .argument('<name>', 'a set of the list, or OWNER/NAME of the hub')
    .option('--name <name>', 'what it is to be called here')
    .option('--config <name>', 'the configuration, where a repository has several')
    .option('--split <name>', 'the split, where a repository has several')
    .option('--revision <revision>', 'branch, tag or commit of the repository (default: main)')
    .option('--fresh', 'ask the hub even where it is here or in the Hugging Face cache')
    .addOption(jsonOption('print what came as JSON'))
    .action(async (name: string, { json, ...options }: Options) => {
      const { getBenchmark } = await import('../../benchmarks/get.js');
      const { hubSettings } = await import('../../hub/settings.js');
      const { PATIENCE } = await import('../../hub/retry.js');
      const { interruptible } = await import('../interruptible.js');
      const { fetchNotes, gotText } = await import('../view/benchmark-text.js');
      const notes = fetchNotes(process.stderr);
      try {
        const got = await interruptible(
          (signal) =>
            getBenchmark(name, { ...options, ...notes.hooks, settings: hubSettings(), patience: PATIENCE, signal }),
          'What has come is kept: the same command goes on from there.',
        );
        notes.clear();
        process.stdout.write(json ? `${JSON.stringify(got)}\n` : `${gotText(got).join('\n')}\n`);
      } finally {
        notes.clear();
      }
    });
}

function registerAdd(benchmark: Command): void {
  benchmark
    .command('add')
    .description('Keeps a copy of a file of questions under a name that the app and every recipe know.')
    .argument(
      '<file>',
      'JSONL, JSON, CSV, TSV or Parquet with "question" and "answer" or a public set\'s columns; or SET=FILE',
    )
    .option('--name <name>', "what it is to be called (default: the file's name)")
    .addOption(jsonOption('print what was added as JSON'))
    .action(async (file: string, { name, json }: Options) => {
      const { addBenchmark } = await import('../../benchmarks/get.js');
      const { gotText } = await import('../view/benchmark-text.js');
      const got = await addBenchmark(file, name);
      process.stdout.write(json ? `${JSON.stringify(got)}\n` : `${gotText({ ...got, from: 'file' }).join('\n')}\n`);
    });
}

function registerShow(benchmark: Command): void {
  benchmark
    .command('show')
    .description(
      'Shows a few questions with their true answers and how these were read. Reads the whole of it, so that faults are told.',
    )
    .argument('<name>', 'a benchmark, a file or SET=FILE')
    .option('--rows <n>', 'how many questions', positiveNumber, 3)
    .addOption(jsonOption('print them as JSON'))
    .action(async (name: string, { json, rows = 3 }: Options) => {
      const { lookInto } = await import('../../benchmarks/catalogue.js');
      const { benchmarkText } = await import('../view/benchmark-text.js');
      const look = await lookInto(name, rows);
      process.stdout.write(json ? `${JSON.stringify(look)}\n` : `${benchmarkText(look).join('\n')}\n`);
    });
}
