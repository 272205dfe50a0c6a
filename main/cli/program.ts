/** The command line as a whole: commands, help, and how failures become one clear line and an exit code. */
import { Command, CommanderError } from 'commander';
import { describeError, exitCodeOf } from '../lib/errors.js';
import { registerBenchmark } from './commands/benchmark.js';
import { registerCompare } from './commands/compare.js';
import { registerDelete } from './commands/delete.js';
import { registerDomain } from './commands/domain.js';
import { registerCheck } from './commands/check.js';
import { registerDoctor } from './commands/doctor.js';
import { registerEval } from './commands/eval.js';
import { registerExport } from './commands/export.js';
import { registerExportModel } from './commands/export-model.js';
import { registerFork } from './commands/fork.js';
import { registerGenerate } from './commands/generate.js';
import { registerGrade } from './commands/grade.js';
import { registerJudge } from './commands/judge.js';
import { registerKey } from './commands/key.js';
import { registerLogits } from './commands/logits.js';
import { registerModel } from './commands/model.js';
import { registerOracles } from './commands/oracles.js';
import { registerPause } from './commands/pause.js';
import { registerPrune } from './commands/prune.js';
import { registerQueue } from './commands/queue.js';
import { registerResume } from './commands/resume.js';
import { registerRollouts } from './commands/rollouts.js';
import { registerRun } from './commands/run.js';
import { registerRuns } from './commands/runs.js';
import { registerServe } from './commands/serve.js';
import { registerSft } from './commands/sft.js';
import { registerShow } from './commands/show.js';
import { registerStart } from './commands/start.js';
import { registerStudy } from './commands/study.js';
import { packageVersion } from '../lib/version.js';

/** Commands hand their exit code over here. */
export interface Shell {
  exitCode: 0 | 1 | 2;
}

function createProgram(shell: Shell): Command {
  const program = new Command('rzero')
    .description('A laboratory in which language models teach themselves (R-Zero, arXiv 2508.05004).')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help to see what is possible.')
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  for (const register of [
    registerRun,
    registerCheck,
    registerSft,
    registerPause,
    registerResume,
    registerFork,
    registerRuns,
    registerQueue,
    registerStudy,
    registerShow,
    registerServe,
    registerStart,
    registerEval,
    registerModel,
    registerBenchmark,
    registerDomain,
    registerCompare,
    registerGrade,
    registerJudge,
    registerOracles,
    registerKey,
    registerRollouts,
    registerExport,
    registerExportModel,
    registerGenerate,
    registerLogits,
    registerDoctor,
    registerPrune,
    registerDelete,
  ]) {
    register(program, shell);
  }
  return program;
}

const EXAMPLES = `
Examples:
  $ rzero run nano                     train the shipped nano model for three iterations
  $ rzero runs                         what has been run
  $ rzero show last                    the newest run: plots and table
  $ rzero serve --open                 the lab in a browser
  $ rzero doctor                       what this machine can compute with

Exit codes: 0 done or paused, 1 failed, 2 wrong use. RZERO_DEBUG=1 shows where an error came from.`;

export async function runProgram(args: readonly string[]): Promise<0 | 1 | 2> {
  const shell: Shell = { exitCode: 0 };
  const program = createProgram(shell);
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return 2;
    }
    await program.parseAsync([...args], { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    // commander has said on stderr what is wrong, or on stdout the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const debug = process.env.RZERO_DEBUG === '1' && error instanceof Error;
    process.stderr.write(`rzero: ${debug ? `${describeError(error)}\n${error.stack ?? ''}` : describeError(error)}\n`);
    return exitCodeOf(error);
  }
}
