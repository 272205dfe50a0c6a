/** What every command takes that makes a run from a recipe and follows it. */
import type { Command } from 'commander';
import type { BackendChoice } from '../../preload/contract/runs.js';
import { backendOption, collect, dataDirOption, jsonOption, runName, wholeNumber } from './options.js';

export interface NewRunOptions {
  readonly set: string[];
  readonly seed?: number;
  readonly name?: string;
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

export function withNewRunOptions(command: Command): Command {
  return command
    .option('--set <key=value>', 'change a value of the recipe; may be given again', collect, [])
    .option('--seed <n>', "the run's seed (default: the recipe's)", wholeNumber)
    .option('--name <name>', "a name of your own (default: the run's id)", runName)
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print the events, one JSON object a line'));
}
