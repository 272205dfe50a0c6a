/** `rzero judge RUN`: has a judge model say which pseudo-labels, or which answers, are right. */
import { Option, type Command } from 'commander';
import type { JudgePlan } from '../../../preload/contract/oracles.js';
import { LabError } from '../../lib/errors.js';
import type { Judge, JudgeProgress } from '../../oracles/judge.js';
import { judgeRequest, keyName, keyVariable, temperatureOf, type JudgeOptions } from '../judge-options.js';
import { dataDirOption, jsonOption, positiveNumber, realNumber, wholeNumber } from '../options.js';

const EXAMPLES = `
Examples:
  $ rzero judge last --endpoint http://127.0.0.1:8000/v1 --model my-model --dry-run
  $ rzero judge last --endpoint https://host/v1 --model NAME --key-env HOST_KEY --budget-requests 500
  $ rzero judge last --endpoint https://host/v1 --model NAME --questions answers
  $ rzero judge last --endpoint https://host/v1 --model NAME --all --rate 60 \\
      --budget-usd 5 --price-input 0.15 --price-output 0.60

A verdict is one of correct, wrong, ambiguous, unsolvable; what cannot be decided is undecided and in no share. Called
again, it goes on: nothing that has an answer is asked twice, and a larger sample of the same seed holds the smaller one.
The key comes from RZERO_JUDGE_KEY, from the variable that --key-env names, or from the key store (rzero key set NAME).
Exit codes: 0 done, paused or the budget spent; 1 the endpoint is of no use, or left questions
without an answer; 2 wrong use.`;

export function registerJudge(program: Command): void {
  const command = program
    .command('judge')
    .summary('have a judge model check labels or answers')
    .description(
      'Asks a model at an OpenAI-compatible endpoint which pseudo-labels are right, or which evaluation answers that the rules called wrong are right after all. It only measures: no run changes.',
    )
    .argument('<run>', "a run's id, the beginning of it, its name, or 'last'")
    .requiredOption('--endpoint <url>', 'such as https://host/v1 or http://127.0.0.1:8000/v1')
    .requiredOption('--model <name>', 'as the endpoint calls it')
    .addOption(new Option('--questions <what>', 'what is judged').choices(['labels', 'answers']).default('labels'))
    .option('--iteration <n>', 'only of this iteration', wholeNumber)
    .option('--sample <n>', 'at random, of each iteration (labels: 200 unless said otherwise)', positiveNumber)
    .option('--all', 'all of them (the default for answers)')
    .option('--seed <n>', 'of the sample', wholeNumber, 0)
    .option('--budget-requests <n>', 'stop before more requests', positiveNumber)
    .option('--budget-tokens <n>', 'stop before more tokens', positiveNumber)
    .option('--budget-usd <x>', 'stop before more dollars; needs both prices', realNumber)
    .option('--price-input <x>', 'dollars per million tokens', realNumber)
    .option('--price-output <x>', 'dollars per million tokens', realNumber);
  addHow(command)
    .option('--dry-run', 'say how many requests it would take, and send nothing')
    .addOption(dataDirOption())
    .addOption(jsonOption('print what was done as JSON'))
    .addHelpText('after', EXAMPLES)
    .action(judgeRun);
}

/** How it is asked. */
function addHow(command: Command): Command {
  const field = new Option('--token-field <name>', 'what the endpoint calls that bound');
  return command
    .option('--concurrency <n>', 'requests at a time', positiveNumber, 4)
    .option('--rate <n>', 'requests a minute at the most', positiveNumber)
    .option('--timeout <seconds>', 'for one request', realNumber, 120)
    .option('--attempts <n>', 'for one question', positiveNumber, 5)
    .option('--temperature <t>', 'a number, or none to leave it out', temperatureOf, 0)
    .option('--max-tokens <n>', 'of an answer', positiveNumber, 1024)
    .addOption(field.choices(['max_tokens', 'max_completion_tokens']).default('max_tokens'))
    .option('--prompt <file>', 'a prompt of your own, with {question} and {label} (or {truth} and {answer})')
    .option('--key-env <name>', 'the variable that holds the key', keyVariable)
    .option('--key <name>', 'a key of the key store, by its name', keyName)
    .option('--allow-http', 'send a key unencrypted to another machine')
    .option('--retry-undecided', 'ask again what was answered without a verdict');
}

async function judgeRun(query: string, options: JudgeOptions): Promise<void> {
  const { withDatabase } = await import('../with-database.js');
  const { Judge } = await import('../../oracles/judge.js');
  const { readPrompt } = await import('../read-prompt.js');
  const prompt = options.prompt === undefined ? null : readPrompt(options.prompt);
  await withDatabase(options.dataDir, query, async (db, run) => {
    const request = judgeRequest(run.id, options, prompt);
    const judge = new Judge({ dataDir: db.dataDir, use: (work) => work(db) }, request);
    if (options.dryRun) await say(judge.plan(), options);
    else await work(judge, { options, run: run.id });
  });
}

async function say(plan: JudgePlan, options: JudgeOptions): Promise<void> {
  const { planText } = await import('../view/judge-text.js');
  process.stdout.write(`${options.json ? JSON.stringify(plan) : planText(plan, options.questions).join('\n')}\n`);
}

async function work(judge: Judge, { options, run }: { options: JudgeOptions; run: string }): Promise<void> {
  const { keyOf } = await import('../../endpoints/keys/key-of.js');
  const { SystemKeys } = await import('../../endpoints/keys/system-keys.js');
  const { resting } = await import('../resting.js');
  const { progressNote } = await import('../view/evaluation-text.js');
  const { doneText } = await import('../view/judge-text.js');
  const source =
    options.key === undefined
      ? ({ kind: 'environment', variable: options.keyEnv ?? 'RZERO_JUDGE_KEY' } as const)
      : ({ kind: 'store', name: options.key } as const);
  const key = await keyOf(source, new SystemKeys());
  const note = progressNote(process.stderr);
  let progress: JudgeProgress | undefined;
  const told = (now: JudgeProgress): void => {
    progress = now;
    note.show(now.decided, now.total);
  };
  const finish = (state: string): void => {
    note.clear();
    if (!progress) return;
    const done = { run, state, host: judge.endpoint.host, ...progress };
    process.stdout.write(`${options.json ? JSON.stringify(done) : doneText(done).join('\n')}\n`);
  };
  let state: string;
  try {
    state = await resting((stop) => judge.work(key, stop, told));
    finish(state);
  } catch (error) {
    // What was recorded before it failed is worth saying too.
    finish('failed');
    throw error;
  }
  requireAnswered(progress, state);
}

/** A script that goes on by the exit code must not take silence for an answer. */
function requireAnswered(progress: JudgeProgress | undefined, state: string): void {
  if (state !== 'done' || !progress || progress.left === 0) return;
  throw new LabError('network', `${progress.left} of ${progress.total} questions got no answer: ${progress.trouble}.`, {
    remedy: 'Look at the endpoint, then call again: only these are asked.',
  });
}
